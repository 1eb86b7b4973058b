/**
 * Group commit: one call, in autocommit, for a list of units, so the lock is never held over a round trip.
 *
 * Locks the one row of `lt.ledger_head` to commit; therefore log_index is dense and in commit order, appended_at never
 * goes back, delivery numbers are dense per (receiver, line), and whoever reads the ledger in order misses nothing. Each
 * statement after the lock sees what was committed before it (READ COMMITTED; the pool sets it).
 *
 * No unit can make it raise by what it asks: a unit that cannot be appended gets a problem and leaves no trace. The caller
 * puts no two units into one call that change one stream or share an id or an idempotency key. What raises is a fault of
 * the program (a delivery of a message that is nowhere: null in outbox.log_index) and undoes the call.
 *
 * Plans are made once per connection, perhaps while a table is empty, and kept while it grows. So every look into a table
 * is a subquery with a limit, which can only be planned as a lookup by index for each row; a join might be a scan.
 *
 * Numbers in the rows count from 1: units, positions of messages, subjects, receivers, deliveries.
 * Gives { first, problems }: the index of the first message appended, and (or null) a list of
 * { unit, kind: repeat | conflict | id-reused | key-reused, indexes, answer, subject, revision }.
 */

/** Row types of the parameters: one array of rows each, since a call pays for every array that it unnests. */
export const ROW_TYPES = `
create type lt.message_row as (unit int, subject int, class text, name text, streamseq bigint, source text, id uuid,
  hash bytea, prevhash bytea, recordedtime timestamptz, causation_hash bytea, to_agency text,
  directory_version timestamptz, effect text, arrival_partition int, arrival_offset bigint, hops int);
-- One for each stream that the messages touch. Unit: the one that changes it, on the revision expected; null: only named.
create type lt.subject_row as (subject text, unit int, expected int, added int, hash bytea, streamseq bigint,
  recordedtime timestamptz, hand_kind text, hand_from text, hand_to text, branched boolean, fork boolean,
  receivers text[], parties text[]);
create type lt.superseded_row as (subject int, hash bytea);
-- In order. Message 0: not of this call, found by its hash.
create type lt.delivery_row as (unit int, receiver int, message int, hash bytea, hops int);
create type lt.opening_row as (delivery int, event bytea, pointers text, purpose text);
-- Message: the position of the unit's first one.
create type lt.key_row as (unit int, client text, agency text, key text, body_hmac text, answer text, message int,
  messages int);
`;

