import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateVault } from '#libs/vault';

export interface VaultDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  drop(): Promise<void>;
}

/** A database of its own on the server of TEST_DATABASE_ADMIN_URL, with the two roles of a vault; migrated unless told not to be. */
export async function createVaultDatabase({ migrated = true } = {}): Promise<VaultDatabase> {
  const adminUrl = process.env['TEST_DATABASE_ADMIN_URL'];
  if (!adminUrl)
    throw new Error('TEST_DATABASE_ADMIN_URL is not set: run integration tests through their Jest project');
  const name = `vault_${randomBytes(8).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  const [owner, app] = [`${name}_owner`, `${name}_app`];
  await asAdmin(adminUrl, [
    `CREATE ROLE ${owner} LOGIN PASSWORD '${password}'`,
    `CREATE ROLE ${app} LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${name} OWNER ${owner}`,
  ]);
  const urlFor = (role: string): string => {
    const url = new URL(adminUrl);
    return Object.assign(url, { username: role, password, pathname: `/${name}` }).href;
  };
  const database = { name, ownerUrl: urlFor(owner), appUrl: urlFor(app) };
  if (migrated) await migrateVault({ ownerUrl: database.ownerUrl, appRole: app });
  return {
    ...database,
    drop: () => asAdmin(adminUrl, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${owner}`, `DROP ROLE ${app}`]),
  };
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
