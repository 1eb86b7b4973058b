import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators have in hand about messages in trouble. An act is noted here before the event that records it is appended,
 * and is in force from the moment the ledger holds that event: the one commit of the append decides both. A note whose
 * event never came means nothing (see `operator-acts.sql.ts`).
 */
const TROUBLE = `
create table lt.operator_act (
  hash bytea primary key,
  -- redrive/<job>, quarantine/<number>, loop/<name> or loop/<name>/<peer>
  about text not null,
  act text not null,
  reason text not null,
  by text not null,
  noted_at timestamptz not null default clock_timestamp()
);
create index operator_act_about on lt.operator_act (about);

create table lt.redrive_job (
  job uuid primary key,
  -- Hash of the redrive-started that it is in force by.
  started bytea not null,
  agency text not null,
  by text not null,
  reason text not null,
  correlation uuid not null,
  selection jsonb not null,
  -- Last number in quarantine when it was started: what comes later is another job's.
  up_to bigint not null,
  messages integer not null,
  bytes bigint not null,
  batch integer not null,
  per_minute integer not null,
  noted_at timestamptz not null default clock_timestamp(),
  -- Numbers up to this one have been tried.
  done_to bigint not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  finished_at timestamptz
) with (fillfactor = 50);
create index redrive_job_open on lt.redrive_job (next_at) where finished_at is null;

-- One row per try: the first outcome of a message stands in lt.quarantine for ever, those of later tries here. A try whose
-- event never came to the ledger means nothing, and may be noted anew under the same lease.
create table lt.redrive_try (
  job uuid not null,
  quarantine bigint not null,
  -- Of the lease under which it was tried.
  fence bigint not null,
  became text not null,
  stage text,
  code text,
  -- Hash of the quarantine-redriven with which it left; null: it stayed.
  act bytea,
  tried_at timestamptz not null default clock_timestamp(),
  primary key (job, quarantine, fence)
);
create index redrive_try_quarantine on lt.redrive_try (quarantine);
`;

export class Trouble implements MigrationInterface {
  readonly name = 'Trouble1795478400010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TROUBLE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
