/**
 * What a registrar has stated, kept beside its key: the last statement about each code with its very bytes. It is the
 * registrar's memory, not the topic: a topic that was lost is filled again from here, byte for byte.
 *
 * Promises, tried by `statement-register.spec.ts`: stating the same again makes nothing new; places of a code and
 * `recordedtime` over all codes only grow; what was signed is on disk before anybody can have received it; what the key of
 * the service has stated stands beside what it changed, until the registrar has stated it again itself (ADR 0013).
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sealMessage } from '#libs/exchange';
import { createIds, sha256 } from '#libs/key-custody';
import {
  canonicalize,
  DomainError,
  formatStreamSeq,
  instantToMs,
  isJsonObject,
  laterOf,
  msToInstant,
  schemaOf,
  typeOf,
  type Instant,
  type JsonObject,
  type Message,
} from '#libs/kernel';
import type { Ed25519Key } from './ed25519-file.ts';

/** The `data` of a full statement about one code. */
export interface Statement {
  readonly name: 'agency' | 'node';
  readonly data: JsonObject;
}
interface Signed {
  readonly streamseq: number;
  readonly recordedtime: Instant;
  /** base64 of the message as it is published. */
  readonly bytes: string;
  /** Cluster that last acknowledged it. */
  readonly publishedTo?: string;
}
export interface StatedRow extends Signed {
  readonly subject: string;
  /** What the registrar itself stated last, where its service has stated since: nobody believes the one without the other. */
  readonly inFull?: Signed;
}
export interface Stating {
  readonly registrar: string;
  readonly key: Ed25519Key;
  /** Whose key that is: the service's is believed nothing but a change of a node's `encryptionKeys`. */
  readonly as?: 'registrar' | 'service';
  /** Not earlier than this; later when the statement before was. */
  readonly at: Instant;
}

const FORMAT = 'lienthong/registrar/v1';
const SECOND_MS = 1000;

export class StatementRegister {
  private readonly path: string;
  private readonly byCode: Map<string, StatedRow>;
  private readonly ids = createIds();

  /** Opens the register in this file; one that is not there is empty. */
  constructor(path: string) {
    this.path = path;
    this.byCode = new Map(readRows(path).map((row) => [row.subject, row]));
  }

  /** In the order in which they were stated. */
  get rows(): readonly StatedRow[] {
    return [...this.byCode.values()].toSorted((a, b) => (a.recordedtime < b.recordedtime ? -1 : 1));
  }

  /** What a topic must hold for a newcomer, in the order in which it was stated. */
  get signed(): readonly (Signed & Pick<StatedRow, 'subject'>)[] {
    const all = this.rows.flatMap(({ inFull, ...last }) =>
      inFull ? [{ ...inFull, subject: last.subject }, last] : [last],
    );
    return all.toSorted((a, b) => (a.recordedtime < b.recordedtime ? -1 : 1));
  }

  /**
   * Signs what is new or differs from what was stated last, one second after the other; gives how many.
   * @throws DomainError `KEY_LIMITED` for what the service's key may not state
   */
  state(statements: readonly Statement[], stating: Stating): number {
    const changed = statements.filter(({ name, data }) => !this.says(subjectOf(name, data), data));
    if (stating.as === 'service') for (const statement of changed) this.refuseBeyondService(statement);
    return this.signAll(changed, stating);
  }

  /** With the registrar's own key, once more, what its service has stated since; gives how many. To be done while compaction leaves what it stated before (ADR 0013). */
  confirm(stating: Stating): number {
    const open = this.rows.filter(({ inFull }) => inFull !== undefined);
    return this.signAll(
      open.map((row) => ({ name: 'node', data: messageOf(row).data })),
      stating,
    );
  }

  markPublished(subjects: ReadonlySet<string>, publishedTo: string): void {
    for (const row of this.rows) {
      const inFull = row.inFull && { inFull: { ...row.inFull, publishedTo } };
      if (subjects.has(row.subject)) this.byCode.set(row.subject, { ...row, publishedTo, ...inFull });
    }
    this.save();
  }

  private signAll(statements: readonly Statement[], stating: Stating): number {
    for (const statement of statements) this.sign(statement, stating);
    if (statements.length > 0) this.save();
    return statements.length;
  }

  private refuseBeyondService({ name, data }: Statement): void {
    const subject = subjectOf(name, data);
    const row = this.byCode.get(subject);
    const rest = (stated: JsonObject): string => canonicalize({ ...stated, encryptionKeys: [] });
    if (name === 'node' && row && rest(messageOf(row).data) === rest(data)) return;
    throw new DomainError('KEY_LIMITED', 'the service may change nothing but the encryption keys of a node', {
      subject,
    });
  }

  private says(subject: string, data: JsonObject): boolean {
    const row = this.byCode.get(subject);
    return row !== undefined && canonicalize(messageOf(row).data) === canonicalize(data);
  }

  private sign({ name, data }: Statement, { registrar, key, at, as }: Stating): void {
    const subject = subjectOf(name, data);
    const recordedtime = this.nextTime(at);
    const before = this.byCode.get(subject);
    const streamseq = (before?.streamseq ?? 0) + 1;
    const { bytes } = sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: this.ids.uuid7(),
        source: `urn:lienthong:registrar:${registrar}`,
        type: typeOf('directory', name),
        subject,
        streamseq: formatStreamSeq(streamseq),
        time: recordedtime,
        recordedtime,
        datacontenttype: 'application/json',
        dataschema: schemaOf('directory', name),
        authtype: 'system',
        authid: `registrar-${registrar}`,
        keyid: key.kid,
        data,
      },
      key.sign,
      sha256,
    );
    const row = { subject, streamseq, recordedtime, bytes: Buffer.from(bytes).toString('base64') };
    const inFull = as === 'service' && before ? (before.inFull ?? signedOf(before)) : undefined;
    this.byCode.set(subject, { ...row, ...(inFull ? { inFull } : {}) });
  }

  private nextTime(at: Instant): Instant {
    const last = this.rows.at(-1)?.recordedtime;
    return last === undefined ? at : laterOf(at, msToInstant(instantToMs(last) + SECOND_MS));
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const beside = `${this.path}.${randomUUID()}`;
    try {
      const text = JSON.stringify({ format: FORMAT, statements: this.rows }, undefined, 1);
      writeFileSync(beside, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
      renameSync(beside, this.path);
    } finally {
      rmSync(beside, { force: true });
    }
  }
}

function subjectOf(name: Statement['name'], data: JsonObject): string {
  const about = data[name === 'agency' ? 'code' : 'node'];
  return `directory/${typeof about === 'string' ? about : ''}`;
}

const messageOf = (row: StatedRow): Message => JSON.parse(bytesOf(row).toString('utf8')) as Message;

const signedOf = ({ subject: _, inFull: __, ...signed }: StatedRow): Signed => signed;

export const bytesOf = ({ bytes }: Pick<Signed, 'bytes'>): Buffer => Buffer.from(bytes, 'base64');

function readRows(path: string): readonly StatedRow[] {
  if (!existsSync(path)) return [];
  const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isJsonObject(file) || file['format'] !== FORMAT) throw new Error(`${path} is no register of a registrar`);
  return file['statements'] as unknown as readonly StatedRow[];
}
