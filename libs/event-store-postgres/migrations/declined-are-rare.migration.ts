import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who gets a dossier back must find the refusals from the start of the log on, as it finds rehomings. */
const DECLINED_ARE_RARE = `
drop index lt.ledger_rare;
create index ledger_rare on lt.ledger (name, log_index)
  where name in ('personal-data-erased', 'rehomed', 'custody-declined');`;

export class DeclinedAreRare implements MigrationInterface {
  readonly name = 'DeclinedAreRare1795478400008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DECLINED_ARE_RARE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the ledger has no way back'));
  }
}
