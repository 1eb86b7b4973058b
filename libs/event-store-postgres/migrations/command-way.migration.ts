import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where commands were passed on to last. Without it a node could not tell a copy that comes late from a command that came
 * back, nor lead a command that its originator sends again to whoever has it now. A few rows of all commands, kept as long
 * as the ledger: the outcome goes to the originator, and a node in between never hears of it.
 */
const PASSED_ON = `
create table lt.passed_on (
  hash bytea primary key,
  node text not null,
  -- Header lt-hops with which it went.
  hops integer not null
);`;

/**
 * Commands that come (back) after a longer way than before, without an outcome here: this node is asked again. The hops of
 * one still waiting grow; one that was passed on waits anew.
 */
const REOPEN = `
create or replace function lt.reopen(commands jsonb) returns void language sql as $reopen$
  insert into lt.unanswered as u (stream, log_index, hash, hops)
  select l.stream, l.log_index, l.hash, c.hops
  from jsonb_to_recordset(commands) c (hash text, hops int)
  cross join lateral (select * from lt.ledger l where l.hash = decode(c.hash, 'hex') limit 1) l
  where l.class = 'command'
    and (select true from lt.ledger o where o.causation_hash = l.hash and o.class = 'outcome' limit 1) is null
    and not exists (select from lt.passed_on p where p.hash = l.hash and p.hops >= c.hops)
  on conflict (stream, log_index) do update set hops = greatest(u.hops, excluded.hops)
$reopen$;`;

export class CommandWay implements MigrationInterface {
  readonly name = 'CommandWay1795478400005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PASSED_ON);
    await runner.query(REOPEN);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
