/**
 * The way to the databases over TLS, on a server that takes nothing else: `hostssl` with a password, or with a certificate
 * of the client. What does not fit ends a start with what to do, and is never tried in the clear.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateReadModels } from '#libs/read-models';
import { migrateVault } from '#libs/vault';
import type { CertificateFiles } from '../testing/certificates.ts';
import { startSecurePostgres, type SecurePostgres } from '../testing/secure-postgres.ts';
import { migrate, openEventStore } from './index.ts';

jest.setTimeout(60_000);

describe('TLS to the database', () => {
  let server: SecurePostgres;
  let app: CertificateFiles;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-test-tls-'));
    server = await startSecurePostgres(folder, { name: 'ledger', owner: 'ledger_owner', appRole: 'ledger_app' });
    app = await server.authority.issue('app', { name: 'ledger_app' });
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const urlOf = (role: 'owner' | 'app', parameters: Readonly<Record<string, string>> = {}): string => {
    const url = new URL(role === 'owner' ? server.urls.ownerUrl : server.urls.appUrl);
    url.hostname = 'localhost';
    const wanted = { sslmode: 'verify-full', sslrootcert: server.authority.ca, ...parameters };
    for (const [name, value] of Object.entries(wanted)) if (value !== '') url.searchParams.set(name, value);
    return url.href;
  };
  const byCertificate = (files: CertificateFiles): string => {
    const url = new URL(urlOf('app', { sslcert: files.cert, sslkey: files.key }));
    url.password = '';
    return url.href.replace('/ledger?', '/ledger_by_certificate?');
  };
  const open = async (url: string): Promise<void> => (await openEventStore({ url, softwareVersion: 'spec' })).close();
  const refused = (why: RegExp) =>
    expect.objectContaining({ code: 'TLS_REFUSED', message: expect.stringMatching(why) });

  it('carries every migration and the work of the program', async () => {
    const wanted = { ownerUrl: urlOf('owner'), appRole: 'ledger_app' };
    await migrate(wanted);
    await migrateReadModels(wanted);
    await migrateVault(wanted);
    await open(urlOf('app'));
    expect(await server.waysIn()).toEqual(['TLS']);
  });

  it('is the login itself where the server asks for a certificate of the client', async () => {
    const client = new pg.Client(byCertificate(app));
    await client.connect();
    const { rows } = await client.query<{ name: string; dn: string }>(
      `select current_user as name, client_dn as dn from pg_stat_ssl where pid = pg_backend_pid()`,
    );
    await client.end();
    expect(rows).toEqual([{ name: 'ledger_app', dn: '/CN=ledger_app' }]);
    const other = await server.authority.issue('other', { name: 'somebody_else' });
    await expect(open(byCertificate(other))).rejects.toEqual(refused(/does not take the certificate of this client/));
    await expect(open(byCertificate(app).replace(/&sslcert=.*/, ''))).rejects.toEqual(refused(/none was shown/));
  });

  it('uses a certificate that was replaced on disk from the next connection on, in one pool', async () => {
    const other = await server.authority.issue('before', { name: 'somebody_else' });
    const pool = new pg.Pool({ connectionString: byCertificate(other) });
    await expect(pool.query('select 1')).rejects.toThrow(/certificate authentication failed/);
    for (const file of ['cert', 'key'] as const) copyFileSync(app[file], other[file]);
    expect(readFileSync(other.cert, 'utf8')).toBe(readFileSync(app.cert, 'utf8'));
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it.each([
    ['a server by another authority', () => urlOf('app', { sslrootcert: server.foreign.ca }), /sslrootcert/],
    ['a server by an authority that Node does not know', () => urlOf('app', { sslrootcert: '' }), /sslrootcert/],
    ['a certificate for another host', () => urlOf('app').replace('localhost', '127.0.0.1'), /another host name/],
    ['to speak in the clear', () => urlOf('app').replace(/\?.*/, ''), /sslmode=verify-full/],
  ])('refuses %s', async (_, url, why) => {
    await expect(open(url())).rejects.toEqual(refused(why));
    await expect(migrate({ ownerUrl: url(), appRole: 'ledger_app' })).rejects.toMatchObject({ code: 'TLS_REFUSED' });
  });

  it('refuses a server whose certificate has ended, and one without TLS', async () => {
    await server.showExpired();
    await expect(open(urlOf('app'))).rejects.toEqual(refused(/not valid now/));
    await server.turnOff();
    await expect(open(urlOf('app'))).rejects.toEqual(refused(/nothing is sent in the clear/));
  });
});
