/** Redrive jobs and their tries (redrive.sql.ts). Proved by `redrive.int.spec.ts`. */
import type { Pool } from 'pg';
import { NO_PROGRESS, type RedriveProgress } from '#libs/exchange';
import type { AgencyCode, Instant, Uuid } from '#libs/kernel';
import type { OperatorAct, RedriveJob, RedriveSelection, RedriveStore, TriedBefore } from '#libs/use-cases';
import { classified } from './errors.ts';
import { type QuarantineColumns, quarantineRowOf } from './inbox-reads.ts';
import * as sql from './redrive.sql.ts';
import { bytesOfHash, hashOf, instantOf } from './rows.ts';

interface JobRow {
  readonly job: Uuid;
  readonly started: Buffer;
  readonly agency: AgencyCode;
  readonly by: string;
  readonly reason: string;
  readonly correlation: Uuid;
  readonly selection: RedriveSelection;
  readonly up_to: string;
  readonly messages: number;
  readonly bytes: string;
  readonly batch: number;
  readonly per_minute: number;
  readonly finished_at: Date | null;
  readonly started_at: Date;
  readonly progress: Readonly<Record<string, number>>;
  readonly as_before: number;
  readonly acts: readonly OperatorAct[];
}

const jobOf = (row: JobRow): RedriveJob => ({
  job: row.job,
  started: hashOf(row.started),
  startedAt: instantOf(row.started_at),
  ...(row.finished_at && { finishedAt: instantOf(row.finished_at) }),
  agency: row.agency,
  by: row.by,
  reason: row.reason,
  correlationId: row.correlation,
  selection: row.selection,
  sum: { messages: row.messages, bytes: Number(row.bytes), upTo: Number(row.up_to) },
  batch: row.batch,
  perMinute: row.per_minute,
  acts: row.acts.map((act) => ({ ...act, at: instantOf(new Date(act.at)) })),
  progress: { ...NO_PROGRESS, ...(row.progress as Partial<RedriveProgress>), failedAsBefore: row.as_before },
});

interface TryRow {
  readonly job: string;
  readonly quarantine: string;
  readonly became: TriedBefore['became'];
  readonly stage: string | null;
  readonly code: string | null;
  readonly item: string | null;
  readonly was: string | null;
  readonly subject: string | null;
  readonly hash: string | null;
  readonly tried_at: Date;
}
const tryOf = ({ job, quarantine, became, stage, code, tried_at, ...named }: TryRow): TriedBefore => ({
  job,
  number: Number(quarantine),
  became,
  ...(stage !== null && { stage }),
  ...(code !== null && { code }),
  ...itemOf(named),
  triedAt: instantOf(tried_at),
});

const itemOf = ({ item, was, subject, hash }: Pick<TryRow, 'item' | 'was' | 'subject' | 'hash'>) =>
  item !== null &&
  was !== null && {
    item: { key: item, was, ...(subject !== null && { subject }), ...(hash !== null && { hash }) },
  };

const wanted = ({ stage, code, source, subject, before }: RedriveSelection): readonly (string | Instant | null)[] =>
  [stage, code, source, subject, before].map((value) => value ?? null);

const columnsOf = (
  tried: Parameters<RedriveStore['noteTries']>[1],
): readonly (readonly (string | number | null)[])[] => [
  tried.map(({ number }) => number),
  tried.map(({ became }) => became),
  tried.map(({ stage }) => stage ?? null),
  tried.map(({ code }) => code ?? null),
  tried.map(({ item }) => item?.key ?? null),
  tried.map(({ item }) => item?.was ?? null),
  tried.map(({ item }) => item?.subject ?? null),
  tried.map(({ item }) => item?.hash ?? null),
];

interface LeaseRow {
  readonly fence: string;
  readonly done_to: string;
  readonly done_key: string | null;
}

export function redrives(pool: Pool): RedriveStore {
  const run = <R extends object>(query: { name: string; text: string }, values: readonly unknown[]) =>
    classified(() => pool.query<R>({ ...query, values: [...values] }));
  const jobs = async (query: { name: string; text: string }, values: readonly unknown[]): Promise<RedriveJob[]> =>
    (await run<JobRow>(query, values)).rows.map(jobOf);
  const tries = async (query: { name: string; text: string }, values: readonly unknown[]): Promise<TriedBefore[]> =>
    (await run<TryRow>(query, values)).rows.map(tryOf);

  return {
    async sumSelected(selection) {
      const { rows } = await run<{ messages: number; bytes: string; up_to: string }>(
        sql.SUM_SELECTED,
        wanted(selection),
      );
      const [row] = rows;
      return { messages: row?.messages ?? 0, bytes: Number(row?.bytes ?? 0), upTo: Number(row?.up_to ?? 0) };
    },
    async readSelected(selection, after, upTo, limit) {
      const values = [...wanted(selection), after, upTo, limit];
      return (await run<QuarantineColumns>(sql.READ_SELECTED, values)).rows.map(quarantineRowOf);
    },
    async noteJob(asked, started) {
      const { job, agency, by, reason, correlationId, selection, sum, batch, perMinute } = asked;
      const who = [job, bytesOfHash(started), agency, by, reason, correlationId];
      const what = [JSON.stringify(selection), sum.upTo, sum.messages, sum.bytes, batch, perMinute];
      await run(sql.NOTE_JOB, [...who, ...what]);
    },
    findJob: async (job) => (await jobs(sql.FIND_JOB, [job]))[0],
    listJobs: ({ after, limit }) => jobs(sql.LIST_JOBS, [after ?? null, limit]),
    listDueJobs: (limit) => jobs(sql.LIST_DUE_JOBS, [limit]),
    async leaseJob(job, owner, ttlMs) {
      const { rows } = await run<LeaseRow>(sql.LEASE_JOB, [job, owner, ttlMs]);
      const [row] = rows;
      if (!row) return undefined;
      const { fence, done_to: doneTo, done_key: doneKey } = row;
      return { job, fence: Number(fence), doneTo: Number(doneTo), ...(doneKey !== null && { doneKey }) };
    },
    async noteTries({ job, fence }, tried, act) {
      await run(sql.NOTE_TRIES, [job, fence, act === undefined ? null : bytesOfHash(act), ...columnsOf(tried)]);
    },
    async settleLease({ job, fence }, { doneTo, doneKey, pauseMs, finished }) {
      const values = [job, fence, doneTo, pauseMs, finished, doneKey ?? null];
      return (await run(sql.SETTLE_LEASE, values)).rowCount === 1;
    },
    async holdsLease({ job, fence }) {
      return (await run(sql.HOLDS_LEASE, [job, fence])).rowCount === 1;
    },
    listTries: (job, { after, limit }) => tries(sql.LIST_TRIES, [job, after, limit]),
    findTries: (quarantine) => tries(sql.FIND_TRIES, [quarantine]),
  };
}
