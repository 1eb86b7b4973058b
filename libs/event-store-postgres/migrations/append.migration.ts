import type { MigrationInterface, QueryRunner } from 'typeorm';
import * as parts from './append-parts.sql.ts';
import { APPEND, ROW_TYPES } from './append.sql.ts';

/** The functions through which everything enters the ledger. */
export class Append implements MigrationInterface {
  readonly name = 'Append1795478400003';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ROW_TYPES, ...Object.values(parts), APPEND]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
