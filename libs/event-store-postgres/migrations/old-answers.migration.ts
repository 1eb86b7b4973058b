import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers by idempotency key that are over are found by their age, and may be forgotten (`upkeep.ts`). */
const OLD_ANSWERS = 'create index idempotency_kept_at on lt.idempotency (kept_at);';

export class OldAnswers implements MigrationInterface {
  readonly name = 'OldAnswers1795478400012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OLD_ANSWERS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
