/** Acts and jobs are in force when the ledger holds their event: a note is written first, and the append decides. */

/** When the event with this hash was recorded, and where. Nothing: it was not (yet). */
export const recordedAs = (hash: string): string =>
  `cross join lateral (select l.log_index, l.appended_at from lt.ledger l where l.hash = ${hash} limit 1) e`;

/** $1 hash, $2 about, $3 act, $4 reason, $5 by */
export const NOTE_ACT = {
  name: 'note-act',
  text: `insert into lt.operator_act (hash, about, act, reason, by) values ($1, $2, $3, $4, $5) on conflict (hash) do nothing`,
};
/** $1 about. As a range of an index in byte order would need another index: acts are as many as people do by hand. */
export const READ_ACTS = {
  name: 'read-acts',
  text: `select a.about, a.act, a.reason, a.by, e.appended_at as at from lt.operator_act a ${recordedAs('a.hash')}
    where a.about = $1 or a.about ^@ ($1 || '/') order by e.log_index`,
};
