/**
 * Questions to the ledger. `l` is the ledger, `t` the stream. Plans are kept while the tables grow (pools.ts), hence the
 * subqueries with a limit, which can only be lookups, and `log_index + 0`: to sort a stream's few rows, not to read the
 * whole log because it is in order.
 */

const STORED = `l.log_index, l.appended_at, l.arrival_partition, l.arrival_offset, l.effect, l.software_version, l.class,
  l.hash, l.bytes`;
const HEAD = `t.subject, t.revision, t.hash, t.streamseq, t.recordedtime, t.hand_kind, t.hand_from, t.hand_to, t.branched,
  t.fork, t.receivers, t.parties,
  case when t.branched then array(select x.hash from lt.superseded x where x.stream = t.stream order by x.hash)
    else '{}' end as superseded`;

/** $1 subject */
export const FIND_HEAD = {
  name: 'find-head',
  text: `select ${HEAD} from lt.stream t where t.subject = $1 and t.hash is not null`,
};

/** $1 subjects. One row per known stream, its events as one JSON array of arrays: a row per event would repeat the head. */
export const LOAD_GRAPHS = {
  name: 'load-graphs',
  text: `select ${HEAD}, coalesce((
    select json_agg(json_build_array(encode(l.hash, 'base64'), encode(l.prevhash, 'base64'), l.streamseq, l.source,
      l.message_id, l.name, floor(extract(epoch from l.recordedtime) * 1000)::bigint, l.to_agency,
      floor(extract(epoch from l.directory_version) * 1000)::bigint) order by l.log_index + 0)
    from lt.ledger l where l.stream = t.stream and l.streamseq is not null), '[]') as events
  from unnest($1::text[]) s (subject)
  cross join lateral (select * from lt.stream t where t.subject = s.subject limit 1) t where t.hash is not null`,
};

/** $1 subject */
export const READ_STREAM = {
  name: 'read-stream',
  text: `select ${STORED} from lt.stream t join lt.ledger l on l.stream = t.stream
    where t.subject = $1 and l.streamseq is not null order by l.log_index + 0`,
};
export const READ_MAIN_BRANCH = {
  name: 'read-main-branch',
  text: `select ${STORED} from lt.stream t join lt.ledger l on l.stream = t.stream
    where t.subject = $1 and l.streamseq is not null
      and not exists (select from lt.superseded x where x.stream = l.stream and x.hash = l.hash)
    order by l.streamseq`,
};

/** $1 hashes */
export const FIND_BY_HASH = {
  name: 'find-by-hash',
  text: `select ${STORED} from unnest($1::bytea[]) h (hash)
    cross join lateral (select * from lt.ledger l where l.hash = h.hash limit 1) l`,
};
/** $1 sources, $2 ids */
export const FIND_IDS = {
  name: 'find-ids',
  text: `select l.source, l.message_id, l.hash from unnest($1::text[], $2::uuid[]) p (source, id)
    cross join lateral (select * from lt.ledger l where l.source = p.source and l.message_id = p.id limit 1) l`,
};
/** $1 hash of the cause */
export const FIND_CAUSED = {
  name: 'find-caused',
  text: `select ${STORED} from lt.ledger l where l.causation_hash = $1 order by l.log_index + 0`,
};
/** $1 subject */
export const FIND_UNANSWERED = {
  name: 'find-unanswered',
  text: `select ${STORED}, u.hops from lt.stream t join lt.unanswered u on u.stream = t.stream
    cross join lateral (select * from lt.ledger l where l.log_index = u.log_index limit 1) l
    where t.subject = $1 order by u.log_index`,
};
/** $1 hash, $2 node, $3 hops. One that has come back a longer way by now, before this was said, waits on. */
export const MARK_PASSED_ON = {
  name: 'mark-passed-on',
  text: `with waiting as (
    select u.ctid, l.arrival_offset is null as own from lt.unanswered u join lt.ledger l using (log_index)
    where u.hash = $1 and u.hops <= $3
  ), gone as (
    delete from lt.unanswered u using waiting w where u.ctid = w.ctid and not w.own
  ), sent as (
    update lt.unanswered u set hops = 0 from waiting w where u.ctid = w.ctid and w.own
  )
  insert into lt.passed_on as p (hash, node, hops) values ($1, $2, $3)
  on conflict (hash) do update set node = excluded.node, hops = excluded.hops where p.hops <= excluded.hops`,
};
/** $1 hash */
export const PUT_ASIDE = { name: 'put-aside', text: 'delete from lt.unanswered where hash = $1' };
/** $1 hashes */
export const FIND_WAYS = {
  name: 'find-ways',
  text: 'select hash, node, hops from lt.passed_on where hash = any ($1::bytea[])',
};
/** $1 number of the stream after which to begin, $2 limit; goes round, so that none waits behind others for ever. */
export const LIST_UNANSWERED = {
  name: 'list-unanswered',
  text: `select t.stream, t.subject from (select distinct stream from lt.unanswered) u join lt.stream t using (stream)
    order by t.stream <= $1, t.stream limit $2`,
};
/** $1 agencies, $2 number of the stream after which to begin, $3 limit; goes round. */
export const LIST_IN_TRANSIT = {
  name: 'list-in-transit',
  text: `select t.stream, ${HEAD} from lt.stream t where t.hand_kind = 'transit' and t.hand_to = any ($1::text[])
    order by t.stream <= $2, t.stream limit $3`,
};
/** $1 after, $2 limit */
export const READ_LOG = {
  name: 'read-log',
  text: `select ${STORED} from lt.ledger l where l.log_index > $1 order by l.log_index limit $2`,
};
/** $1 name, $2 after, $3 limit */
export const READ_NAMED = {
  name: 'read-named',
  text: `select ${STORED} from lt.ledger l
    where l.name = $1 and l.name in ('personal-data-erased', 'rehomed', 'custody-declined') and l.class = 'event' and l.log_index > $2
    order by l.log_index limit $3`,
};
/** $1 sources, $2 after, $3 limit */
export const READ_COMMANDS_OF = {
  name: 'read-commands-of',
  text: `select ${STORED} from lt.ledger l where l.source = any ($1::text[]) and l.class = 'command' and l.log_index > $2
    order by l.log_index limit $3`,
};
export const READ_DIRECTORY = {
  name: 'read-directory',
  text: `select ${STORED} from lt.ledger l where l.class = 'directory' order by l.log_index`,
};
export const LAST_OF_LOG = {
  name: 'last-of-log',
  text: 'select l.log_index, l.hash from lt.ledger l order by l.log_index desc limit 1',
};
/** $1 client, $2 agency, $3 key */
export const FIND_IDEMPOTENT = {
  name: 'find-idempotent',
  text: `select body_hmac, answer from lt.idempotency
    where (client, agency, key) = ($1, $2, $3) and kept_at > clock_timestamp() - interval '7 days'`,
};