export const APPEND = `
create function lt.append(software text, messages lt.message_row[], bytes bytea[], subjects lt.subject_row[],
  superseded lt.superseded_row[], receivers text[], deliveries lt.delivery_row[], openings lt.opening_row[],
  keys lt.key_row[], inbox jsonb, inbox_bytes bytea[]
) returns jsonb language plpgsql as $append$
declare
  of_line int;
  first bigint;
  at timestamptz;
  streams bigint[];
  conflicts bigint[];
  fresh bigint[];
  receiver_numbers int[];
  highest bigint[];
  bad int[] := '{}';
  -- Only with bad units; without, the index of a message follows from its position.
  indexes bigint[];
  problems jsonb;
  known boolean;
  answers boolean;
  branched boolean;
begin
  select line into of_line from lt.ledger_head for update;
  select l.log_index + 1, greatest(clock_timestamp(), l.appended_at + interval '1 microsecond') into first, at
  from lt.ledger l order by l.log_index desc limit 1;
  if not found then
    first := 0;
    at := clock_timestamp();
  end if;

  -- Problems, in this order: key, repeat or id, revision. The first one of a unit counts.
  if cardinality(keys) > 0 then
    select jsonb_agg(p.problem), coalesce(array_agg(p.unit), '{}') into problems, bad
    from lt.find_known_keys(keys, at) p;
  end if;
  -- Two questions at once, as every statement costs a call of one unit some twenty microseconds.
  select bool_or(l.log_index is not null), bool_or(m.class in ('command', 'outcome')) into known, answers
  from unnest(messages) m left join lateral (
    select l.log_index from lt.ledger l where l.source = m.source and l.message_id = m.id limit 1) l on true;
  if known then
    select coalesce(problems || jsonb_agg(p.problem), problems, jsonb_agg(p.problem)), bad || array_agg(p.unit)
    into problems, bad
    from lt.find_known_messages(messages, subjects) p where p.unit <> all (bad);
  end if;
  -- Streams met for the first time are numbered after the last one.
  select array_agg(s.stream order by s.ordinality),
    array_agg(s.ordinality) filter (where s.unit is not null and s.expected <> s.revision),
    array_agg(s.ordinality) filter (where s.unit is null and s.is_new), bool_or(s.branched)
  into streams, conflicts, fresh, branched
  from (
    select s.ordinality, s.unit, s.expected, s.branched, coalesce(t.revision, 0) as revision, t.stream is null as is_new,
      coalesce(t.stream, coalesce((select max(stream) from lt.stream), 0) + s.ordinality) as stream
    from unnest(subjects) with ordinality s
    left join lateral (select t.stream, t.revision from lt.stream t where t.subject = s.subject limit 1) t on true
  ) s;
  if conflicts is not null then
    select coalesce(problems || jsonb_agg(p.problem), problems, jsonb_agg(p.problem)), bad || array_agg(p.unit)
    into problems, bad
    from (
      select distinct on (s.unit) s.unit, jsonb_build_object('unit', s.unit, 'kind', 'conflict', 'subject', s.subject,
        'revision', coalesce((select t.revision from lt.stream t where t.subject = s.subject), 0)) as problem
      from unnest(subjects) with ordinality s
      where s.ordinality = any (conflicts) and s.unit <> all (bad)
      order by s.unit, s.ordinality
    ) p;
  end if;
  if problems is not null then
    select array_agg(m.log_index order by m.ordinality) into indexes
    from (
      select m.ordinality, case when m.unit <> all (bad)
        then first - 1 + count(*) filter (where m.unit <> all (bad)) over (order by m.ordinality) end as log_index
      from unnest(messages) with ordinality m
    ) m;
    select array_agg(s.ordinality) into fresh
    from unnest(subjects) with ordinality s
    where (s.unit is null or s.unit = any (bad))
      and exists (select from unnest(messages) m where m.subject = s.ordinality and m.unit <> all (bad))
      and (select t.stream from lt.stream t where t.subject = s.subject) is null;
  end if;

  if fresh is not null then
    insert into lt.stream (stream, subject) select streams[n], subjects[n].subject from unnest(fresh) n;
  end if;
  insert into lt.stream as t (stream, subject, revision, hash, streamseq, recordedtime, hand_kind, hand_from, hand_to,
    branched, fork, receivers, parties)
  select streams[s.ordinality], s.subject, s.expected + s.added, s.hash, s.streamseq, s.recordedtime, s.hand_kind,
    s.hand_from, s.hand_to, s.branched, s.fork, s.receivers, s.parties
  from unnest(subjects) with ordinality s
  where s.unit is not null and s.unit <> all (bad)
  on conflict (stream) do update set revision = excluded.revision, hash = excluded.hash, streamseq = excluded.streamseq,
    recordedtime = excluded.recordedtime, hand_kind = excluded.hand_kind, hand_from = excluded.hand_from,
    hand_to = excluded.hand_to, branched = excluded.branched, fork = excluded.fork, receivers = excluded.receivers,
    parties = excluded.parties;
  if branched then
    perform lt.supersede(streams, bad, subjects, superseded);
  end if;

  insert into lt.ledger (log_index, appended_at, recordedtime, stream, streamseq, arrival_offset, arrival_partition,
    message_id, hash, prevhash, causation_hash, class, name, source, to_agency, directory_version, effect,
    software_version, bytes)
  select coalesce(indexes[m.ordinality], first - 1 + m.ordinality), at, m.recordedtime, streams[m.subject], m.streamseq,
    m.arrival_offset, m.arrival_partition, m.id, m.hash, m.prevhash, m.causation_hash, m.class, m.name, m.source,
    m.to_agency, m.directory_version, m.effect, software, m.unnest
  from unnest(messages, bytes) with ordinality m
  where m.unit <> all (bad);
  if answers then
    perform lt.note_answers(messages, streams, bad, indexes, first);
  end if;

  if cardinality(deliveries) > 0 then
    select array_agg(r.receiver order by n.ordinality), array_agg(coalesce((
      select o.number from lt.outbox o where o.receiver = r.receiver and o.line = of_line order by o.number desc limit 1
    ), 0) order by n.ordinality) into receiver_numbers, highest
    from unnest(receivers) with ordinality n (node)
    left join lateral (select r.receiver from lt.receiver r where r.node = n.node limit 1) r on true;
    if array_position(receiver_numbers, null) is not null then
      receiver_numbers := lt.number_receivers(receivers);
    end if;
    insert into lt.outbox (receiver, line, number, log_index, owed_at, hops)
    select receiver_numbers[o.receiver], of_line, highest[o.receiver] + row_number() over (partition by o.receiver
      order by o.ordinality), o.log_index, at, o.hops
    from (
      select distinct on (d.receiver, 2) d.receiver, case d.message
        when 0 then (select l.log_index from lt.ledger l where l.hash = d.hash)
        else coalesce(indexes[d.message], first - 1 + d.message) end as log_index, d.hops, d.ordinality
      from unnest(deliveries) with ordinality d
      where d.unit <> all (bad)
      order by d.receiver, 2, d.ordinality
    ) o
    where (select b.number from lt.outbox b
      where b.log_index = o.log_index and b.receiver = receiver_numbers[o.receiver]) is null;
    if cardinality(openings) > 0 then
      perform lt.owe_openings(receiver_numbers, indexes, first, bad, at, deliveries, openings);
    end if;
  end if;

  if cardinality(keys) > 0 then
    insert into lt.idempotency as k (client, agency, key, body_hmac, answer, first_index, messages, kept_at)
    select i.client, i.agency, i.key, i.body_hmac, i.answer, coalesce(indexes[i.message], first - 1 + i.message),
      i.messages, at
    from unnest(keys) i
    where i.unit <> all (bad)
    on conflict (client, agency, key) do update set body_hmac = excluded.body_hmac, answer = excluded.answer,
      first_index = excluded.first_index, messages = excluded.messages, kept_at = excluded.kept_at;
  end if;
  if inbox is not null and coalesce(problems #>> '{0,kind}' = 'repeat', true) then
    perform lt.take_in(inbox, inbox_bytes, at);
  end if;
  return jsonb_build_object('first', first, 'problems', problems);
end $append$;
`;
