/** $1 follower */
export const FIND_POSITION = {
  name: 'find-position',
  text: 'select log_index from lt.follower_position where follower = $1',
};
/** $1 follower, $2 log index. May go back: a fold is rebuilt from the start. */
export const SAVE_POSITION = {
  name: 'save-position',
  text: `insert into lt.follower_position (follower, log_index) values ($1, $2)
    on conflict (follower) do update set log_index = excluded.log_index`,
};
/** $1 agency, $2 name, $3 how many. Gives the last of them. */
export const NEXT_NUMBER = {
  name: 'next-number',
  text: `insert into lt.counter as c (agency, name, value) values ($1, $2, $3)
    on conflict (agency, name) do update set value = c.value + excluded.value returning value`,
};
/** $1 size, $2 root hash, $3 note */
export const SAVE_CHECKPOINT = {
  name: 'save-checkpoint',
  text: 'insert into lt.checkpoint (size, root_hash, note) values ($1, $2, $3) on conflict (size) do nothing',
};
/** $1 after, $2 limit */
export const READ_CHECKPOINTS = {
  name: 'read-checkpoints',
  text: 'select size, root_hash, note from lt.checkpoint where size > $1 order by size limit $2',
};
export const FIND_CHECKPOINT = {
  name: 'find-checkpoint',
  text: 'select size, root_hash, note from lt.checkpoint order by size desc limit 1',
};
