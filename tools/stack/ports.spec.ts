import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPorts, type Ports } from './ports.ts';

const VARIABLE = 'LIENTHONG_SPEC_PORT';
let folder: string;
const opened: Ports[] = [];
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-ports-'));
});
afterEach(async () => {
  delete process.env[VARIABLE];
  for (const ports of opened.splice(0)) ports.release();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

function open(): Ports {
  const ports = openPorts(process.pid, folder);
  opened.push(ports);
  return ports;
}
/** Another program's server. */
async function listen(port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
async function freePort(): Promise<number> {
  const port = await listen();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

describe('ports of starts that begin at once', () => {
  it('are never the same, though all want the same one and nobody listens yet', async () => {
    const wanted = await freePort();
    const starts = Array.from({ length: 8 }, open);
    const chosen = await Promise.all(starts.map((ports) => ports.choose(VARIABLE, wanted)));
    expect(new Set(chosen).size).toBe(8);
    expect(chosen).toContain(wanted);
  });

  it('are kept by one stack for one purpose, and given to others once it has released them', async () => {
    const wanted = await freePort();
    const [one, other] = [open(), open()];
    expect(await one.choose('A', wanted)).toBe(wanted);
    expect(await one.choose('A', wanted)).toBe(wanted);
    expect(await one.choose('B', wanted)).not.toBe(wanted);
    expect(await other.choose('A', wanted)).not.toBe(wanted);
    one.release();
    expect(await other.choose('A', wanted)).toBe(wanted);
    other.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are free again when the start that had reserved them was killed', async () => {
    const wanted = await freePort();
    writeFileSync(join(folder, `${wanted}.lock`), JSON.stringify({ pid: 999_999_999, startedAt: '1' }));
    expect(await open().choose(VARIABLE, wanted)).toBe(wanted);
  });

  it('are chosen also where no reservation can be kept', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const wanted = await freePort();
    expect(await openPorts(process.pid, file).choose(VARIABLE, wanted)).toBe(wanted);
  });
});

describe('a port that a variable demands', () => {
  it.each(['abc', '-1', '65536', '80.5'])(
    'and that is none (%s) is refused by the name of the variable',
    async (port) => {
      process.env[VARIABLE] = port;
      await expect(open().choose(VARIABLE)).rejects.toMatchObject({
        code: 'PORT_IN_USE',
        message: expect.stringMatching(new RegExp(`Hãy đặt ${VARIABLE}[^]*Set ${VARIABLE}`)),
      });
    },
  );

  it('is refused when another program listens there, or another start has reserved it', async () => {
    process.env[VARIABLE] = String(await listen());
    await expect(open().choose(VARIABLE)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    process.env[VARIABLE] = String(await freePort());
    await open().choose(VARIABLE);
    await expect(open().choose(VARIABLE)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });
});

describe('a server whose port is taken before it listens', () => {
  it('is started on another one', async () => {
    const tried: number[] = [];
    const started = await open().startOn({ [VARIABLE]: await freePort() }, async (chosen) => {
      const port = chosen[VARIABLE] ?? 0;
      tried.push(port);
      if (tried.length > 1) return port;
      await listen(port);
      throw new Error('address in use');
    });
    expect(tried).toHaveLength(2);
    expect(started).not.toBe(tried[0]);
  });

  it('fails by the name of the variable that demands it; every other failure is its own', async () => {
    process.env[VARIABLE] = String(await freePort());
    const lose = async (chosen: Readonly<Record<string, number>>): Promise<never> => {
      await listen(chosen[VARIABLE]);
      throw new Error('address in use');
    };
    await expect(open().startOn({ [VARIABLE]: undefined }, lose)).rejects.toThrow(`Set ${VARIABLE}`);
    delete process.env[VARIABLE];
    const failing = (): Promise<never> => Promise.reject(new Error('no such file'));
    await expect(open().startOn({ [VARIABLE]: undefined }, failing)).rejects.toThrow('no such file');
  });
});
