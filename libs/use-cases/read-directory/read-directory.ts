/**
 * The directory as this node knows it (wire format 7): statements taken from the compacted topic, each recorded in the
 * ledger, and read back from there at start, so that a node whose broker is away still knows who is who.
 */
import { emptyDirectory, takeStatement, takeStatements, type Directory, type RegistrarKey } from '#libs/directory';
import { findKey } from '#libs/directory';
import { judgeAlone } from '#libs/exchange';
import type { SealedMessage } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

export interface DirectoryRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export class DirectoryDesk {
  private now: Directory;

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
    for (const record of records) {
      if (record.value === null) continue;
      if (await this.takeOne(services, record)) taken += 1;
    }
    if (taken > 0) services.bell.ring();
    return taken;
  }

  private async takeOne(services: NodeServices, record: DirectoryRecord): Promise<boolean> {
    const judged = judgeAlone(record, {
      sha256: services.sha256,
      verify: services.verify,
      known: services.contracts.knownTypes(),
      now: services.clock.now(),
      findKey: (kind, keyId) => findKey(this.now, kind, keyId),
    });
    if (!judged.ok) {
      services.report({
        code: 'DIRECTORY_STATEMENT_REFUSED',
        details: { stage: judged.stage, why: judged.code, subject: judged.subject },
      });
      return false;
    }
    const taking = takeStatement(this.now, judged.sealed);
    if (!taking.taken) {
      if (taking.alarm)
        services.report({
          code: 'DIRECTORY_ALARM',
          details: { alarm: taking.alarm, subject: judged.sealed.message.subject },
        });
      return false;
    }
    await this.record(services, judged.sealed);
    this.now = taking.directory;
    return true;
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
