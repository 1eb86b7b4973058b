import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lives (design 5). `lt.begin_life` runs with rights of its owner: the application's role writes no column of
 * `lt.ledger_head`, and a life only ever counts up. Counters move past a gap: what was issued after the state that was put
 * back is known to nobody here, and a code is never issued twice.
 */
const LIVES = `
create table lt.life (
  life integer primary key,
  -- Size of the log with which it began.
  kept bigint not null,
  note_before text,
  begun_at timestamptz not null default clock_timestamp(),
  recovered_at timestamptz
);

-- Of the recovery under way.
create table lt.recovery_peer (
  peer text primary key,
  streams bigint not null default 0,
  after text,
  done boolean not null default false,
  asked_at timestamptz not null
);
create table lt.recovery_wanted (
  hash bytea primary key,
  subject text not null,
  peer text not null,
  streamseq bigint not null,
  asked_at timestamptz
);

create function lt.begin_life(wanted int, note text) returns boolean language plpgsql security definer
set search_path = pg_catalog, pg_temp as $begin$
declare
  now_in int;
begin
  select h.line into now_in from lt.ledger_head h for update;
  if wanted <= now_in then
    return wanted = now_in;
  end if;
  update lt.ledger_head set line = wanted;
  insert into lt.life (life, kept, note_before)
  values (wanted, coalesce((select max(l.log_index) + 1 from lt.ledger l), 0), note);
  update lt.counter set value = value + 1000;
  delete from lt.recovery_peer;
  delete from lt.recovery_wanted;
  return true;
end $begin$;
`;

export class Lives implements MigrationInterface {
  readonly name = 'Lives1795478400011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LIVES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
