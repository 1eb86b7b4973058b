const ARRIVAL = 'arrival_partition, arrival_offset, record_key, bytes';
const HELD = `hash, reason, subject, source, waits_for, until, held_since, ${ARRIVAL}`;
const QUARANTINE = `id, quarantined_at, released_at, stage, code, hash, source, subject, type, ${ARRIVAL}`;

/** $1 partition */
export const FIND_OFFSET = {
  name: 'find-offset',
  text: 'select cluster_id, partition_start, next, mark from lt.mailbox_offset where partition = $1',
};
/** $1 hashes waited for */
export const FIND_HELD_WAITING = {
  name: 'find-held-waiting',
  text: `select ${HELD} from lt.held where waits_for = any ($1::bytea[]) order by held_since, hash`,
};
/** $1 now, $2 directory version, $3 limit */
export const FIND_HELD_DUE = {
  name: 'find-held-due',
  text: `select ${HELD} from lt.held
    where (reason = 'TOO_EARLY' and until <= $1) or (reason = 'DIRECTORY_BEHIND' and until <= $2)
      or (reason = 'GAP' and exists (select from lt.ledger l where l.hash = lt.held.waits_for))
    order by held_since, hash limit $3`,
};
/** $1 held before, $2 limit, $3 hash after which to begin; goes round, so that none waits behind others for ever. */
export const FIND_OLD_GAPS = {
  name: 'find-old-gaps',
  text: `select ${HELD} from lt.held
    where reason = 'GAP' and held_since not between $1 and $1::timestamptz + interval '10 minutes' order by hash <= $3, hash limit $2`,
};
export const COUNT_HELD = {
  name: 'count-held',
  text: 'select source, count(*)::int as count from lt.held group by source',
};
/** $1 hashes */
export const FIND_HELD = { name: 'find-held', text: `select ${HELD} from lt.held where hash = any ($1::bytea[])` };
/** $1 hashes */
export const IS_HELD = { name: 'is-held', text: 'select hash from lt.held where hash = any ($1::bytea[])' };
/** $1 code or null, $2 after, $3 limit. Released rows too: the list is a record. */
export const LIST_QUARANTINE = {
  name: 'list-quarantine',
  text: `select ${QUARANTINE} from lt.quarantine where id > $2 and ($1::text is null or code = $1) order by id limit $3`,
};
/** $1 codes, $2 limit, $3 after */
export const FIND_QUARANTINE_BY_CODES = {
  name: 'find-quarantine-by-codes',
  text: `select ${QUARANTINE} from lt.quarantine where code = any ($1::text[]) and released_at is null and id > $3 order by id limit $2`,
};
/** What could not be read has no source and counts under ''. */
export const COUNT_QUARANTINE = {
  name: 'count-quarantine',
  text: `select source, sum(messages)::int as count from lt.quarantine_share group by source having sum(messages) > 0`,
};
/** $1 sources. Rows without source: the whole. */
export const QUARANTINE_TAKEN = {
  name: 'quarantine-taken',
  text: `select null as source, proved, messages, bytes from lt.quarantine_whole
    union all select s.source, s.proved, s.messages, s.bytes from unnest($1::text[]) n (source)
    cross join (values (true), (false)) p (proved)
    cross join lateral (
      select * from lt.quarantine_share q where q.source = n.source and q.proved = p.proved limit 1) s`,
};
