import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * With an offset stands the mark of the record before it, by which a topic made anew and filled past the offset is known.
 * `lt.take_in` is otherwise as it stands, whichever migration wrote it last: only the statement about the offset changes.
 */
const OFFSET_MARK = `
alter table lt.mailbox_offset add column mark text;

do $patch$
declare
  body text := pg_get_functiondef('lt.take_in'::regproc);
  marked text := replace(replace(replace(replace(body,
    '(partition, cluster_id, partition_start, next)', '(partition, cluster_id, partition_start, next, mark)'),
    'select n.partition, n.cluster, n.start, n.next', 'select n.partition, n.cluster, n.start, n.next, n.mark'),
    'n (partition int, cluster text, start bigint, next bigint)',
    'n (partition int, cluster text, start bigint, next bigint, mark text)'),
    'next = excluded.next', 'next = excluded.next, mark = excluded.mark');
begin
  if length(marked) - length(body) <> 6 + 8 + 11 + 22 then
    raise exception 'lt.take_in is not as this migration knows it';
  end if;
  execute marked;
end $patch$;`;

export class OffsetMark implements MigrationInterface {
  readonly name = 'OffsetMark1795478400020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OFFSET_MARK);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
