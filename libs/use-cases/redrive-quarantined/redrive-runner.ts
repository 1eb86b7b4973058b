/**
 * The loop that works on redrive jobs, a batch at a time; of quarantined messages here, of other kinds of trouble in
 * `redrive-trouble`: lease, read, judge again, record what is believed now together with
 * an event that names it and its job, note the tries, give the lease back with the moment of the next batch.
 *
 * Promises: a message leaves quarantine only for what became of it, in the transaction that records the lineage; what fails
 * again stays, its first outcome untouched, and is tried once by a job; a process that is killed at any point is followed by
 * another, which tries anew what was not confirmed; one that wakes after its lease has passed on changes nothing that
 * counts. Pauses, cancellations and the stop switch take hold between batches. Proved by `redrive.int.spec.ts`.
 */
import { pauseAfterBatch, redriveStateOf, type RedriveTry } from '#libs/exchange';
import { DomainError, type Hash, type JsonObject } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import type { ArrivedRecord } from '../ingest-mailbox/arrived.ts';
import { planRecords } from '../ingest-mailbox/plan-records.ts';
import { recordPlan } from '../ingest-mailbox/record-plan.ts';
import type { NodeServices } from '../node-services.ts';
import type { QuarantineRow, RedriveJob, RedriveLease, TroubleStore } from '../ports/index.ts';
import { planOperation } from '../record-operation/record-operation.ts';
import { becameOf, withoutAgain, type BecameAgain } from '../release-held/became.ts';
import { judgeAgain } from '../release-held/release-held.ts';
import { redriveItems, type ItemsGround } from '../redrive-trouble/redrive-items.ts';
import { isOfOtherKind } from '../redrive-trouble/select-trouble.ts';
import { TroubleTries, type Refold } from '../redrive-trouble/try-again.ts';
import type { ParkedDossiers } from '../see-trouble/see-trouble.ts';
import type { StopSwitches } from '../stop-loops/stop-switches.ts';
import { causeOf } from './cause-of.ts';

const LEASE_MS = 15_000;
const JOBS = 100;
const ATTEMPTS = 20;
/** After a fault, before the same batch is tried again. */
const PAUSE_MS = 5_000;

type Tried = Omit<RedriveTry, 'job'>;

export interface RunnerGround {
  readonly stops: StopSwitches;
  /** Names this process in leases. */
  readonly owner: string;
  /** Absent: no parked dossier is known here. */
  readonly parked?: { readonly dossiers: ParkedDossiers; readonly refold: Refold } | undefined;
}

export class RedriveRunner {
  private readonly services: NodeServices;
  private readonly store: TroubleStore;
  private readonly stops: StopSwitches;
  private readonly owner: string;
  private readonly items: ItemsGround;

  constructor(services: NodeServices, store: TroubleStore, { stops, owner, parked }: RunnerGround) {
    this.services = services;
    this.store = store;
    this.stops = stops;
    this.owner = owner;
    const tries = new TroubleTries(services, { reads: store, stops, refold: parked?.refold });
    this.items = { services, store, tries, reads: store, dossiers: parked?.dossiers };
  }

  /** One batch of every job that is due. Gives the number of messages tried. */
  async turn(): Promise<number> {
    let tried = 0;
    for (const job of await this.store.listDueJobs(JOBS)) {
      if (this.stops.isStopped({ loop: 'redrive' })) return tried;
      tried += await this.serve(job);
    }
    return tried;
  }

  private async serve(job: RedriveJob): Promise<number> {
    const state = redriveStateOf(
      job.acts.map(({ act }) => act),
      false,
    );
    if (state === 'paused') return 0;
    const lease = await this.store.leaseJob(job.job, this.owner, LEASE_MS);
    if (!lease) return 0;
    if (state === 'cancelled') {
      await this.store.settleLease(lease, { doneTo: lease.doneTo, pauseMs: 0, finished: true });
      return 0;
    }
    try {
      return await this.tryBatch(job, lease);
    } catch (error) {
      await this.store.settleLease(lease, { doneTo: lease.doneTo, pauseMs: PAUSE_MS, finished: false });
      throw error;
    }
  }

  private async tryBatch(job: RedriveJob, lease: RedriveLease): Promise<number> {
    const { selection, sum, batch, perMinute } = job;
    if (isOfOtherKind(selection)) return redriveItems(this.items, { ...job, selection }, lease);
    const rows = await this.store.readSelected(selection, lease.doneTo, sum.upTo, batch);
    if (!(await this.tryTogetherOrAlone(job, lease, rows))) return 0;
    await this.store.settleLease(lease, {
      doneTo: rows.at(-1)?.id ?? sum.upTo,
      pauseMs: pauseAfterBatch(rows.length, perMinute),
      finished: rows.length < batch,
    });
    return rows.length;
  }

