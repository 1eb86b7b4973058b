/**
 * A ledger's database of its own for a spec file, copied from a template that the first one to ask has migrated (an
 * advisory lock of the server lets one do it). The template is named after the migrations' text, so a server that outlives
 * a run never lends an old one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '#libs/event-store-postgres';

export interface TemporaryDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly appRole: string;
  /** The server's administrator in this database. */
  readonly adminUrl: string;
  /** As it stands now, under another name: what a backup keeps. Connections to it are cut. */
  copy(): Promise<TemporaryDatabase>;
  drop(): Promise<void>;
}

const OWNER = 'lt_test_owner';
const APP = 'lt_test_app';
const LOCK = 7_244_631_906;
const ROOM = join(import.meta.dirname, '../event-store-postgres');

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_ADMIN_URL'];
  if (!url) throw new Error('TEST_DATABASE_ADMIN_URL is not set: run integration tests through their Jest project');
  return url;
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same for every process that uses the server, and unknown to others. */
const password = (): string => createHash('sha256').update(`roles of tests, ${serverUrl()}`).digest('hex');

function templateName(): string {
  const digest = createHash('sha256');
  for (const file of readdirSync(join(ROOM, 'migrations')).sort())
    digest.update(readFileSync(join(ROOM, 'migrations', file)));
  digest.update(readFileSync(join(ROOM, 'grants.sql.ts')));
  return `lt_template_${digest.digest('hex').slice(0, 16)}`;
}

function urlsOf(name: string): Pick<TemporaryDatabase, 'ownerUrl' | 'appUrl' | 'adminUrl'> {
  const urlFor = (role?: string): string => {
    const url = new URL(serverUrl());
    url.pathname = `/${name}`;
    if (role) Object.assign(url, { username: role, password: password() });
    return url.href;
  };
  return { ownerUrl: urlFor(OWNER), appUrl: urlFor(APP), adminUrl: urlFor() };
}

const exists = async (client: pg.Client, table: 'pg_roles' | 'pg_database', name: string): Promise<boolean> => {
  const column = table === 'pg_roles' ? 'rolname' : 'datname';
  return (await client.query(`select from ${table} where ${column} = $1`, [name])).rowCount !== 0;
};

/** Makes the two roles and the migrated template, unless they are there. */
async function prepare(template: string): Promise<void> {
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    for (const role of [OWNER, APP]) {
      if (!(await exists(client, 'pg_roles', role)))
        await client.query(`create role ${role} login password '${password()}'`);
    }
    if (await exists(client, 'pg_database', template)) return;
    const unfinished = `${template}_new`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} owner ${OWNER}`);
    await migrate({ ownerUrl: urlsOf(unfinished).ownerUrl, appRole: APP });
    await client.query(`alter database ${unfinished} rename to ${template}`);
  });
}

/** @param migrated false: empty, owned by the owner's role */
export async function createTemporaryDatabase({ migrated = true } = {}): Promise<TemporaryDatabase> {
  const template = templateName();
  await prepare(template);
  const name = `lt_${randomBytes(8).toString('hex')}`;
  await asAdmin((client) =>
    client.query(`create database ${name} owner ${OWNER}${migrated ? ` template ${template}` : ''}`),
  );
  return placed(name);
}

function placed(name: string): TemporaryDatabase {
  return {
    name,
    ...urlsOf(name),
    appRole: APP,
    copy: async () => {
      const beside = `lt_${randomBytes(8).toString('hex')}`;
      await asAdmin(async (client) => {
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
        await client.query(`create database ${beside} owner ${OWNER} template ${name}`);
      });
      return placed(beside);
    },
    drop: async () => {
      await asAdmin((client) => client.query(`drop database ${name} with (force)`));
    },
  };
}
