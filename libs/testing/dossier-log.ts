/** A log in memory for tests of what follows one: dossiers' events made from the contracts' examples, signed by nobody. */
import { randomUUID } from 'node:crypto';
import { findContract } from '#libs/contracts';
import type { Hash, Instant, JsonObject, SealedMessage, Subject } from '#libs/kernel';
import type { EventStore, StoredMessage } from '#libs/use-cases';
import { someCommand, someEvent } from './builders.ts';

export interface EventWanted {
  /** Agency code; the commune of the builders if absent. */
  readonly by?: string;
  readonly data?: JsonObject;
  /** `data` is all there is: nothing of the example. */
  readonly whole?: boolean;
  /** The event before it; the last one logged of the stream if absent. */
  readonly after?: SealedMessage;
  readonly effect?: StoredMessage['effect'];
}

const START = Date.parse('2023-06-14T02:00:00.000Z');
const MINUTE = 60_000;

export class DossierLog implements Pick<EventStore, 'readLog' | 'readStream' | 'appended'> {
  readonly messages: StoredMessage[] = [];
  readonly #sealed = new Map<Hash, SealedMessage>();
  readonly #last = new Map<Subject, SealedMessage>();

  /** A dossier that begins with `received`, or another event. */
  begin(name = 'received', wanted: EventWanted = {}): Subject {
    const subject = `dossier/${wanted.by ?? 'H26.129.05'}/${randomUUID()}` as Subject;
    this.log(subject, name, wanted);
    return subject;
  }

  /** The last event logged of a stream. */
  last(subject: Subject): SealedMessage {
    return this.#last.get(subject) as SealedMessage;
  }

  /** One more event of a stream, a minute after the one before it in the log. */
  log(
    subject: Subject,
    name: string,
    { by = 'H26.129.05', data = {}, whole = false, after, effect = 'extends' }: EventWanted = {},
  ): SealedMessage {
    const time = new Date(START + this.messages.length * MINUTE).toISOString();
    const before = after ?? this.#last.get(subject);
    const members = {
      source: `urn:lienthong:agency:${by}`,
      time,
      recordedtime: time,
      data: { ...(whole ? {} : findContract('dossier', name, 1)?.example), ...data },
    };
    const sealed = someEvent(subject, { name, ...(before && { after: before }), members });
    this.#sealed.set(sealed.hash, sealed);
    this.#last.set(subject, sealed);
    this.#append(sealed, effect);
    return sealed;
  }

  /** An entry that is no event. */
  logCommand(subject: Subject): void {
    this.#append(someCommand(subject), 'extends');
  }

  #append(sealed: SealedMessage, effect: StoredMessage['effect']): void {
    const logIndex = this.messages.length;
    this.messages.push({
      logIndex,
      appendedAt: new Date(START + logIndex * MINUTE).toISOString() as Instant,
      arrival: { kind: 'local' },
      effect,
      softwareVersion: 'test',
      class: sealed.class,
      hash: sealed.hash,
      bytes: sealed.bytes,
    });
  }

  async readLog(after: number, limit: number): Promise<readonly StoredMessage[]> {
    return this.messages.slice(after + 1, after + 1 + limit);
  }

  async readStream(subject: Subject): Promise<readonly StoredMessage[]> {
    return this.messages.filter(({ hash }) => this.#sealed.get(hash)?.message.subject === subject);
  }

  async appended(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
