import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COUNT_UNANSWERED } from './read-models.sql.ts';

export class CountUnanswered1763942400002 implements MigrationInterface {
  readonly name = 'CountUnanswered1763942400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COUNT_UNANSWERED);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('read models are rebuilt, not undone'));
  }
}
