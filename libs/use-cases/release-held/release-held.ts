/**
 * Messages judged again because something has changed: the clock (TOO_EARLY), the directory (DIRECTORY_BEHIND, and what was
 * quarantined for a key or a right that a later version may give), or an operator's recorded act.
 *
 * Promises: a message leaves the hold or the quarantine only into the ledger, or from one into the other; none is lost
 * when another process is quicker. Proved by `directory-catches-up.int.spec.ts`.
 */
import { judgeAlone } from '#libs/exchange';
import { DomainError, encodeUtf8, instantToMs } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import type { ArrivedRecord, IngestSummary } from '../ingest-mailbox/arrived.ts';
import { borderDeps } from '../ingest-mailbox/border-deps.ts';
import { planRecords } from '../ingest-mailbox/plan-records.ts';
import { recordPlan } from '../ingest-mailbox/record-plan.ts';
import type { NodeServices } from '../node-services.ts';
import { GrowingPauses } from '../growing-pauses.ts';
import type { Arrival, HeldMessage, QuarantineRow } from '../ports/index.ts';
import { becameOf, withoutAgain } from './became.ts';

const PAGE = 500;
/** Wire format 6: judged again whenever a later directory version is read. */
const JUDGED_AGAIN = ['KEY_UNKNOWN', 'KEY_NOT_VALID_THEN', 'KEY_REVOKED', 'NOT_ENTITLED'];

/** One that cannot be judged for a fault of the program keeps no other waiting, and is looked at ever more rarely. */
const PAUSES = { firstMs: 5_000, longestMs: 600_000 };
const pausesOf = new WeakMap<NodeServices['lately'], GrowingPauses>();

/** Held messages whose time, directory version or predecessor has come, a page of them. A conflict leaves them for the next look. */
export async function releaseHeld(services: NodeServices): Promise<IngestSummary | undefined> {
  const pauses = pausesOf.get(services.lately) ?? new GrowingPauses(PAUSES);
  pausesOf.set(services.lately, pauses);
  const nowMs = instantToMs(services.wallClock.now());
  const due = await services.store.findHeldDue(services.clock.now(), services.directory().version, PAGE);
  return releaseTogetherOrAlone(
    services,
    due.filter(({ hash }) => !pauses.waits(hash, nowMs)),
    ({ hash, subject }, error) => {
      pauses.putOff(hash, nowMs);
      services.report({ code: 'HELD_NOT_JUDGED', details: { hash, subject, error } });
    },
  );
}

async function releaseTogetherOrAlone(
  services: NodeServices,
  due: readonly HeldMessage[],
  failed: (held: HeldMessage, error: unknown) => void,
): Promise<IngestSummary | undefined> {
  const [first] = due;
  if (!first) return undefined;
  try {
    return await releaseDue(services, due);
  } catch (error) {
    if (error instanceof DomainError && error.details['retryable'] === true) throw error;
    if (due.length === 1) {
      failed(first, error);
      return undefined;
    }
    const half = due.length >> 1;
    const before = await releaseTogetherOrAlone(services, due.slice(0, half), failed);
    return (await releaseTogetherOrAlone(services, due.slice(half), failed)) ?? before;
  }
}

async function releaseDue(services: NodeServices, due: readonly HeldMessage[]): Promise<IngestSummary | undefined> {
  const arrived = due.map((held) => judgeAgain(services, held));
  const plan = await planRecords(services, arrived, due);
  const { verdict } = await recordPlan(services, { arrived, plan });
  if (verdict.kind === 'conflict') return undefined;
  await answerExchange(services, arrived, plan.freedExchange);
  services.bell.ring();
  return plan.summary;
}

/** After a later directory version: the whole quarantine, page by page. Gives how many left it. */
export async function judgeQuarantinedAgain(services: NodeServices): Promise<number> {
  let left = 0;
  for (let after = 0; ;) {
    const rows = await services.store.findQuarantineByCodes(JUDGED_AGAIN, PAGE, after);
    const last = rows.at(-1);
    if (!last) return left;
    const released = await release(services, rows);
    left += released.filter(({ code }) => code === undefined).length;
    after = last.id;
  }
}

export interface Released {
  readonly id: number;
  /** Undefined: believed now, recorded or held. */
  readonly code?: string;
}

const ATTEMPTS = 20;

/** Judges quarantined messages again; those that pass leave, the others stay as they were. */
export async function release(services: NodeServices, rows: readonly QuarantineRow[]): Promise<readonly Released[]> {
  let left = rows;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const released = await releaseOnce(services, left);
    if (released) return released;
    // Others have written meanwhile: perhaps they took some of these.
    left = await stillThere(services, left);
  }
  return left.map(({ id, code }) => ({ id, code }));
}

async function stillThere({ store }: NodeServices, rows: readonly QuarantineRow[]): Promise<readonly QuarantineRow[]> {
  const [first, codes] = [rows[0]?.id ?? 0, [...new Set(rows.map(({ code }) => code))]];
  const last = rows.at(-1)?.id ?? 0;
  const there = new Set<number>();
  for (let after = first - 1; after < last;) {
    const page = await store.findQuarantineByCodes(codes, PAGE, after);
    for (const { id } of page) there.add(id);
    after = page.at(-1)?.id ?? last;
  }
  return rows.filter(({ id }) => there.has(id));
}

async function releaseOnce(
  services: NodeServices,
  rows: readonly QuarantineRow[],
): Promise<readonly Released[] | undefined> {
  const judged = rows.map((row) => ({ row, arrived: judgeAgain(services, row) }));
  const passing = judged.filter(({ arrived }) => arrived.judged.ok);
  const arrived = passing.map((one) => one.arrived);
  const plan = await planRecords(services, arrived);
  const became = await becameOf(services, arrived, plan);
  const left = passing.filter((_, at) => became[at]?.became !== 'failed').map(({ row }) => row.id);
  if (left.length > 0) {
    const { verdict } = await recordPlan(services, { arrived, plan: withoutAgain(plan, arrived) }, { released: left });
    if (verdict.kind === 'conflict') return undefined;
    await answerExchange(services, arrived, plan.freedExchange);
    services.bell.ring();
  }
  return judged.map(({ row, arrived: one }) => {
    if (!one.judged.ok) return { id: row.id, code: one.judged.code };
    const outcome = became[arrived.indexOf(one)];
    return { id: row.id, ...(outcome?.became === 'failed' ? { code: outcome.code } : {}) };
  });
}

interface Kept {
  readonly recordKey: string;
  readonly bytes: Uint8Array;
  readonly arrival: Arrival;
}

export function judgeAgain(services: NodeServices, { recordKey, bytes, arrival }: Kept): ArrivedRecord {
  const key = encodeUtf8(recordKey);
  const record = { partition: 0, offset: '0', key, value: bytes, headers: {} };
  return { record, arrival, judged: judgeAlone({ key, value: bytes }, borderDeps(services)) };
}
