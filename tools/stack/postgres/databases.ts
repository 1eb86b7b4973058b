/** Databases and roles of the embedded server. Everything may be asked for again: what is there stays as it is. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface DatabaseWanted {
  readonly name: string;
  /** Role that owns the database and migrates it. */
  readonly owner: string;
  /** Role the program works under: may connect, and has what the owner's migrations grant it. */
  readonly appRole: string;
}
export interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
}
export interface ServerAddress {
  readonly port: number;
  readonly adminUser: string;
  readonly adminPassword: string;
}

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Any fixed number: two starts that make the same role at once would both see it missing. */
const LOCK = 7_315_027_481;

export function urlOf(port: number, user: string, password: string, database: string): string {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

export const newPassword = (): string => randomBytes(24).toString('base64url');

/** Runs `work` on a connection of the administrator, under one lock for the whole server. */
async function asAdmin<T>(server: ServerAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: urlOf(server.port, server.adminUser, server.adminPassword, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** True when the server answers a query of the administrator. */
export async function answers(server: ServerAddress): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(server.port, server.adminUser, server.adminPassword, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  // Without a listener a connection cut after the answer would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(
    `${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`,
  );
}

/** Makes what is missing of a database, its owner and its application's role; nobody else may connect. */
export async function makeDatabase(
  server: ServerAddress,
  wanted: DatabaseWanted,
  passwords: Readonly<Record<string, string>>,
): Promise<DatabaseUrls> {
  const { name, owner, appRole } = wanted;
  for (const word of [name, owner, appRole]) {
    if (!NAME.test(word)) throw new Error(`not a name for a database or role: ${word}`);
  }
  const passwordOf = (role: string): string => passwords[role] ?? '';
  await asAdmin(server, async (client) => {
    await ensureRole(client, owner, passwordOf(owner));
    await ensureRole(client, appRole, passwordOf(appRole));
    const database = pg.escapeIdentifier(name);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${pg.escapeIdentifier(owner)}`);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${pg.escapeIdentifier(appRole)}`);
  });
  return {
    ownerUrl: urlOf(server.port, owner, passwordOf(owner), name),
    appUrl: urlOf(server.port, appRole, passwordOf(appRole), name),
  };
}
