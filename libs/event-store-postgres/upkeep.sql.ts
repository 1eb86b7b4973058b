/** What may go, and how much of the disk is taken (docs/overload.md). */

/**
 * $1 days, $2 limit. Rows that somebody holds are passed over and found by a later turn, so this waits for nobody; rows are
 * held for one short statement, and only under keys that are over, so nobody waits for this.
 */
export const FORGET_ANSWERS = {
  name: 'forget-answers',
  text: `delete from lt.idempotency where ctid = any (array(
    select k.ctid from lt.idempotency k where k.kept_at < now() - $1::int * interval '1 day'
    order by k.kept_at limit $2 for update skip locked))`,
};

export const TABLES = {
  name: 'disk-tables',
  text: `select c.relname as name, pg_total_relation_size(c.oid)::bigint::text as bytes, pg_indexes_size(c.oid)::bigint::text as index_bytes
    from pg_class c where c.relnamespace = 'lt'::regnamespace and c.relkind = 'r'
    order by pg_total_relation_size(c.oid) desc, c.relname limit 10`,
};
export const DATABASE = {
  name: 'disk-database',
  text: 'select pg_database_size(current_database())::bigint::text as bytes',
};
/**
 * Size of the log, and how many of its messages are younger than a day: `appended_at` never goes back along the log, so
 * the first of them is found by halving.
 */
export const LAST_DAY = {
  name: 'disk-last-day',
  text: `with recursive log (size) as (
    select coalesce((select l.log_index + 1 from lt.ledger l order by l.log_index desc limit 1), 0)
  ), halving (low, high) as (
    select 0::bigint, size from log
    union all
    select case when m.old then (low + high) / 2 + 1 else low end, case when m.old then high else (low + high) / 2 end
    from halving cross join lateral (
      select l.appended_at < now() - interval '1 day' as old from lt.ledger l where l.log_index = (low + high) / 2 limit 1) m
    where low < high
  )
  select size::text as messages, (size - (select max(low) from halving))::text as last_day from log`,
};
