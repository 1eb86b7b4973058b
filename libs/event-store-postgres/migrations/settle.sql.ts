/**
 * Brings the lines coming in level with the ledger: a number is delivered when the hash that a manifest put there is
 * recorded, refused when it is quarantined for what its signed bytes say (a hash does not cover signature and record key: a
 * forged copy with a bad one must not make the real message count as refused); then `contiguous` follows. Two processes may call it at once: the row of a
 * line is locked, one after the other.
 */
export const SETTLE_INBOUND = `
create function lt.settle_inbound() returns void language plpgsql as $settle$
declare
  of record;
  settled int;
  reached bigint;
begin
  for of in select distinct peer, line from lt.inbound_number where status <> 'delivered' order by peer, line loop
    perform from lt.inbound_line i where (i.peer, i.line) = (of.peer, of.line) for update;
    update lt.inbound_number n set status = v.status, code = v.code
    from (
      select u.number, case
        when (select true from lt.ledger l where l.hash = u.hash limit 1) then 'delivered'
        when q.code is not null then 'refused' else 'open' end as status, q.code
      from lt.inbound_number u left join lateral (
        select q.code from lt.quarantine q where q.hash = u.hash and q.released_at is null
          and (q.stage in ('key', 'known', 'entitled') or q.code in ('PROFILE_UNKNOWN', 'TYPE_UNKNOWN', 'MEMBER_UNKNOWN'))
        order by q.id + 0 limit 1) q on true
      where (u.peer, u.line) = (of.peer, of.line) and u.status <> 'delivered'
    ) v
    where (n.peer, n.line, n.number) = (of.peer, of.line, v.number) and v.status <> 'open' and v.status <> n.status;
    get diagnostics settled = row_count;
    continue when settled = 0;
    -- The first island of settled numbers after contiguous, if it begins there.
    select max(s.number) into reached
    from (
      select n.number, n.number - row_number() over (order by n.number) as before
      from lt.inbound_number n join lt.inbound_line i using (peer, line)
      where (n.peer, n.line) = (of.peer, of.line) and n.number > i.contiguous and n.status <> 'open'
    ) s join lt.inbound_line i on (i.peer, i.line) = (of.peer, of.line)
    where s.before = i.contiguous;
    update lt.inbound_line i set changes = i.changes + 1, contiguous = greatest(i.contiguous, reached)
    where (i.peer, i.line) = (of.peer, of.line);
    delete from lt.inbound_number n using lt.inbound_line i
    where (n.peer, n.line) = (of.peer, of.line) and (i.peer, i.line) = (of.peer, of.line)
      and n.number <= i.contiguous and n.status = 'delivered';
  end loop;
end $settle$;
`;
