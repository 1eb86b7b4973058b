import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What quarantine holds, of each claimed source and in all, apart for messages whose signature held (stages `known` and
 * `entitled`) and for the rest. Triggers keep the sums, with rights of their owner: the application reads them alone. So
 * admitting a batch looks up the sources of that batch, however many rows and forged names there are.
 */
const QUARANTINE_SHARES = `
create table lt.quarantine_share (
  source text,
  proved boolean,
  messages bigint not null,
  bytes bigint not null,
  primary key (source, proved)
) with (fillfactor = 50);

create table lt.quarantine_whole (
  proved boolean primary key,
  messages bigint not null,
  bytes bigint not null
) with (fillfactor = 30);

create function lt.count_quarantined() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $count$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  insert into lt.quarantine_share as s (source, proved, messages, bytes)
  select coalesce(c.source, ''), c.stage in ('known', 'entitled'), sign * count(*), sign * sum(octet_length(c.bytes))
  from changed c where (c.released_at is null) = (tg_op = 'INSERT') group by 1, 2 order by 1, 2
  on conflict (source, proved) do update set messages = s.messages + excluded.messages, bytes = s.bytes + excluded.bytes;
  insert into lt.quarantine_whole as w (proved, messages, bytes)
  select c.stage in ('known', 'entitled'), sign * count(*), sign * sum(octet_length(c.bytes))
  from changed c where (c.released_at is null) = (tg_op = 'INSERT') group by 1 order by 1
  on conflict (proved) do update set messages = w.messages + excluded.messages, bytes = w.bytes + excluded.bytes;
  return null;
end $count$;

create trigger quarantine_taken after insert on lt.quarantine
  referencing new table as changed for each statement execute function lt.count_quarantined();
-- The one update there is: released_at, once.
create trigger quarantine_released after update on lt.quarantine
  referencing new table as changed for each statement execute function lt.count_quarantined();

insert into lt.quarantine_share (source, proved, messages, bytes)
select coalesce(source, ''), stage in ('known', 'entitled'), count(*), sum(octet_length(bytes))
from lt.quarantine where released_at is null group by 1, 2;
insert into lt.quarantine_whole (proved, messages, bytes)
select stage in ('known', 'entitled'), count(*), sum(octet_length(bytes))
from lt.quarantine where released_at is null group by 1;

drop index lt.quarantine_source;
`;

export class QuarantineShares implements MigrationInterface {
  readonly name = 'QuarantineShares1795478400006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(QUARANTINE_SHARES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
