import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A quarantined message leaves once. With it stands the last message of the batch it left with (the act that names it, or
 * what was recorded); a batch that would take out one that has left with another raises LT001, which the store tells as a
 * conflict: the whole batch is undone and judged again. The same batch again is no other one. `take_in` is otherwise as in
 * `append-parts.sql.ts`, whose comment holds.
 */
const ONE_FATE = `
alter table lt.quarantine add column left_with bytea;

create or replace function lt.take_in(inbox jsonb, in_bytes bytea[], at timestamptz) returns void language plpgsql as $take$
declare
  held_count int := coalesce(jsonb_array_length(inbox -> 'held'), 0);
  leaving bigint[];
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
    leaving := array(select r::bigint from jsonb_array_elements_text(inbox -> 'released') r);
    if (select true from lt.quarantine q where q.id = any (leaving) and q.released_at is not null
        and q.left_with is distinct from decode(inbox ->> 'left_with', 'hex') limit 1) then
      raise exception 'it has left quarantine with another' using errcode = 'LT001';
    end if;
    update lt.quarantine q set released_at = at, left_with = decode(inbox ->> 'left_with', 'hex')
    where q.id = any (leaving) and q.released_at is null;
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

export class OneFate implements MigrationInterface {
  readonly name = 'OneFate1795478400014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ONE_FATE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
