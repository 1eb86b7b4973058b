/** Parts of `lt.append` that most calls do without. They look into tables as it does, by subqueries with a limit. */

export const FIND_KNOWN_KEYS = `
create function lt.find_known_keys(keys lt.key_row[], at timestamptz) returns table (unit int, problem jsonb)
language sql stable as $known$
  select i.unit, case when k.body_hmac = i.body_hmac
    then jsonb_build_object('unit', i.unit, 'kind', 'repeat', 'answer', k.answer, 'indexes', (
      select coalesce(jsonb_agg(n), '[]') from generate_series(k.first_index, k.first_index + k.messages - 1) n))
    else jsonb_build_object('unit', i.unit, 'kind', 'key-reused') end
  from unnest(keys) i cross join lateral (
    select * from lt.idempotency k where (k.client, k.agency, k.key) = (i.client, i.agency, i.key) limit 1) k
  where k.kept_at > at - interval '7 days'
$known$;
`;

export const FIND_KNOWN_MESSAGES = `
create function lt.find_known_messages(messages lt.message_row[], subjects lt.subject_row[])
returns table (unit int, problem jsonb) language sql stable as $known$
  select m.unit, case
    when bool_or(l.hash <> m.hash) then jsonb_build_object('unit', m.unit, 'kind', 'id-reused',
      'subject', subjects[min(m.subject)].subject)
    when count(*) = (select count(*) from unnest(messages) o where o.unit = m.unit)
      then jsonb_build_object('unit', m.unit, 'kind', 'repeat', 'indexes', jsonb_agg(l.log_index order by m.ordinality))
    else jsonb_build_object('unit', m.unit, 'kind', 'conflict', 'subject', subjects[min(m.subject)].subject, 'revision', (
      select t.revision from lt.stream t where t.subject = subjects[min(m.subject)].subject)) end
  from unnest(messages) with ordinality m cross join lateral (
    select l.log_index, l.hash from lt.ledger l where l.source = m.source and l.message_id = m.id limit 1) l
  group by m.unit
$known$;
`;

export const NUMBER_RECEIVERS = `
create function lt.number_receivers(nodes text[]) returns int[] language sql as $number$
  insert into lt.receiver (node) select n from unnest(nodes) n
  where (select r.receiver from lt.receiver r where r.node = n) is null on conflict (node) do nothing;
  select array_agg((select r.receiver from lt.receiver r where r.node = n.node) order by n.ordinality)
  from unnest(nodes) with ordinality n (node);
$number$;
`;

/** The list of a stream's superseded hashes becomes the one given. */
export const SUPERSEDE = `
create function lt.supersede(streams bigint[], bad int[], subjects lt.subject_row[], superseded lt.superseded_row[])
returns void language sql as $supersede$
  delete from lt.superseded x
  where x.stream = any (array(select streams[s.ordinality] from unnest(subjects) with ordinality s
      where s.branched and s.unit <> all (bad)))
    and not exists (select from unnest(superseded) n where streams[n.subject] = x.stream and n.hash = x.hash);
  insert into lt.superseded (stream, hash) select streams[n.subject], n.hash
  from unnest(superseded) n where subjects[n.subject].unit <> all (bad)
  on conflict do nothing;
$supersede$;
`;

/** Keeps the list of commands that no outcome answers. A command may come after its outcome. */
export const NOTE_ANSWERS = `
create function lt.note_answers(messages lt.message_row[], streams bigint[], bad int[], indexes bigint[], first bigint)
returns void language sql as $answers$
  insert into lt.unanswered (stream, log_index, hash, hops)
  select streams[m.subject], coalesce(indexes[m.ordinality], first - 1 + m.ordinality), m.hash, coalesce(m.hops, 0)
  from unnest(messages) with ordinality m
  where m.class = 'command' and m.unit <> all (bad)
    and (select true from lt.ledger l where l.causation_hash = m.hash and l.class = 'outcome' limit 1) is null;
  delete from lt.unanswered u where u.ctid = any (array(
    select (select w.ctid from lt.unanswered w where w.hash = m.causation_hash limit 1) from unnest(messages) m
    where m.class = 'outcome' and m.unit <> all (bad)));
$answers$;
`;

/**
 * Openings that go before a delivery. A message numbered earlier keeps its number and is sent again with them: the relay
 * may have read it a moment ago without.
 */
export const OWE_OPENINGS = `
create function lt.owe_openings(receivers int[], indexes bigint[], first bigint, bad int[], at timestamptz,
  deliveries lt.delivery_row[], openings lt.opening_row[]
) returns void language sql as $owe$
  with owed as (
    select b.receiver, b.line, b.number, b.owed_at, o.event, o.pointers, o.purpose
    from unnest(openings) o
    join unnest(deliveries) with ordinality d on d.ordinality = o.delivery and d.unit <> all (bad)
    cross join lateral (select * from lt.outbox b where b.receiver = receivers[d.receiver] and b.log_index = case d.message
      when 0 then (select l.log_index from lt.ledger l where l.hash = d.hash)
      else coalesce(indexes[d.message], first - 1 + d.message) end limit 1) b
  ), due as (
    insert into lt.opening_due (receiver, line, number, event, pointers, purpose)
    select receiver, line, number, event, pointers, purpose from owed
  )
  insert into lt.resend (receiver, line, number)
  select distinct receiver, line, number from owed where owed_at < at
  on conflict (receiver, line, number) do update set taken_at = null
$owe$;
`;

