/** Sending (design 6). `r` is the receiver, `o` a number owed to it. What was sent is a position in the order (line, number). */

const ITEM = `r.node, o.line, o.number, o.log_index, o.hops, l.hash, l.class, l.bytes, t.subject, (
    select json_agg(json_build_object('event', encode(d.event, 'hex'), 'pointers', d.pointers::json, 'purpose', d.purpose))
    from lt.opening_due d where (d.receiver, d.line, d.number) = (o.receiver, o.line, o.number)) as openings`;
/** Subqueries with a limit can only be lookups, whatever the tables were when this was planned (pools.ts). */
const MESSAGE = `cross join lateral (select * from lt.ledger l where l.log_index = o.log_index limit 1) l
    cross join lateral (select t.subject from lt.stream t where t.stream = l.stream limit 1) t`;
/** A resend that was taken and not heard of again is due once more after this long, or when the clock has been set back. */
const isDueAgain = (row: string): string =>
  `(${row}.taken_at is null or ${row}.taken_at not between clock_timestamp() - interval '60 seconds' and clock_timestamp())`;

/**
 * $1 owner, $2 ms. The receiver whose last lease ended longest ago comes first, so that none waits behind a busy one; the
 * counter makes whoever held the lease before harmless. A lease that ends later than a lease can was given before the clock
 * was set back: who holds it may be dead, and is harmless anyhow.
 */
export const LEASE_OUTBOX = {
  name: 'lease-outbox',
  text: `update lt.receiver set lease_owner = $1, lease_ms = $2::int, fence = fence + 1,
    lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
  where receiver = (
    select r.receiver from lt.receiver r
    where (r.lease_owner is null or r.lease_until
      not between clock_timestamp() and clock_timestamp() + r.lease_ms * interval '1 millisecond') and (
      exists (select from lt.outbox o where o.receiver = r.receiver and (o.line, o.number) > (r.sent_line, r.sent_number))
      or exists (select from lt.resend s where s.receiver = r.receiver
        and ${isDueAgain('s')}))
    order by r.lease_until nulls first limit 1 for update skip locked)
  returning node, fence`,
};
/** $1 node, $2 fence, $3 limit. Nothing for a lease that has passed on. */
export const READ_OUTBOX = {
  name: 'read-outbox',
  text: `select ${ITEM} from lt.receiver r join lt.outbox o on o.receiver = r.receiver ${MESSAGE}
    where r.node = $1 and r.fence = $2 and (o.line, o.number) > (r.sent_line, r.sent_number)
    order by o.line, o.number limit $3`,
};
/** $1 node, $2 fence, $3 line, $4 number. Never moves back; the lease begins anew. */
export const MARK_SENT = {
  name: 'mark-sent',
  text: `update lt.receiver set
    sent_number = case when (sent_line, sent_number) < ($3, $4) then $4 else sent_number end,
    sent_line = greatest(sent_line, $3),
    lease_until = clock_timestamp() + lease_ms * interval '1 millisecond'
  where node = $1 and fence = $2`,
};
/** $1 node, $2 fence */
export const RELEASE_OUTBOX = {
  name: 'release-outbox',
  text: `update lt.receiver set lease_owner = null, lease_until = clock_timestamp() where node = $1 and fence = $2`,
};
/** $1 node, $2 line, $3 first number, $4 limit */
export const READ_LINE = {
  name: 'read-line',
  text: `select ${ITEM} from lt.receiver r join lt.outbox o on o.receiver = r.receiver ${MESSAGE}
    where r.node = $1 and o.line = $2 and o.number >= $3 order by o.number limit $4`,
};
/** $1 node, $2 line, $3 numbers */
export const REQUEST_RESEND = {
  name: 'request-resend',
  text: `insert into lt.resend (receiver, line, number)
    select o.receiver, o.line, o.number from lt.receiver r join lt.outbox o on o.receiver = r.receiver
    where r.node = $1 and o.line = $2 and o.number = any ($3::bigint[])
    on conflict (receiver, line, number) do update set taken_at = null`,
};
/** $1 node, $2 subject, $3 first place, $4 last place or null. What has a number is sent again; gives the hashes of what has none, in log order. */
export const REQUEST_STREAM_RESEND = {
  name: 'request-stream-resend',
  text: `with events as (
    select l.log_index, l.hash, o.receiver, o.line, o.number from lt.stream t join lt.ledger l on l.stream = t.stream
    left join lt.receiver r on r.node = $1 left join lateral (
      select * from lt.outbox o where o.log_index = l.log_index and o.receiver = r.receiver limit 1) o on true
    where t.subject = $2 and l.streamseq >= $3 and ($4::bigint is null or l.streamseq <= $4)
  ), again as (
    insert into lt.resend (receiver, line, number) select receiver, line, number from events where number is not null
    on conflict (receiver, line, number) do update set taken_at = null
  )
  select hash from events where number is null order by log_index`,
};
/** $1 node, $2 hash */
export const WAS_SENT_TO = {
  name: 'was-sent-to',
  text: `select from (select l.log_index from lt.ledger l where l.hash = $2 limit 1) l
    cross join lateral (select o.receiver from lt.outbox o where o.log_index = l.log_index
      and o.receiver = (select r.receiver from lt.receiver r where r.node = $1) limit 1) o`,
};
/** $1 hash. Numbers given when it was passed on have hops. */
export const FIND_FIRST_RECEIVER = {
  name: 'find-first-receiver',
  text: `select r.node from (select l.log_index from lt.ledger l where l.hash = $1 limit 1) l
    cross join lateral (select o.receiver from lt.outbox o where o.log_index = l.log_index and o.hops is null limit 1) o
    join lt.receiver r using (receiver)`,
};
/** $1 node, $2 limit. Two relays never take the same row. */
export const TAKE_RESENDS = {
  name: 'take-resends',
  text: `with taken as (
    update lt.resend s set taken_at = clock_timestamp() from (
      select n.receiver, n.line, n.number from lt.resend n join lt.receiver r on r.receiver = n.receiver and r.node = $1
      where ${isDueAgain('n')}
      order by n.line, n.number limit $2 for update of n skip locked
    ) n where (s.receiver, s.line, s.number) = (n.receiver, n.line, n.number)
    returning s.receiver, s.line, s.number)
  select ${ITEM} from taken join lt.outbox o using (receiver, line, number) join lt.receiver r using (receiver) ${MESSAGE}
  order by o.line, o.number`,
};
/** $1 node, $2 line, $3 numbers */
export const MARK_RESENT = {
  name: 'mark-resent',
  text: `delete from lt.resend s using lt.receiver r
    where r.receiver = s.receiver and r.node = $1 and s.line = $2 and s.number = any ($3::bigint[])`,
};
