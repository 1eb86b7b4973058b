import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An outcome is sent to where its command began and to nobody else. So one that comes by the mailbox answers commands that
 * began here, and none that came by the mailbox themselves: those are this node's to decide or to pass on, whatever
 * somebody who has seen their hash says of them.
 */
const NOTE_ANSWERS = `
create or replace function lt.note_answers(messages lt.message_row[], streams bigint[], bad int[], indexes bigint[],
  first bigint) returns void language sql as $answers$
  insert into lt.unanswered (stream, log_index, hash, hops)
  select streams[m.subject], coalesce(indexes[m.ordinality], first - 1 + m.ordinality), m.hash, coalesce(m.hops, 0)
  from unnest(messages) with ordinality m
  where m.class = 'command' and m.unit <> all (bad)
    and (select true from lt.ledger l where l.causation_hash = m.hash and l.class = 'outcome'
      and (l.arrival_offset is null or m.arrival_offset is null) limit 1) is null;
  delete from lt.unanswered u where u.ctid = any (array(
    select (select w.ctid from lt.unanswered w where w.hash = m.causation_hash limit 1) from unnest(messages) m
    where m.class = 'outcome' and m.unit <> all (bad) and (m.arrival_offset is null
      or (select l.arrival_offset is null from lt.ledger l where l.hash = m.causation_hash limit 1))));
$answers$;`;

/**
 * Commands that come (back) a longer way than they were passed on with, without an answer here: this node is asked again. The
 * hops of one still waiting grow; one that was passed on waits anew.
 */
const REOPEN = `
create or replace function lt.reopen(commands jsonb) returns void language sql as $reopen$
  insert into lt.unanswered as u (stream, log_index, hash, hops)
  select l.stream, l.log_index, l.hash, c.hops
  from jsonb_to_recordset(commands) c (hash text, hops int)
  cross join lateral (select * from lt.ledger l where l.hash = decode(c.hash, 'hex') limit 1) l
  where l.class = 'command'
    and (select true from lt.ledger o where o.causation_hash = l.hash and o.class = 'outcome'
      and (o.arrival_offset is null or l.arrival_offset is null) limit 1) is null
    and not exists (select from lt.passed_on p where p.hash = l.hash and p.hops >= c.hops)
  on conflict (stream, log_index) do update set hops = greatest(u.hops, excluded.hops)
$reopen$;`;

export class OwnAnswers implements MigrationInterface {
  readonly name = 'OwnAnswers1795478400007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NOTE_ANSWERS);
    await runner.query(REOPEN);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
