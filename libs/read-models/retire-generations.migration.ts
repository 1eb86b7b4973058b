import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RETIRE } from './read-models.sql.ts';

export class RetireGenerations1763942400003 implements MigrationInterface {
  readonly name = 'RetireGenerations1763942400003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RETIRE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('read models are rebuilt, not undone'));
  }
}
