/** Lives and recovery (design 5, *Life*). */

/**
 * $1 index whose hash is asked for. The timeline is that of the log being written: what the control file has of it lags
 * behind a promotion. A server that follows another has no such log, and takes no append either.
 */
export const LIFE_FACTS = {
  name: 'life-facts',
  text: `select s.system_identifier::text as system, d.oid::text as database,
    case when pg_is_in_recovery() then 0
      else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline,
    h.line as life, last.log_index as last_index, last.hash as last_hash,
    (select l.hash from lt.ledger l where l.log_index = $1 limit 1) as hash_at,
    exists (select from lt.life f where f.life = h.line and f.recovered_at is null) as recovering
  from lt.ledger_head h cross join pg_control_system() s cross join lateral (
    select d.oid from pg_database d where d.datname = current_database() limit 1) d
  left join lateral (select l.log_index, l.hash from lt.ledger l order by l.log_index desc limit 1) last on true`,
};
export const LATER_LIVES = {
  name: 'later-lives',
  text: 'select life, kept, note_before, begun_at, recovered_at from lt.life order by life',
};
/** $1 life, $2 note */
export const BEGIN_LIFE = { name: 'begin-life', text: 'select lt.begin_life($1, $2) as begun' };
export const END_RECOVERY = {
  name: 'end-recovery',
  text: `update lt.life set recovered_at = clock_timestamp()
    where recovered_at is null and life = (select max(f.life) from lt.life f)`,
};
/** $1 agency, $2 name, $3 value */
export const RAISE_COUNTER = {
  name: 'raise-counter',
  text: `insert into lt.counter as c (agency, name, value) values ($1, $2, $3)
    on conflict (agency, name) do update set value = greatest(c.value, excluded.value)`,
};
/** $1 ms */
export const RECOVERY_PEERS = {
  name: 'recovery-peers',
  text: `select peer, streams, after, done, asked_at between clock_timestamp() - $1::int * interval '1 millisecond' and clock_timestamp() as lately
    from lt.recovery_peer order by peer`,
};
/** $1 peer, $2 streams more, $3 after, $4 done. Done stays so. */
export const NOTE_RECOVERY_PEER = {
  name: 'note-recovery-peer',
  text: `insert into lt.recovery_peer as p (peer, streams, after, done, asked_at)
    values ($1, $2, $3, $4, clock_timestamp())
    on conflict (peer) do update set streams = p.streams + excluded.streams, after = excluded.after,
      done = p.done or excluded.done, asked_at = excluded.asked_at`,
};
/** $1 hashes, $2 subjects, $3 peers, $4 places */
export const WANT_IN_RECOVERY = {
  name: 'want-in-recovery',
  text: `insert into lt.recovery_wanted (hash, subject, peer, streamseq)
    select distinct on (w.hash) w.hash, w.subject, w.peer, w.streamseq
    from unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[]) w (hash, subject, peer, streamseq)
    on conflict (hash) do nothing`,
};
export const DROP_RECOVERED = {
  name: 'drop-recovered',
  text: `delete from lt.recovery_wanted w where (select true from lt.ledger l where l.hash = w.hash limit 1)`,
};
/** $1 ms, $2 limit */
export const TAKE_RECOVERY_WANTED = {
  name: 'take-recovery-wanted',
  text: `update lt.recovery_wanted w set asked_at = clock_timestamp() where w.hash = any (array(
      select n.hash from lt.recovery_wanted n
      where n.asked_at is null
        or n.asked_at not between clock_timestamp() - $1::int * interval '1 millisecond' and clock_timestamp()
      order by n.asked_at nulls first limit $2))
    returning w.hash, w.subject, w.peer, w.streamseq`,
};
export const COUNT_RECOVERY_WANTED = {
  name: 'count-recovery-wanted',
  text: 'select count(*) as wanted from lt.recovery_wanted',
};
/**
 * $1 node, $2 agencies, $3 after, $4 limit, $5 sources of the agencies. Read along the names: a recovery is rare, and a node
 * has a part in most of what it shares. Whoever was never custodian can only have declined or rehomed: few events, by an index.
 */
export const LIST_HOLDINGS = {
  name: 'list-holdings',
  text: `(select t.subject, t.streamseq, t.hash from lt.stream t
      where t.subject > $3 and t.hash is not null and ($1 = any (t.receivers) or t.parties && $2::text[] or t.hand_kind = 'transit' and t.hand_to = any ($2::text[]))
      order by t.subject limit $4)
    union all
    (select distinct on (t.subject) t.subject, l.streamseq, l.hash from lt.ledger l join lt.stream t on t.stream = l.stream
      where l.name in ('rehomed', 'custody-declined') and l.class = 'event' and l.source = any ($5::text[])
        and t.subject > $3 and not coalesce($1 = any (t.receivers) or t.parties && $2::text[] or t.hand_kind = 'transit' and t.hand_to = any ($2::text[]), false)
      order by t.subject, l.streamseq desc limit $4)
    order by subject limit $4`,
};
