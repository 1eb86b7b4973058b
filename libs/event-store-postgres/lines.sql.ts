/** Lines between two nodes: what we owe and they confirm (`receipt`), what they owe and we hold (`inbound_line`). */

/** $1 node, $2 line, $3 contiguous, $4 missing, $5 refused, $6 log size. The last receipt counts, one that covers less too: the peer may have been restored. */
export const APPLY_RECEIPT = {
  name: 'apply-receipt',
  text: `with known as (
    insert into lt.receiver (node) select $1::text where not exists (select from lt.receiver where node = $1)
    on conflict (node) do nothing returning receiver
  ), peer as (
    select receiver from known union all select receiver from lt.receiver where node = $1 limit 1
  ), confirmed as (
    delete from lt.resend s using peer p
    where s.receiver = p.receiver and s.line = $2 and s.taken_at is not null and (s.number <= $3 or exists (
      select from jsonb_array_elements($5::jsonb) d where (d ->> 0)::bigint = s.number))
  )
  insert into lt.receipt (receiver, line, contiguous, missing, refused, log_size, receipt_at)
  select receiver, $2, $3, $4::jsonb, $5::jsonb, $6, clock_timestamp() from peer
  on conflict (receiver, line) do update set contiguous = excluded.contiguous, missing = excluded.missing,
    refused = excluded.refused, log_size = excluded.log_size, receipt_at = excluded.receipt_at`,
};
const UP_TO_LAST = (column: 'missing' | 'refused'): string =>
  `(select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(c.${column}) e
      where (e ->> 0)::bigint <= coalesce(last.number, 0))`;
/**
 * One row per receiver and line begun; numbers are read from the end of the line. Of a line that is over, a receipt may speak
 * of numbers that only a lost state of this node gave: they are nobody's to send.
 */
export const DELIVERIES = {
  name: 'deliveries',
  text: `select r.node, n.line, coalesce(last.number, 0) as highest,
    case when r.sent_line > n.line then coalesce(last.number, 0) when r.sent_line = n.line then r.sent_number else 0 end as sent,
    case when n.line < h.line then least(coalesce(c.contiguous, 0), coalesce(last.number, 0)) else coalesce(c.contiguous, 0) end
      as contiguous,
    case when n.line < h.line then ${UP_TO_LAST('missing')} else coalesce(c.missing, '[]') end as missing,
    case when n.line < h.line then ${UP_TO_LAST('refused')} else coalesce(c.refused, '[]') end as refused,
    next.owed_at as oldest_unconfirmed_at, c.receipt_at
  from lt.receiver r cross join lt.ledger_head h cross join lateral generate_series(1, h.line) n (line)
  left join lt.receipt c on c.receiver = r.receiver and c.line = n.line
  left join lateral (select o.number from lt.outbox o where o.receiver = r.receiver and o.line = n.line
    order by o.number desc limit 1) last on true
  left join lateral (select o.owed_at from lt.outbox o where o.receiver = r.receiver and o.line = n.line
    and o.number = coalesce(c.contiguous, 0) + 1 limit 1) next on true
  where last.number is not null or c.receiver is not null
  order by r.node, n.line`,
};
/**
 * $1 peer, $2 line, $3 first, $4 hashes, $5 highest. What a number meant when it was first named it keeps. A manifest without
 * hashes of a line that the peer has left for a later one says where it ended: numbers above were given in a state that the
 * peer has lost, and whatever they stood for comes on the later line, or not at all.
 */
export const APPLY_MANIFEST = {
  name: 'apply-manifest',
  text: `with over as (
    select cardinality($4::bytea[]) = 0 and exists (
      select from lt.inbound_line l where l.peer = $1 and l.line > $2) as ended
  ), of as (
    insert into lt.inbound_line as i (peer, line, highest, changes)
    values ($1, $2, greatest($5::bigint, $3::bigint + cardinality($4::bytea[]) - 1), 1)
    on conflict (peer, line) do update set changes = i.changes + 1,
      highest = case when (select ended from over) then greatest($5, i.contiguous) else greatest(i.highest, excluded.highest) end
    returning contiguous
  ), gone as (
    delete from lt.inbound_number n using of
    where (select ended from over) and n.peer = $1 and n.line = $2 and n.number > greatest($5, of.contiguous)
  )
  insert into lt.inbound_number (peer, line, number, hash)
  select $1, $2, $3::bigint + n.ord - 1, n.hash from of, unnest($4::bytea[]) with ordinality n (hash, ord)
  where $3::bigint + n.ord - 1 > of.contiguous
  on conflict (peer, line, number) do nothing`,
};
export const SETTLE_INBOUND = { name: 'settle-inbound', text: 'select lt.settle_inbound()' };
const MISSING = `select g.number + 1 as first, g.next - 1 as last from (
    select s.number, lead(s.number) over (order by s.number) as next from (
      select i.contiguous as number union all select i.highest + 1 union all
      select n.number from lt.inbound_number n
      where n.peer = i.peer and n.line = i.line and n.number > i.contiguous and n.status <> 'open') s
  ) g where g.next > g.number + 1 order by g.number limit 100`;
const REFUSED = `select n.number, n.code from lt.inbound_number n
  where n.peer = i.peer and n.line = i.line and n.status = 'refused' order by n.number limit 100`;
/** Missing are the gaps between settled numbers, from contiguous to highest, one hundred at most; so too the refused. */
export const INBOUND = {
  name: 'inbound',
  text: `select i.peer, i.line, i.highest, i.contiguous, i.changes, i.changes <> i.receipted as due,
    coalesce((select json_agg(json_build_array(m.first, m.last)) from (${MISSING}) m), '[]') as missing,
    coalesce((select json_agg(json_build_array(f.number, f.code)) from (${REFUSED}) f), '[]') as refused
  from lt.inbound_line i order by i.peer, i.line`,
};
/** $1 peer, $2 line, $3 changes when the receipt was made (null: not known, then only if it still says so), $4 contiguous */
export const MARK_RECEIPT_SENT = {
  name: 'mark-receipt-sent',
  text: `update lt.inbound_line set receipted = coalesce($3, case when contiguous = $4 then changes else receipted end)
    where peer = $1 and line = $2`,
};
