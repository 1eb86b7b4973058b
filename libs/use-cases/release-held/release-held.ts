/**
 * Messages judged again because something has changed: the clock (TOO_EARLY), the directory (DIRECTORY_BEHIND, and what was
 * quarantined for a key or a right that a later version may give), or an operator's recorded act.
 */
import { judgeAlone } from '#libs/exchange';
import { encodeUtf8 } from '#libs/kernel';
import type { ArrivedRecord, IngestSummary } from '../ingest-mailbox/arrived.ts';
import { borderDeps } from '../ingest-mailbox/border-deps.ts';
import { planRecords } from '../ingest-mailbox/plan-records.ts';
import type { NodeServices } from '../node-services.ts';
import type { Arrival, QuarantineRow } from '../ports/index.ts';

const PAGE = 500;
/** Wire format 6: judged again whenever a later directory version is read. */
const JUDGED_AGAIN = ['KEY_UNKNOWN', 'KEY_NOT_VALID_THEN', 'KEY_REVOKED', 'NOT_ENTITLED'];

/** Held messages whose time or directory version has come. */
export async function releaseHeld(services: NodeServices): Promise<IngestSummary | undefined> {
  const due = await services.store.findHeldDue(services.clock.now(), services.directory().version, PAGE);
  if (due.length === 0) return undefined;
  const arrived = due.map((held) => judgeAgain(services, held));
  const plan = await planRecords(services, arrived);
  const stillHeld = new Set(plan.batch.held.map(({ hash }) => hash));
  const unheld = [...plan.batch.unheld, ...due.map(({ hash }) => hash).filter((hash) => !stillHeld.has(hash))];
  await services.store.record({ ...plan.batch, held: plan.batch.held, unheld: [...new Set(unheld)] });
  services.bell.ring();
  return plan.summary;
}

/** After a later directory version. */
export async function judgeQuarantinedAgain(services: NodeServices): Promise<void> {
  const rows = await services.store.findQuarantineByCodes(JUDGED_AGAIN, PAGE);
  if (rows.length > 0) await release(services, rows);
}

export interface Released {
  readonly id: number;
  /** Undefined: believed now, recorded or held. */
  readonly code?: string;
}

/** Judges quarantined messages again; those that pass leave, the others stay as they were. */
export async function release(services: NodeServices, rows: readonly QuarantineRow[]): Promise<readonly Released[]> {
  const judged = rows.map((row) => ({ row, arrived: judgeAgain(services, row) }));
  const passing = judged.filter(({ arrived }) => arrived.judged.ok);
  const plan = await planRecords(
    services,
    passing.map(({ arrived }) => arrived),
  );
  const refusedAgain = new Map(plan.batch.quarantined.map(({ hash, code }) => [hash, code]));
  const left = passing.filter(({ arrived }) => arrived.judged.ok && !refusedAgain.has(arrived.judged.sealed.hash));
  await services.store.record({ ...plan.batch, quarantined: [], released: left.map(({ row }) => row.id) });
  services.bell.ring();
  return judged.map(({ row, arrived }) => {
    const code = arrived.judged.ok ? refusedAgain.get(arrived.judged.sealed.hash) : arrived.judged.code;
    return { id: row.id, ...(code === undefined ? {} : { code }) };
  });
}

interface Kept {
  readonly recordKey: string;
  readonly bytes: Uint8Array;
  readonly arrival: Arrival;
}

function judgeAgain(services: NodeServices, { recordKey, bytes, arrival }: Kept): ArrivedRecord {
  const key = encodeUtf8(recordKey);
  const record = { partition: 0, offset: '0', key, value: bytes, headers: {} };
  return { record, arrival, judged: judgeAlone({ key, value: bytes }, borderDeps(services)) };
}
