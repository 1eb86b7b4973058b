import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PUT_TOGETHER } from './put-together.sql.ts';

/**
 * What one event commits to of one person lies in one row, sealed once: of an event with some five personal values one or
 * two rows instead of five, each with three indexes. Rows from before hold one value each, and open as they did.
 */
export class DisclosuresTogether1795478400002 implements MigrationInterface {
  readonly name = 'DisclosuresTogether1795478400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PUT_TOGETHER);
  }

  async down(): Promise<void> {
    throw new Error('a vault is not undone by a program');
  }
}
