/**
 * What is in trouble, summed and page by page. One shape of row for every kind: key, reason, since, bytes, subject, source,
 * hash, number, line, stage, peer, waits_for, until.
 */
import { recordedAs } from './operator-acts.sql.ts';

/** Numbers of one line that are looked at; of a long outage more are not counted, but said to be there. */
export const COUNTED = 10_000;

/** $1 older than, ms: of no meaning here, named so that it has a type. */
const HELD = `select lpad((extract(epoch from h.held_since) * 1000000)::bigint::text, 19, '0') || '/' || encode(h.hash, 'hex') as key, h.reason, h.held_since as since, octet_length(h.bytes) as bytes, h.subject,
    h.source, h.hash, null::bigint as number, null::int as line, null as stage, null as peer, h.waits_for, h.until
  from lt.held h where $1::bigint is not null`;
const QUARANTINED = `select lpad(q.id::text, 19, '0') as key, q.code as reason, q.quarantined_at as since,
    octet_length(q.bytes) as bytes, q.subject, q.source, q.hash, q.id as number, null::int as line, q.stage, null as peer,
    null::bytea as waits_for, null::timestamptz as until
  from lt.quarantine q where q.released_at is null and $1::bigint is not null`;

const OWED = `r.node, o.line, o.number, o.owed_at, o.log_index, (o.line, o.number) > (r.sent_line, r.sent_number) as unsent`;
/**
 * Refused by the peer, whenever; or without a receipt for longer than $1 ms: above what is held without a gap, and not
 * between two gaps (then the peer has it).
 */
const UNDELIVERABLE = `select r.node || '/' || lpad(u.line::text, 9, '0') || '/' || lpad(u.number::text, 19, '0') as key,
    u.reason, u.owed_at as since, octet_length(m.bytes) as bytes, t.subject, m.source, m.hash, u.number, u.line,
    null as stage, r.node as peer, null::bytea as waits_for, null::timestamptz as until
  from lt.receiver r cross join lateral (
    select ${OWED}, d ->> 1 as reason from lt.receipt c cross join lateral jsonb_array_elements(c.refused) d
    cross join lateral (select * from lt.outbox o where (o.receiver, o.line, o.number) = (c.receiver, c.line, (d ->> 0)::bigint) limit 1) o
    where c.receiver = r.receiver
    union all
    select x.*, case when x.unsent then 'UNSENT' else 'UNCONFIRMED' end from generate_series(1, (select h.line from lt.ledger_head h)) n (line)
    cross join lateral (
      select coalesce((select c.contiguous from lt.receipt c where (c.receiver, c.line) = (r.receiver, n.line)), 0) as contiguous,
        coalesce((select c.missing from lt.receipt c where (c.receiver, c.line) = (r.receiver, n.line)), '[]') as missing,
        coalesce((select c.refused from lt.receipt c where (c.receiver, c.line) = (r.receiver, n.line)), '[]') as refused) c
    cross join lateral (
      select ${OWED} from lt.outbox o where (o.receiver, o.line) = (r.receiver, n.line) and o.number > c.contiguous
      order by o.number limit ${COUNTED}) x
    where x.owed_at < clock_timestamp() - $1::bigint * interval '1 millisecond'
      and not exists (select from jsonb_array_elements(c.refused) d where (d ->> 0)::bigint = x.number)
      and (x.number > coalesce((select max((g ->> 1)::bigint) from jsonb_array_elements(c.missing) g), 0)
        or exists (select from jsonb_array_elements(c.missing) g where x.number between (g ->> 0)::bigint and (g ->> 1)::bigint))
  ) u
  cross join lateral (select l.bytes, l.source, l.hash, l.stream from lt.ledger l where l.log_index = u.log_index limit 1) m
  cross join lateral (select t.subject from lt.stream t where t.stream = m.stream limit 1) t`;

/** Asked here and sent to another node, or come here to be decided; for longer than $1 ms. */
const LIMBO = `select lpad(m.log_index::text, 19, '0') as key,
    case when m.arrival_offset is null and way.node is not null then 'AWAITS_OUTCOME' else 'AWAITS_DECISION' end as reason,
    m.appended_at as since, octet_length(m.bytes) as bytes, t.subject, m.source, m.hash, null::bigint as number,
    null::int as line, null as stage, way.node as peer, null::bytea as waits_for, null::timestamptz as until
  from lt.unanswered u
  cross join lateral (select * from lt.ledger l where l.log_index = u.log_index limit 1) m
  cross join lateral (select t.subject from lt.stream t where t.stream = u.stream limit 1) t
  left join lateral (select r.node from lt.outbox o join lt.receiver r using (receiver)
    where o.log_index = m.log_index and o.hops is null limit 1) way on true
  where m.appended_at < clock_timestamp() - $1::bigint * interval '1 millisecond'`;

const KINDS = { held: HELD, quarantined: QUARANTINED, undeliverable: UNDELIVERABLE, limbo: LIMBO } as const;

/** $1 ms */
export const sumOf = (kind: keyof typeof KINDS) => ({
  name: `sum-${kind}`,
  text: `select w.reason, count(*)::int as count, sum(w.bytes)::bigint as bytes, min(w.since) as oldest
    from (${KINDS[kind]}) w group by w.reason order by count(*) desc, w.reason`,
});
/** $1 ms, $2 after (key; '' from the start), $3 reason or null, $4 subject or null, $5 limit */
export const listOf = (kind: keyof typeof KINDS) => ({
  name: `list-${kind}`,
  text: `select * from (${KINDS[kind]}) w where w.key collate "C" > $2 and ($3::text is null or w.reason = $3)
      and ($4::text is null or w.subject = $4)
    order by w.key collate "C" limit $5`,
});
/** $1 hashes of events at which folds stand. The bytes of all that was recorded from there on. */
export const FIND_STANDSTILLS = {
  name: 'find-standstills',
  text: `select s.hash, e.appended_at as since, b.bytes from unnest($1::bytea[]) s (hash) ${recordedAs('s.hash')}
    cross join lateral (select sum(octet_length(l.bytes))::bigint as bytes from lt.ledger l
      where l.stream = (select x.stream from lt.ledger x where x.hash = s.hash limit 1) and l.log_index >= e.log_index) b`,
};
