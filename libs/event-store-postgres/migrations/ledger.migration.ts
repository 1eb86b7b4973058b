import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger and what is changed under its lock. `lt.ledger_head` is a row that is locked and never updated: the next
 * index is read from the end of the ledger, so no row is rewritten with each commit (a transaction held open for an hour
 * would keep every old version of it).
 *
 * A stream is known by a number, given in order of first mention: rows of young dossiers lie side by side in the unique
 * index, whatever UUIDs their filers chose. `hash` is unique because (stream, streamseq, hash) is: the same hash means the
 * same signed bytes. The two hash indexes are half as large as B-trees over 32 random bytes, which halves the full-page
 * images written after each checkpoint.
 */
const LEDGER = `
create table lt.ledger_head (
  only_row boolean primary key default true check (only_row),
  -- Of the delivery lines begun now; a life begun after a restore counts it up.
  line integer not null default 1
) with (fillfactor = 10);
insert into lt.ledger_head default values;

create table lt.stream (
  stream bigint primary key,
  subject text not null unique,
  -- Events recorded, superseded ones too. 0: only commands and outcomes speak of it so far.
  revision integer not null default 0,
  hash bytea,
  streamseq bigint,
  recordedtime timestamptz,
  -- held: hand_to is the custodian. transit: from, to. released: hand_from released it.
  hand_kind text,
  hand_from text,
  hand_to text,
  branched boolean not null default false,
  fork boolean not null default false,
  receivers text[] not null default '{}',
  parties text[] not null default '{}'
) with (fillfactor = 70);
create index stream_in_transit on lt.stream (hand_to, stream) where hand_kind = 'transit';

create table lt.superseded (
  stream bigint not null,
  hash bytea not null,
  primary key (stream, hash)
);

create table lt.ledger (
  log_index bigint primary key,
  appended_at timestamptz not null,
  recordedtime timestamptz not null,
  stream bigint not null,
  streamseq bigint,
  -- Null: local.
  arrival_offset bigint,
  arrival_partition integer,
  message_id uuid not null,
  hash bytea not null,
  prevhash bytea,
  causation_hash bytea,
  class text not null,
  name text not null,
  source text not null,
  to_agency text,
  directory_version timestamptz,
  effect text not null,
  software_version text not null,
  bytes bytea not null,
  -- The id first: it begins with the time, so new rows go to the end of the index.
  constraint ledger_source_id unique (message_id, source),
  constraint ledger_place unique nulls not distinct (stream, streamseq, hash)
);
create index ledger_hash on lt.ledger using hash (hash);
create index ledger_directory on lt.ledger (log_index) where class = 'directory';
-- Few of all events, and looked for from the start of the log: what was erased, what was rehomed.
create index ledger_rare on lt.ledger (name, log_index) where name in ('personal-data-erased', 'rehomed');
create index ledger_causation on lt.ledger using hash (causation_hash);

-- Commands that no outcome answers yet, and that were not passed on to another node: few of all those recorded.
create table lt.unanswered (
  stream bigint not null,
  log_index bigint not null,
  hash bytea not null,
  -- Header lt-hops with which it came.
  hops integer not null,
  primary key (stream, log_index)
);
create index unanswered_hash on lt.unanswered using hash (hash);

create function lt.refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is never emptied' using errcode = 'insufficient_privilege';
end $$;
create trigger ledger_never_emptied before truncate on lt.ledger
  for each statement execute function lt.refuse_truncate();
-- Fires for logical replication and restores too.
alter table lt.ledger enable always trigger ledger_never_emptied;

create table lt.idempotency (
  client text not null,
  agency text not null,
  key text not null,
  body_hmac text not null,
  answer text not null,
  -- The unit's messages stand together in the log.
  first_index bigint,
  messages integer not null,
  kept_at timestamptz not null,
  primary key (client, agency, key)
);

create table lt.counter (
  agency text not null,
  name text not null,
  value bigint not null,
  primary key (agency, name)
) with (fillfactor = 50);

create table lt.follower_position (
  follower text primary key,
  log_index bigint not null
) with (fillfactor = 50);

create table lt.checkpoint (
  size bigint primary key,
  root_hash text not null,
  note text not null,
  saved_at timestamptz not null default clock_timestamp()
);
`;

export class Ledger implements MigrationInterface {
  readonly name = 'Ledger1795478400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LEDGER);
  }

  /** A ledger is not undone. */
  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
