/**
 * The directory as this node knows it (wire format 7): statements taken from the compacted topic, each recorded in the
 * ledger, and read back from there at start, so that a node whose broker is away still knows who is who.
 *
 * A statement whose `recordedtime` is too far ahead of the node's clock is not taken yet: taken, it would silence its
 * registrar until that time. It waits in memory, the latest few, and is judged again with every batch and by
 * {@link DirectoryDesk.retryEarly}; after a start the topic gives it once more. Proved by `read-directory.spec.ts`.
 */
import {
  emptyDirectory,
  findKey,
  takeStatement,
  takeStatements,
  type Directory,
  type RegistrarKey,
  type StatementAlarm,
} from '#libs/directory';
import { judgeAlone, type PassedAlone, type RefusedAlone } from '#libs/exchange';
import type { SealedMessage } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

export interface DirectoryRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

type Fate = 'taken' | 'early' | 'refused';

/** More than a registrar states in a day; forgeries pass no signature, so nobody else fills this. */
const EARLY_KEPT = 200;

/** What somebody has to do; the other alarms leave a directory that is good as it stands. */
const ADVICE: Partial<Record<StatementAlarm, string>> = {
  NOT_STATED_IN_FULL: 'the registrar must state this node again with its own key: until then it is unknown here',
};
const adviceOn = (alarm: StatementAlarm): { readonly advice?: string } =>
  ADVICE[alarm] === undefined ? {} : { advice: ADVICE[alarm] };

export class DirectoryDesk {
  private now: Directory;
  private early: readonly DirectoryRecord[] = [];

  constructor(trusted: readonly RegistrarKey[]) {
    this.now = emptyDirectory(trusted);
  }

  get current(): Directory {
    return this.now;
  }

  /** What the ledger has of it, in log order. */
  async restore(services: Pick<NodeServices, 'store'>): Promise<number> {
    const stored = (await services.store.readDirectory()).map(openStored);
    this.now = takeStatements(this.now, stored).directory;
    return stored.length;
  }

  /** Takes records in order. Gives how many were taken; what is not taken is reported with its alarm. */
  async take(services: NodeServices, records: readonly DirectoryRecord[]): Promise<number> {
    let taken = 0;
    for (const record of [...this.early, ...records]) {
      if (record.value === null) continue;
      const fate = await this.takeOne(services, record);
      this.noteEarly(record, fate === 'early');
      if (fate === 'taken') taken += 1;
    }
    if (taken > 0) services.bell.ring();
    return taken;
  }

  /** Judges again what came too early. Gives how many were taken. */
  async retryEarly(services: NodeServices): Promise<number> {
    return this.early.length === 0 ? 0 : this.take(services, []);
  }

  private noteEarly(record: DirectoryRecord, isEarly: boolean): void {
    const others = this.early.filter((other) => other !== record);
    this.early = isEarly ? [...others, record].slice(-EARLY_KEPT) : others;
  }

  private async takeOne(services: NodeServices, record: DirectoryRecord): Promise<Fate> {
    const judged = this.judge(services, record);
    if (!judged.ok) {
      services.report({
        code: 'DIRECTORY_STATEMENT_REFUSED',
        details: { stage: judged.stage, why: judged.code, subject: judged.subject },
      });
      return 'refused';
    }
    if (judged.tooEarly !== undefined) return 'early';
    const taking = takeStatement(this.now, judged.sealed);
    if (!taking.taken) {
      if (taking.alarm && !(await this.wasTaken(services, judged.sealed)))
        services.report({
          code: 'DIRECTORY_ALARM',
          details: { alarm: taking.alarm, subject: judged.sealed.message.subject, ...adviceOn(taking.alarm) },
        });
      return 'refused';
    }
    await this.record(services, judged.sealed);
    this.now = taking.directory;
    return 'taken';
  }

  /** A topic that was not compacted yet gives older statements again at each start. */
  private async wasTaken(services: NodeServices, { hash }: SealedMessage): Promise<boolean> {
    return (await services.store.findByHash([hash])).size > 0;
  }

  private judge(services: NodeServices, record: DirectoryRecord): PassedAlone | RefusedAlone {
    return judgeAlone(record, {
      sha256: services.sha256,
      verify: services.verify,
      known: services.contracts.knownTypes(),
      now: services.clock.now(),
      findKey: (kind, keyId) => findKey(this.now, kind, keyId),
    });
  }

  private async record(services: NodeServices, sealed: SealedMessage): Promise<void> {
    const verdict = await services.store.append({
      messages: [{ sealed, effect: 'extends' }],
      streams: [],
      deliveries: [],
    });
    if (verdict.kind !== 'appended' && verdict.kind !== 'repeat')
      services.report({ code: 'DIRECTORY_NOT_RECORDED', details: { verdict: verdict.kind } });
  }
}
