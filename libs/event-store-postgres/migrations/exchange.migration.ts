import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is owed to other nodes and by them: outbox, receipts, lines coming in, held and quarantined messages, offsets. */
const EXCHANGE = `
create table lt.receiver (
  receiver integer primary key generated always as identity,
  node text not null unique,
  -- Last number the broker acknowledged, in the order (line, number).
  sent_line integer not null default 1,
  sent_number bigint not null default 0,
  lease_owner text,
  lease_until timestamptz,
  lease_ms integer,
  fence bigint not null default 0
) with (fillfactor = 30);

create table lt.outbox (
  receiver integer not null,
  line integer not null,
  number bigint not null,
  log_index bigint not null,
  owed_at timestamptz not null,
  hops smallint,
  primary key (receiver, line, number),
  -- One message is numbered once for a receiver.
  constraint outbox_once unique (log_index, receiver)
);

create table lt.opening_due (
  receiver integer not null,
  line integer not null,
  number bigint not null,
  event bytea not null,
  -- JSON array of pointers; null: all.
  pointers text,
  purpose text not null
);
create index opening_due_number on lt.opening_due (receiver, line, number);

create table lt.resend (
  receiver integer not null,
  line integer not null,
  number bigint not null,
  taken_at timestamptz,
  primary key (receiver, line, number)
);

create table lt.receipt (
  receiver integer not null,
  line integer not null,
  contiguous bigint not null,
  missing jsonb not null,
  refused jsonb not null,
  log_size bigint not null,
  receipt_at timestamptz not null,
  primary key (receiver, line)
) with (fillfactor = 50);

create table lt.inbound_line (
  peer text not null,
  line integer not null,
  highest bigint not null default 0,
  -- 1 to this number: delivered or refused. Never goes back.
  contiguous bigint not null default 0,
  -- Counts what a receipt would say anew; receipted is its value at the last receipt sent.
  changes bigint not null default 0,
  receipted bigint not null default 0,
  primary key (peer, line)
) with (fillfactor = 50);

-- Numbers that manifests have named: delivered ones leave once contiguous covers them, refused ones stay.
create table lt.inbound_number (
  peer text not null,
  line integer not null,
  number bigint not null,
  hash bytea not null,
  status text not null default 'open',
  code text,
  primary key (peer, line, number)
);
create index inbound_number_unsettled on lt.inbound_number (peer, line, number) where status <> 'delivered';

create table lt.mailbox_offset (
  partition integer primary key,
  cluster_id text not null,
  partition_start bigint not null,
  next bigint not null
) with (fillfactor = 30);

create table lt.held (
  hash bytea primary key,
  reason text not null,
  subject text not null,
  source text not null,
  waits_for bytea,
  until timestamptz,
  held_since timestamptz not null,
  arrival_partition integer,
  arrival_offset bigint,
  record_key text not null,
  bytes bytea not null
);
create index held_waits_for on lt.held (waits_for);
create index held_until on lt.held (reason, until);
create index held_since on lt.held (reason, held_since);
create index held_source on lt.held (source);

create table lt.quarantine (
  id bigint primary key generated always as identity,
  quarantined_at timestamptz not null,
  released_at timestamptz,
  stage text not null,
  code text not null,
  arrival_partition integer,
  arrival_offset bigint,
  record_key text not null,
  hash bytea,
  source text,
  subject text,
  type text,
  bytes bytea not null
);
-- A record read twice is quarantined once; other bytes at the same offset (a topic made anew) are another record.
create unique index quarantine_record on lt.quarantine (arrival_partition, arrival_offset, sha256(bytes))
  where arrival_partition is not null;
create index quarantine_hash on lt.quarantine using hash (hash);
create index quarantine_code on lt.quarantine (code, id) where released_at is null;
create index quarantine_source on lt.quarantine (source) where released_at is null;
`;

export class Exchange implements MigrationInterface {
  readonly name = 'Exchange1795478400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EXCHANGE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
