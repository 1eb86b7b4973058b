/** Redrive jobs. `j` is the job, `q` a quarantined message. A job is in force once the ledger holds its start. */
import { recordedAs } from './operator-acts.sql.ts';

const QUARANTINE = `q.id, q.quarantined_at, q.released_at, q.stage, q.code, q.hash, q.source, q.subject, q.type,
  q.arrival_partition, q.arrival_offset, q.record_key, q.bytes`;

/** $1 stage, $2 code, $3 source, $4 subject, $5 before; null: any. */
const SELECTED = `q.released_at is null and ($1::text is null or q.stage = $1) and ($2::text is null or q.code = $2)
  and ($3::text is null or q.source = $3) and ($4::text is null or q.subject = $4)
  and ($5::timestamptz is null or q.quarantined_at < $5)`;

export const SUM_SELECTED = {
  name: 'sum-selected',
  text: `select count(*)::int as messages, coalesce(sum(octet_length(q.bytes)), 0)::bigint as bytes, coalesce(max(q.id), 0) as up_to
    from lt.quarantine q where ${SELECTED}`,
};
/** $6 after, $7 up to, $8 limit */
export const READ_SELECTED = {
  name: 'read-selected',
  text: `select ${QUARANTINE} from lt.quarantine q where ${SELECTED} and q.id > $6 and q.id <= $7 order by q.id limit $8`,
};
/** $1 job, $2 started, $3 agency, $4 by, $5 reason, $6 correlation, $7 selection, $8 up to, $9 messages, $10 bytes, $11 batch, $12 per minute */
export const NOTE_JOB = {
  name: 'note-job',
  text: `insert into lt.redrive_job as j (job, started, agency, by, reason, correlation, selection, up_to, messages, bytes, batch, per_minute)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (job) do update set
      started = excluded.started, agency = excluded.agency, by = excluded.by, reason = excluded.reason,
      correlation = excluded.correlation, selection = excluded.selection, up_to = excluded.up_to,
      messages = excluded.messages, bytes = excluded.bytes, batch = excluded.batch, per_minute = excluded.per_minute
    where not exists (select from lt.ledger l where l.hash = j.started)`,
};

/**
 * A message that was tried twice by one job (a process ended between trying and saying so) counts once: as having left, if
 * it has. Tries that name an event count when the ledger has it.
 */
const PROGRESS = `cross join lateral (
    select coalesce(jsonb_object_agg(c.became, c.count), '{}') as progress, coalesce(sum(c.as_before), 0)::int as as_before from (
      select t.became, count(*) as count, count(*) filter (where t.became = 'failed'
        and case when t.item is null then (t.stage, t.code) = (q.stage, q.code) else t.code = t.was end) as as_before
      from (select distinct on (r.quarantine) r.* from lt.redrive_try r
        where r.job = j.job and (r.act is null or (select true from lt.ledger l where l.hash = r.act limit 1))
        order by r.quarantine, r.act is null, r.fence desc) t
      left join lateral (select q.stage, q.code from lt.quarantine q where t.item is null and q.id = t.quarantine limit 1) q
        on true group by t.became) c) p`;
const ACTS = `cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('about', a.about, 'act', a.act, 'reason', a.reason, 'by', a.by,
      'at', e.appended_at) order by e.log_index), '[]') as acts
    from lt.operator_act a cross join lateral (
      select l.log_index, l.appended_at from lt.ledger l where l.hash = a.hash limit 1) e
    where a.about = 'redrive/' || j.job) k`;
const COLUMNS = `j.job, j.started, j.agency, j.by, j.reason, j.correlation, j.selection, j.up_to, j.messages, j.bytes,
  j.batch, j.per_minute, j.finished_at, e.appended_at as started_at, k.acts`;
const JOB = `select ${COLUMNS}, p.progress, p.as_before
  from lt.redrive_job j ${recordedAs('j.started')} ${PROGRESS} ${ACTS}`;

