import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CREATE_READ_MODELS } from './read-models.sql.ts';

export class CreateReadModels1763942400001 implements MigrationInterface {
  readonly name = 'CreateReadModels1763942400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_READ_MODELS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('read models are rebuilt, not undone'));
  }
}
