/** What a watcher counts: small tables, each whole, and sizes that the catalogue keeps. Never a count over the ledger. */
export const HELD = {
  name: 'tally-held',
  text: `select reason, count(*)::int as count, min(held_since) as oldest from lt.held group by reason`,
};
export const QUARANTINED = {
  name: 'tally-quarantined',
  text: `select stage, code, count(*)::int as count, min(quarantined_at) as oldest
    from lt.quarantine where released_at is null group by stage, code`,
};
export const UNANSWERED = {
  name: 'tally-unanswered',
  text: `select count(*)::int as count, (select l.appended_at from lt.unanswered u join lt.ledger l using (log_index)
    order by u.log_index limit 1) as oldest from lt.unanswered`,
};
export const SIZES = {
  name: 'tally-sizes',
  text: `select relname as relation, pg_total_relation_size(oid)::bigint::text as bytes from pg_class
    where relnamespace = 'lt'::regnamespace and relkind = 'r'
      and relname in ('ledger', 'outbox', 'stream', 'held', 'quarantine', 'idempotency')`,
};
