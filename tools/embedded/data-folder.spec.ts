import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { readGatewayConfig, type WorkClock } from '#libs/config';
import type { Organisation } from '#libs/directory';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { DataFolder, type NodeRecord } from './data-folder.ts';
import { gatewayEnvironment } from './gateway-environment.ts';
import { issueToken, JWT_AUDIENCE, JWT_ISSUER } from './issuer.ts';
import { openRegistrarKey } from './directory-desk.ts';
import { registrarRecord } from './data-folder.ts';
import { gialamNodes } from './topology.ts';
import { reachedBy, WorkClockKeeper } from './work-clock-keeper.ts';

const root = join(import.meta.dirname, '../..');
let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder(mkdtempSync(join(tmpdir(), 'lienthong-folder-')));
});
afterEach(() => rmSync(folder.dir, { recursive: true, force: true }));

const NODE: NodeRecord = {
  node: 'gialam-district' as NodeId,
  agencies: ['H26.129' as AgencyCode],
  port: 8082,
  url: 'http://127.0.0.1:8082',
  databases: { ledger: { appUrl: 'postgres://a:b@127.0.0.1/l' }, vault: { appUrl: 'postgres://a:b@127.0.0.1/v' } },
  kafka: { username: 'gialam-district', password: 'p' },
};

function save(): void {
  const { kid, publicKey } = openRegistrarKey(folder);
  folder.saveRecord({
    nodes: [NODE],
    brokers: ['127.0.0.1:9092'],
    kafkaSsl: false,
    registrar: registrarRecord(kid, publicKey),
    roles: {},
  });
}

describe('the record of a stack', () => {
  it('is readable by its owner alone, changed whole, and leaves nothing beside it', () => {
    save();
    folder.changeNode(NODE.node, (before) => ({ ...before, port: 9000 }));
    expect(folder.findRecord()?.nodes[0]?.port).toBe(9000);
    expect(statSync(join(folder.dir, 'embedded.json')).mode & 0o077).toBe(0);
    expect(readdirSync(folder.dir).toSorted()).toEqual(['embedded.json', 'keys']);
  });

  it('gives a node an environment that the gateway takes', () => {
    save();
    const clock: WorkClock = {
      wall: '2026-11-24T08:00:00.000Z' as Instant,
      work: '2023-06-14T00:30:00.000Z' as Instant,
      rate: 240,
    };
    const record = folder.findRecord();
    if (!record) throw new Error('nothing was saved');
    const config = readGatewayConfig(
      gatewayEnvironment({ folder, record, node: NODE, projectRoot: root, workClock: clock }),
    );
    expect(config).toMatchObject({ nodeId: 'gialam-district', httpPort: 8082, workClock: clock, autoAccept: 'all' });
    expect(config.registrarKeys[0]?.publicKey).toEqual(new Uint8Array(openRegistrarKey(folder).publicKey));
  });
});

describe('a token of the stack', () => {
  it('is good by the JWKS that the nodes read, and says who, in which roles, for which agencies', async () => {
    const token = await issueToken(folder, {
      roles: ['clerk'],
      agencies: ['H26.129.05' as AgencyCode],
      ttlSeconds: 60,
    });
    const jwks = JSON.parse(readFileSync(folder.jwks, 'utf8')) as JSONWebKeySet;
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: JWT_ISSUER, audience: JWT_AUDIENCE });
    expect(payload).toMatchObject({ sub: 'clerk.H26.129.05', roles: ['clerk'], agencies: ['H26.129.05'] });
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });
});

describe('work time reached', () => {
  it('is nothing before the first start, and never earlier than what the clock had shown', () => {
    expect(reachedBy(folder)).toBeUndefined();
    const work = '2023-06-14T00:30:00.000Z' as Instant;
    const keeper = new WorkClockKeeper(folder);
    keeper.begin({ wall: new Date(Date.now() - 1_000).toISOString() as Instant, work, rate: 240 });
    keeper.end();
    const reached = reachedBy(folder) ?? '';
    expect(reached >= '2023-06-14T00:34:00.000Z').toBe(true);
    expect(reached < '2023-06-14T02:00:00.000Z').toBe(true);
  });

  it('runs on while nodes were left running', () => {
    folder.saveClock({
      clock: { wall: '2026-01-01T00:00:00.000Z' as Instant, work: '2023-06-14T00:30:00.000Z' as Instant, rate: 1 },
      reached: '2023-06-14T00:31:00.000Z' as Instant,
    });
    expect((reachedBy(folder, true) ?? '') > (reachedBy(folder) ?? '')).toBe(true);
  });
});

describe('the nodes of the demo', () => {
  const organisation = JSON.parse(readFileSync(join(root, 'reference/organisation.json'), 'utf8')) as Organisation;

  it('serve the communes of Gia Lâm of 2023 and of 2025, the district, and the city without its adapters', () => {
    const nodes = new Map(gialamNodes(organisation).map(({ node, agencies }) => [node as string, agencies]));
    expect(nodes.get('gialam-communes')).toHaveLength(25);
    expect(nodes.get('gialam-communes')).toEqual(expect.arrayContaining(['H26.129.01', 'H26.129.22', 'H26.129.33']));
    expect(nodes.get('gialam-district')).toEqual(['H26.129']);
    expect(nodes.get('hanoi-city')).toEqual(['H26']);
  });
});
