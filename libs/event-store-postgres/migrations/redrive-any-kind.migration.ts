import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Redrives of what is not in quarantine: held, parked, undeliverable, in limbo. Such an item has no number of its own, so a
 * try names it by its key, and `quarantine` is its number within the job.
 */
const REDRIVE_ANY_KIND = `
-- Key of the last item that was tried; null: none yet, or a job about quarantine.
alter table lt.redrive_job add column done_key text;
-- Key in its kind of trouble; null: quarantined. Was: why it was in trouble before.
alter table lt.redrive_try add column item text, add column was text, add column subject text, add column hash text;
`;

export class RedriveAnyKind implements MigrationInterface {
  readonly name = 'RedriveAnyKind1795478400015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REDRIVE_ANY_KIND);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