/**
 * Commands that come (back) after a longer way than before, without an outcome here: this node is asked again. The hops of
 * one still waiting grow; one that was passed on waits anew.
 */
export const REOPEN = `
create function lt.reopen(commands jsonb) returns void language sql as $reopen$
  insert into lt.unanswered as u (stream, log_index, hash, hops)
  select l.stream, l.log_index, l.hash, c.hops
  from jsonb_to_recordset(commands) c (hash text, hops int)
  cross join lateral (select * from lt.ledger l where l.hash = decode(c.hash, 'hex') limit 1) l
  where l.class = 'command'
    and (select true from lt.ledger o where o.causation_hash = l.hash and o.class = 'outcome' limit 1) is null
  on conflict (stream, log_index) do update set hops = greatest(u.hops, excluded.hops)
$reopen$;
`;

/**
 * What a batch of a mailbox changes beside the ledger: { unheld, evicted, held, released, quarantined, reopened, offset };
 * bytes of the held, then of the quarantined. All of it may be said twice (of the evicted: so many less are left). With
 * offset.from the offset moves only from there: a process that lost its partition and wakes late cannot set it back.
 */
export const TAKE_IN = `
create function lt.take_in(inbox jsonb, in_bytes bytea[], at timestamptz) returns void language plpgsql as $take$
declare
  held_count int := coalesce(jsonb_array_length(inbox -> 'held'), 0);
begin
  if inbox ? 'unheld' then
    delete from lt.held h
    where h.hash = any (array(select decode(u, 'hex') from jsonb_array_elements_text(inbox -> 'unheld') u));
  end if;
  if inbox ? 'reopened' then
    perform lt.reopen(inbox -> 'reopened');
  end if;
  if inbox ? 'evicted' then
    delete from lt.held h where h.hash = any (array(
      select y.hash from jsonb_to_recordset(inbox -> 'evicted') e (source text, count int)
      cross join lateral (select v.hash from lt.held v where v.source = e.source
        order by v.held_since desc, v.hash desc limit e.count) y));
  end if;
  if held_count > 0 then
    insert into lt.held (hash, reason, subject, source, waits_for, until, held_since, arrival_partition, arrival_offset,
      record_key, bytes)
    select decode(h.hash, 'hex'), h.reason, h.subject, h.source, decode(h.waits_for, 'hex'), to_timestamp(h.until / 1000.0),
      to_timestamp(h.since / 1000.0), h.partition, h.at_offset, h.record_key, in_bytes[h.ord]
    from rows from (jsonb_to_recordset(inbox -> 'held') as (hash text, reason text, subject text, source text,
      waits_for text, until bigint, since bigint, partition int, at_offset bigint, record_key text)) with ordinality
      h (hash, reason, subject, source, waits_for, until, since, partition, at_offset, record_key, ord)
    where (select true from lt.ledger l where l.hash = decode(h.hash, 'hex') limit 1) is null
    on conflict (hash) do update set reason = excluded.reason, waits_for = excluded.waits_for, until = excluded.until;
  end if;
  if inbox ? 'released' then
    update lt.quarantine q set released_at = at
    where q.id = any (array(select r::bigint from jsonb_array_elements_text(inbox -> 'released') r))
      and q.released_at is null;
  end if;
  if inbox ? 'quarantined' then
    insert into lt.quarantine (quarantined_at, stage, code, arrival_partition, arrival_offset, record_key, hash, source,
      subject, type, bytes)
    select at, q.stage, q.code, q.partition, q.at_offset, q.record_key, decode(q.hash, 'hex'), left(q.source, 256),
      q.subject, q.type, in_bytes[held_count + q.ord]
    from rows from (jsonb_to_recordset(inbox -> 'quarantined') as (stage text, code text, partition int, at_offset bigint,
      record_key text, hash text, source text, subject text, type text)) with ordinality
      q (stage, code, partition, at_offset, record_key, hash, source, subject, type, ord)
    on conflict do nothing;
  end if;
  if inbox ? 'offset' then
    insert into lt.mailbox_offset as o (partition, cluster_id, partition_start, next)
    select n.partition, n.cluster, n.start, n.next
    from jsonb_to_record(inbox -> 'offset') n (partition int, cluster text, start bigint, next bigint)
    on conflict (partition) do update
      set cluster_id = excluded.cluster_id, partition_start = excluded.partition_start, next = excluded.next
      where coalesce(o.next = (inbox #>> '{offset,from}')::bigint, true);
  end if;
end $take$;
`;
