/**
 * A batch of a redrive of held, parked, undeliverable or limbo: each item tried by itself, so that one which fails keeps no
 * other; then one event names those that became something, and the job, and has its start as its cause.
 *
 * Promises: an item is tried once by a job (again, harmlessly, after a process ended in the middle of its batch); what comes
 * into trouble after the job began is another job's; a process whose lease has passed on notes nothing that counts. Proved by
 * `redrive-trouble.int.spec.ts`.
 */
import { pauseAfterBatch, type RedriveTry } from '#libs/exchange';
import { DomainError, type Hash, type JsonObject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { RedriveJob, RedriveLease, RedriveStore, TroubleRow } from '../ports/index.ts';
import { recordNoted } from '../record-operation/record-noted.ts';
import { causeOf } from '../redrive-quarantined/cause-of.ts';
import { selectTrouble, type SelectionGround, type TroubleSelection } from './select-trouble.ts';
import type { TroubleTries } from './try-again.ts';

type Tried = Omit<RedriveTry, 'job'>;
type TriedItem = Tried & { readonly row: TroubleRow };

export interface ItemsGround extends SelectionGround {
  readonly services: NodeServices;
  readonly store: RedriveStore;
  readonly tries: TroubleTries;
}
export interface ItemsJob extends RedriveJob {
  readonly selection: TroubleSelection;
}

/** Gives how many were tried. */
export async function redriveItems(ground: ItemsGround, job: ItemsJob, lease: RedriveLease): Promise<number> {
  const { store } = ground;
  const { selection, batch, perMinute, startedAt } = job;
  const rows = await selectTrouble(ground, selection, { after: lease.doneKey, before: startedAt, limit: batch });
  const tried: TriedItem[] = [];
  for (const [at, row] of rows.entries()) tried.push(await tryOne(ground, job, { row, number: lease.doneTo + at + 1 }));
  if (!(await store.holdsLease(lease))) return 0;
  await note(ground, job, { lease, tried });
  const last = rows.at(-1);
  await store.settleLease(lease, {
    doneTo: lease.doneTo + rows.length,
    ...(last && { doneKey: last.key }),
    pauseMs: pauseAfterBatch(rows.length, perMinute),
    finished: rows.length < batch,
  });
  return rows.length;
}

async function tryOne(
  { services, tries }: ItemsGround,
  { job, selection: { kind } }: ItemsJob,
  { row, number }: { readonly row: TroubleRow; readonly number: number },
): Promise<TriedItem> {
  const { key, reason: was, subject, hash } = row;
  const item = { key, was, ...(subject === undefined ? {} : { subject }), ...(hash === undefined ? {} : { hash }) };
  try {
    return { number, item, row, ...(await tries.again(kind, row)) };
  } catch (error) {
    services.report({ code: 'REDRIVE_FAILED', details: { job, hash, kind, error } });
    return { number, item, row, became: 'failed', code: error instanceof DomainError ? error.code : 'INTERNAL' };
  }
}

async function note(
  { services, store }: ItemsGround,
  job: ItemsJob,
  { lease, tried }: { readonly lease: RedriveLease; readonly tried: readonly TriedItem[] },
): Promise<void> {
  const plain = (items: readonly TriedItem[]): readonly Tried[] => items.map(({ row: _, ...one }) => one);
  const became = tried.filter((one) => one.became !== 'failed' && one.became !== 'gone');
  if (became.length > 0) {
    const cause = await causeOf(services, job.started);
    const act = {
      agency: job.agency,
      actor: { authtype: 'system', authid: 'redrive' },
      correlationId: job.correlationId,
      ...cause,
      facts: [{ type: 'trouble-redriven', data: { job: job.job, kind: job.selection.kind, items: became.map(named) } }],
    } as const;
    const noted = (event: Hash): Promise<void> => store.noteTries(lease, plain(became), event);
    await recordNoted<undefined>(
      services,
      async () => ({ act, note: noted }),
      async () => undefined,
    );
  }
  await store.noteTries(lease, plain(tried.filter((one) => !became.includes(one))));
}

const named = ({ number, became, row: { hash, subject, peer } }: TriedItem): JsonObject => ({
  item: number,
  ...(hash === undefined ? {} : { message: hash }),
  ...(subject === undefined ? {} : { stream: subject }),
  ...(peer === undefined ? {} : { peer }),
  became,
});
