import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CREATE_VAULT } from './vault.sql.ts';

export class CreateVault1763942400000 implements MigrationInterface {
  readonly name = 'CreateVault1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_VAULT);
  }

  async down(): Promise<void> {
    throw new Error('a vault is not undone by a program');
  }
}
