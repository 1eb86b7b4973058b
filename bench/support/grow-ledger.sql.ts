/** $1, $2: range of the log; $3: how far behind; $4: how much higher streams are numbered; $5: what makes them different. */

const OTHER_ID = `overlay(l.message_id::text placing substr(md5(l.message_id::text || $5), 1, 12) from 25)::uuid`;

export const CLONE_LEDGER = `insert into lt.ledger (log_index, appended_at, recordedtime, stream, streamseq, message_id, hash,
    prevhash, class, name, source, to_agency, directory_version, effect, software_version, bytes)
  select l.log_index + $3::bigint, l.appended_at, l.recordedtime, l.stream + $4::bigint, l.streamseq, ${OTHER_ID},
    sha256(l.hash || convert_to($5, 'utf8')), sha256(l.prevhash || convert_to($5, 'utf8')), l.class, l.name, l.source,
    l.to_agency, l.directory_version, l.effect, l.software_version, l.bytes
  from lt.ledger l where l.log_index >= $1 and l.log_index < $2 order by l.log_index`;

export const CLONE_STREAMS = `insert into lt.stream (stream, subject, revision, hash, streamseq, recordedtime, hand_kind, hand_from,
    hand_to, branched, fork, receivers, parties)
  select t.stream + $4::bigint, 'dossier/H26.129.05/' || md5(t.subject || $5)::uuid, t.revision,
    sha256(t.hash || convert_to($5, 'utf8')), t.streamseq, t.recordedtime, t.hand_kind, t.hand_from, t.hand_to, t.branched,
    t.fork, t.receivers, t.parties
  from lt.stream t where $3::bigint is not null
    and t.stream in (select stream from lt.ledger where log_index >= $1 and log_index < $2)`;

export const CLONE_OUTBOX = `with last as materialized (select receiver, max(number) as number from lt.outbox group by receiver)
  insert into lt.outbox (receiver, line, number, log_index, owed_at)
  select o.receiver, o.line, row_number() over (partition by o.receiver order by o.log_index) + last.number,
    o.log_index + $3::bigint, o.owed_at
  from lt.outbox o join last using (receiver) where o.log_index >= $1 and o.log_index < $2`;
