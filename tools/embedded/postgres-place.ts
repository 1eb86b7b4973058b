/**
 * Where the databases of the nodes are: on the embedded server, on a server given by its administrator's URL, or each
 * given by URL. A ledger and a vault per node, each with an owner that migrates and a role that the program works under.
 */
import pg from 'pg';
import { migrate } from '#libs/event-store-postgres';
import { DomainError, type NodeId } from '#libs/kernel';
import { migrateReadModels } from '#libs/read-models';
import { migrateVault } from '#libs/vault';
import type { PostgresServer } from '#tools/stack';
import { newPassword } from '../stack/postgres/databases.ts';

export interface DatabasePlace {
  readonly appUrl: string;
  /** Absent: somebody else brings the database up to date. */
  readonly ownerUrl?: string;
}
export interface NodeDatabases {
  readonly ledger: DatabasePlace;
  readonly vault: DatabasePlace;
}
export type PostgresGiven =
  | { readonly urls: ReadonlyMap<NodeId, NodeDatabases> }
  /** `prefix` keeps the databases and roles of several stacks on one server apart. */
  | { readonly adminUrl: string; readonly prefix?: string };
export interface PostgresPlace {
  /** Makes what is missing. */
  databasesOf(node: NodeId): Promise<NodeDatabases>;
}

interface Names {
  readonly name: string;
  readonly owner: string;
  readonly appRole: string;
}
const namesOf = (node: NodeId, prefix = ''): { readonly ledger: Names; readonly vault: Names } => {
  const name = `${prefix}${node.replaceAll('-', '_')}`;
  const of = (base: string): Names => ({ name: base, owner: `${base}_owner`, appRole: `${base}_app` });
  return { ledger: of(name), vault: of(`${name}_vault`) };
};

export function embeddedPostgres(server: PostgresServer): PostgresPlace {
  return {
    async databasesOf(node) {
      const { ledger, vault } = namesOf(node);
      return { ledger: await server.ensureDatabase(ledger), vault: await server.ensureDatabase(vault) };
    },
  };
}

/** `roles`: passwords by role, kept by the caller; those that are missing are added. */
export function givenPostgres(given: PostgresGiven, roles: Record<string, string>): PostgresPlace {
  if ('urls' in given) return { databasesOf: async (node) => urlsOf(given.urls, node) };
  const { adminUrl, prefix } = given;
  return {
    async databasesOf(node) {
      const { ledger, vault } = namesOf(node, prefix);
      return { ledger: await makeAt(adminUrl, ledger, roles), vault: await makeAt(adminUrl, vault, roles) };
    },
  };
}

function urlsOf(urls: ReadonlyMap<NodeId, NodeDatabases>, node: NodeId): NodeDatabases {
  const found = urls.get(node);
  if (!found) throw new DomainError('CONFIG_INVALID', `no database is given for node ${node}`, { node });
  return found;
}

async function makeAt(adminUrl: string, names: Names, roles: Record<string, string>): Promise<DatabasePlace> {
  const { name, owner, appRole } = names;
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    for (const role of [owner, appRole]) await ensureRole(client, role, (roles[role] ??= newPassword()));
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    const database = pg.escapeIdentifier(name);
    if (!rowCount) {
      // Only a member of the owner may give a database away; a superuser needs no membership, and does not mind it.
      await client.query(`GRANT ${pg.escapeIdentifier(owner)} TO CURRENT_USER`);
      await client.query(`CREATE DATABASE ${database} OWNER ${pg.escapeIdentifier(owner)}`);
    }
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${pg.escapeIdentifier(appRole)}`);
  } finally {
    await client.end();
  }
  const urlFor = (role: string): string => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = roles[role] ?? '';
    url.pathname = `/${name}`;
    return url.href;
  };
  return { ownerUrl: urlFor(owner), appUrl: urlFor(appRole) };
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

/** Brings ledger, read models and vault to this program's version, where an owner is known. */
export async function migrateDatabases({ ledger, vault }: NodeDatabases): Promise<void> {
  if (ledger.ownerUrl !== undefined) {
    const wanted = { ownerUrl: ledger.ownerUrl, appRole: userOf(ledger.appUrl) };
    await migrate(wanted);
    await migrateReadModels(wanted);
  }
  if (vault.ownerUrl !== undefined) await migrateVault({ ownerUrl: vault.ownerUrl, appRole: userOf(vault.appUrl) });
}

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);