  /** What goes wrong for good with all of them together goes wrong with one of them: the others are not to wait for it. */
  private async tryTogetherOrAlone(
    job: RedriveJob,
    lease: RedriveLease,
    rows: readonly QuarantineRow[],
  ): Promise<boolean> {
    try {
      return await this.tryRows(job, lease, rows);
    } catch (error) {
      if (isPassing(error)) throw error;
      if (rows.length === 1) {
        this.services.report({ code: 'REDRIVE_FAILED', details: { job: job.job, quarantine: rows[0]?.id, error } });
        const code = error instanceof DomainError ? error.code : 'INTERNAL';
        await this.store.noteTries(
          lease,
          rows.map(({ id }) => ({ number: id, became: 'failed', stage: 'redrive', code })),
        );
        return true;
      }
      for (const row of rows) if (!(await this.tryTogetherOrAlone(job, lease, [row]))) return false;
      return true;
    }
  }

  /** `false`: the lease has passed on. */
  private async tryRows(job: RedriveJob, lease: RedriveLease, rows: readonly QuarantineRow[]): Promise<boolean> {
    let left: readonly QuarantineRow[] = rows;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (!(await this.store.holdsLease(lease))) return false;
      if (await this.tryOnce(job, lease, left)) {
        const gone = rows.filter(({ id }) => !left.some((row) => row.id === id));
        await this.store.noteTries(
          lease,
          gone.map(({ id }) => ({ number: id, became: 'gone' })),
        );
        return true;
      }
      // Others have written meanwhile: perhaps they took one of these.
      const [first, last] = [rows[0]?.id ?? 0, rows.at(-1)?.id ?? 0];
      left = await this.store.readSelected(job.selection, first - 1, last, rows.length);
    }
    throw new DomainError('CONTENDED', 'a redrive met other writers too often', { retryable: true });
  }

  private async tryOnce(job: RedriveJob, lease: RedriveLease, rows: readonly QuarantineRow[]): Promise<boolean> {
    const { services, store } = this;
    const judged = rows.map((row) => ({ row, arrived: judgeAgain(services, row) }));
    const arrived = judged.map((one) => one.arrived).filter((one) => one.judged.ok);
    const plan = await planRecords(services, arrived);
    const became = await becameOf(services, arrived, plan);
    const tries = judged.map((one) => triedOf(one, became[arrived.indexOf(one.arrived)]));
    const leaving = judged.flatMap(({ row }, at) => (tries[at]?.became === 'failed' ? [] : [row]));
    if (leaving.length > 0) {
      const operation = await planOperation(services, await this.batchEvent(job, tries, judged));
      const act = operation.events.at(-1)?.hash as Hash;
      await store.noteTries(
        lease,
        tries.filter((one) => one.became !== 'failed'),
        act,
      );
      const passing = arrived.filter((_, at) => became[at]?.became !== 'failed');
      const more = { units: [operation.unit], released: leaving.map(({ id }) => id) };
      const { verdict } = await recordPlan(services, { arrived: passing, plan: withoutAgain(plan, arrived) }, more);
      if (verdict.kind === 'conflict') return false;
      await answerExchange(services, passing, plan.freedExchange);
      services.bell.ring();
    }
    await store.noteTries(
      lease,
      tries.filter((one) => one.became === 'failed'),
    );
    return true;
  }

  /** The lineage in the ledger: which messages left, by which job, caused by its start. */
  private async batchEvent(job: RedriveJob, tries: readonly Tried[], judged: readonly Judging[]) {
    const messages: readonly JsonObject[] = tries.flatMap(({ number: quarantine, became }, at) => {
      const alone = judged[at]?.arrived.judged;
      return became === 'failed' || !alone?.ok ? [] : [{ quarantine, message: alone.sealed.hash, became }];
    });
    return {
      agency: job.agency,
      actor: { authtype: 'system', authid: 'redrive' },
      correlationId: job.correlationId,
      ...(await causeOf(this.services, job.started)),
      facts: [{ type: 'quarantine-redriven', data: { job: job.job, messages } }],
    } as const;
  }
}

interface Judging {
  readonly row: QuarantineRow;
  readonly arrived: ArrivedRecord;
}

function triedOf({ row, arrived }: Judging, outcome: BecameAgain | undefined): Tried {
  const number = row.id;
  if (!arrived.judged.ok) return { number, became: 'failed', stage: arrived.judged.stage, code: arrived.judged.code };
  if (!outcome || outcome.became === 'failed') {
    const { stage, code } = outcome ?? row;
    return { number, became: 'failed', stage, code };
  }
  return { number, became: outcome.became };
}

const isPassing = (error: unknown): boolean => error instanceof DomainError && error.details['retryable'] === true;
