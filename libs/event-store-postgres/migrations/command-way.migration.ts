import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where commands were passed on to last. Without it a node could not tell a copy that comes late from a command that came
 * back, nor lead a command that its originator sends again to whoever has it now. A few rows of all commands, kept as long
 * as the ledger: the outcome goes to the originator, and a node in between never hears of it.
 */
const PASSED_ON = `
create table lt.passed_on (
  hash bytea primary key,
  node text not null,
  -- Header lt-hops with which it went.
  hops integer not null
);`;

export class CommandWay implements MigrationInterface {
  readonly name = 'CommandWay1795478400005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PASSED_ON);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
