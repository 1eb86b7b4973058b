import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SETTLE_INBOUND } from './settle.sql.ts';

export class Settle implements MigrationInterface {
  readonly name = 'Settle1795478400004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SETTLE_INBOUND);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
