/** A PostgreSQL server of a spec's own that speaks over TLS alone: by password, and in one database by certificate. */
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openStack, removeStack } from '#tools/stack';
import { type Authority, type CertificateFiles, makeAuthority } from './certificates.ts';

export interface SecurePostgres {
  readonly authority: Authority;
  readonly foreign: Authority;
  readonly urls: { readonly ownerUrl: string; readonly appUrl: string };
  /** How all who were let in came, the administrator aside. */
  waysIn(): Promise<readonly string[]>;
  showExpired(): Promise<void>;
  turnOff(): Promise<void>;
  remove(): Promise<void>;
}
interface DatabaseWanted {
  readonly name: string;
  readonly owner: string;
  readonly appRole: string;
}

/** The database `<name>_by_certificate` lets its users in by certificate alone. */
export async function startSecurePostgres(folder: string, wanted: DatabaseWanted): Promise<SecurePostgres> {
  const authority = await makeAuthority(folder, 'city-authority');
  const foreign = await makeAuthority(folder, 'foreign-authority');
  const host = { name: 'database', hosts: ['localhost'] };
  const good = await authority.issue('server', host);
  const ended = await authority.issue('expired', { ...host, days: -1 });
  const stack = openStack(join(folder, 'stack'));
  const server = await stack.startPostgres();
  const urls = await server.ensureDatabase(wanted);
  const byCertificate = `${wanted.name}_by_certificate`;
  await server.ensureDatabase({ ...wanted, name: byCertificate });
  const admin = new pg.Client(server.adminUrl);
  admin.on('error', () => undefined);
  await admin.connect();
  const { rows } = await admin.query<{ data: string }>(`select current_setting('data_directory') as data`);
  const data = rows[0]?.data ?? '';
  const reload = async (): Promise<void> => void (await admin.query('select pg_reload_conf()'));
  const show = async ({ cert, key }: CertificateFiles): Promise<void> => {
    place(cert, join(data, 'server.crt'));
    place(key, join(data, 'server.key'));
    await reload();
  };
  place(authority.ca, join(data, 'root.crt'));
  for (const [name, value] of [
    ['ssl_ca_file', 'root.crt'],
    ['log_connections', 'all'],
    ['ssl', 'on'],
  ])
    await admin.query(`alter system set ${name} = '${value}'`);
  const rules = [
    'host    postgres         all  127.0.0.1/32  scram-sha-256',
    `hostssl ${byCertificate} all  127.0.0.1/32  cert`,
    'hostssl all              all  127.0.0.1/32  scram-sha-256',
  ];
  writeFileSync(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  await show(good);
  return {
    authority,
    foreign,
    urls,
    waysIn: async () => {
      const log = readFileSync(join(data, '../postgres.log'), 'utf8').split('\n');
      const others = log.filter(
        (line) => line.includes('connection authorized') && !line.includes('database=postgres'),
      );
      return [...new Set(others.map((line) => (line.includes('SSL enabled') ? 'TLS' : 'in the clear')))];
    },
    showExpired: () => show(ended),
    turnOff: async () => {
      await admin.query('alter system set ssl = off');
      await reload();
    },
    async remove() {
      await admin.end();
      await stack.stopAll();
      await removeStack(stack.dataDir);
    },
  };
}

/** As the account that runs the server, which alone may read a key. */
function place(from: string, to: string): void {
  copyFileSync(from, to);
  const { uid, gid } = statSync(join(to, '..'));
  if (process.getuid?.() === 0) chownSync(to, uid, gid);
  chmodSync(to, 0o600);
}
