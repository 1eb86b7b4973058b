import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStack, removeStack, type Stack } from '#tools/stack';
import { isRunning } from '../process.ts';

jest.setTimeout(60_000);

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  const stacks: Stack[] = [];
  const open = (folder = mkdtempSync(join(tmpdir(), 'lienthong-test-pg-'))): Stack => {
    const stack = openStack(folder);
    stacks.push(stack);
    return stack;
  };
  afterEach(async () => {
    for (const stack of stacks.splice(0)) {
      await stack.stopAll();
      await removeStack(stack.dataDir);
    }
  });

  it('runs with everything that makes a commit durable, on 127.0.0.1 alone, and believes passwords only', async () => {
    const { adminUrl, port } = await open().startPostgres();
    const settings = await ask<{ name: string; setting: string }>(
      adminUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN
       ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'server_version_num', 'data_checksums')`,
    );
    const found = Object.fromEntries(settings.map(({ name, setting }) => [name, setting]));
    expect(found).toMatchObject({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      server_version_num: expect.stringMatching(/^18/),
    });
    await expect(ask(`postgres://lienthong_admin:wrong@127.0.0.1:${port}/postgres`, 'SELECT 1')).rejects.toThrow(
      /password/,
    );
  });

  it('makes databases whose roles can do what they should, however often and at once it is asked', async () => {
    const postgres = await open().startPostgres();
    const wanted = { name: 'node_a', owner: 'node_a_owner', appRole: 'node_a_app' };
    const [urls, again, other] = await Promise.all([
      postgres.ensureDatabase(wanted),
      postgres.ensureDatabase(wanted),
      postgres.ensureDatabase({ name: 'node_b', owner: 'node_b_owner', appRole: 'node_b_app' }),
    ]);
    expect(again).toEqual(urls);
    await ask(urls.ownerUrl, 'CREATE TABLE t (n int); GRANT INSERT, SELECT ON t TO node_a_app');
    await ask(urls.appUrl, 'INSERT INTO t VALUES (1)');
    await expect(ask(urls.appUrl, 'DELETE FROM t')).rejects.toThrow(/permission denied/);
    await expect(ask(urls.appUrl, 'CREATE TABLE mine (n int)')).rejects.toThrow(/permission denied/);
    await expect(ask(other.appUrl.replace(/node_b$/, 'node_a'), 'SELECT 1')).rejects.toThrow(/permission denied/);
    await expect(postgres.ensureDatabase({ ...wanted, name: 'a"; DROP' })).rejects.toThrow(/not a name/);
  });

  it('keeps data, port and passwords over a stop and a start, and over a kill of the server', async () => {
    const stack = open();
    const first = await stack.startPostgres();
    const { ownerUrl } = await first.ensureDatabase({ name: 'kept', owner: 'kept_owner', appRole: 'kept_app' });
    await ask(ownerUrl, 'CREATE TABLE t (n int); INSERT INTO t VALUES (7)');
    await stack.stopAll();
    expect(isRunning(first.process)).toBe(false);

    const second = openStack(stack.dataDir);
    stacks.splice(0, 1, second);
    const restarted = await second.startPostgres();
    process.kill(restarted.process.pid, 'SIGKILL');
    const third = await second.startPostgres();
    expect(third.adminUrl).toBe(first.adminUrl);
    expect(await ask(ownerUrl, 'SELECT n FROM t')).toEqual([{ n: 7 }]);
  });

  it('takes over the server that an ended start left behind, and keeps secrets from other users', async () => {
    const starter = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(starter, 'spawn');
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-pg-'));
    const left = await openStack(folder, { ownerPid: starter.pid ?? 0 }).startPostgres();
    expect(() => openStack(folder)).toThrow(expect.objectContaining({ code: 'STACK_IN_USE' }));
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    const taken = await open(folder).startPostgres();
    expect(taken).toMatchObject({ process: left.process, adminUrl: left.adminUrl });
    expect(statSync(join(folder, 'stack.json')).mode & 0o777).toBe(0o600);
  });

  it('says which variable to change when the port it names is taken', async () => {
    const { port } = await open().startPostgres();
    process.env['POSTGRES_PORT'] = String(port);
    try {
      const failure = { code: 'PORT_IN_USE', message: expect.stringMatching(/Cổng[^]*Set POSTGRES_PORT/) };
      await expect(open().startPostgres()).rejects.toMatchObject(failure);
    } finally {
      delete process.env['POSTGRES_PORT'];
    }
  });
});