/** $1 job */
export const FIND_JOB = { name: 'find-job', text: `${JOB} where j.job = $1` };
/** $1 job after which, or null; $2 limit */
export const LIST_JOBS = {
  name: 'list-jobs',
  text: `${JOB} where $1::uuid is null or e.log_index < (
      select x.log_index from lt.redrive_job a cross join lateral (
        select l.log_index from lt.ledger l where l.hash = a.started limit 1) x where a.job = $1)
    order by e.log_index desc limit $2`,
};
/** A lease that ends in more than a minute was given before the clock was set back: none is that long. */
const IS_FREE = `(j.lease_until is null
        or j.lease_until not between clock_timestamp() and clock_timestamp() + interval '1 minute')`;
/** $1 limit. How far they are is not counted each time. */
export const LIST_DUE_JOBS = {
  name: 'list-due-jobs',
  text: `select ${COLUMNS}, '{}'::jsonb as progress, 0 as as_before
    from lt.redrive_job j ${recordedAs('j.started')} ${ACTS} where j.finished_at is null and j.next_at <= clock_timestamp()
      and ${IS_FREE}
    order by j.next_at limit $1`,
};
/** $1 job, $2 owner, $3 ms. The counter makes whoever held the lease before harmless. */
export const LEASE_JOB = {
  name: 'lease-job',
  text: `update lt.redrive_job set lease_owner = $2, fence = fence + 1,
      lease_until = clock_timestamp() + $3::int * interval '1 millisecond'
    where job = (select j.job from lt.redrive_job j where j.job = $1 and j.finished_at is null
      and j.next_at <= clock_timestamp() and ${IS_FREE}
      for update skip locked)
    returning fence, done_to, done_key`,
};
/** $1 job, $2 fence */
export const HOLDS_LEASE = {
  name: 'holds-lease',
  text: `select from lt.redrive_job where job = $1 and fence = $2 and lease_until > clock_timestamp()`,
};
/** $1 job, $2 fence, $3 done to, $4 ms until the next batch, $5 finished, $6 key done to or null */
export const SETTLE_LEASE = {
  name: 'settle-lease',
  text: `update lt.redrive_job set lease_owner = null, lease_until = null, done_to = greatest(done_to, $3),
      done_key = coalesce($6::text, done_key),
      next_at = clock_timestamp() + $4::int * interval '1 millisecond',
      finished_at = case when $5 then clock_timestamp() end
    where job = $1 and fence = $2 and finished_at is null`,
};
/** $1 job, $2 fence, $3 act or null, $4 numbers, $5 became, $6 stages, $7 codes, $8 items, $9 was, $10 subjects, $11 hashes */
export const NOTE_TRIES = {
  name: 'note-tries',
  text: `insert into lt.redrive_try as t (job, quarantine, fence, became, stage, code, act, item, was, subject, hash)
    select $1, n.quarantine, $2, n.became, n.stage, n.code, $3, n.item, n.was, n.subject, n.hash
    from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
      n (quarantine, became, stage, code, item, was, subject, hash)
    on conflict (job, quarantine, fence) do update set became = excluded.became, stage = excluded.stage, code = excluded.code,
      act = excluded.act
    where t.act is not null and not exists (select from lt.ledger l where l.hash = t.act)`,
};
const TRY = `select t.job, t.quarantine, t.became, t.stage, t.code, t.item, t.was, t.subject, t.hash, t.tried_at from lt.redrive_try t`;
const COUNTS = `(t.act is null or (select true from lt.ledger l where l.hash = t.act limit 1))`;
/** $1 job, $2 after, $3 limit */
export const LIST_TRIES = {
  name: 'list-tries',
  text: `${TRY} where t.job = $1 and t.quarantine > $2 and ${COUNTS} order by t.quarantine, t.fence limit $3`,
};
/** $1 number */
export const FIND_TRIES = {
  name: 'find-tries',
  text: `${TRY} where t.quarantine = $1 and t.item is null and ${COUNTS} order by t.tried_at, t.fence`,
};
