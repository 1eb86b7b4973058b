/**
 * A gateway process under open load far above what it can do, with a ledger that stands still for a while: its memory stays
 * under a bound, whoever is refused hears when to come back, and everything that was accepted is in the ledger. Needs `npm run
 * build`, as the stories do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { encodeBase64Url, type Subject } from '#libs/kernel';
import { actFor } from '../../libs/testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../libs/testing/test-node.ts';
import { createTestIssuer, type TestIssuer } from '../../libs/testing/test-tokens.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'apps', 'gateway', 'main.js');
const AGENCIES = ['H26.129.05', 'H26.129.06'];
/** Of bodies alone the requests below are 40 MB; those inside at once are 3 MB. */
const [REQUESTS, EVERY_MS, BODY_BYTES, INSIDE] = [400, 10, 100_000, 32];
const MOST_GROWTH_BYTES = 90 * 1024 * 1024;

jest.setTimeout(90_000);
let node: TestNode;
let issuer: TestIssuer;
let locker: pg.Client;
let gateway: ChildProcess;
let base: string;

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('run `npm run build` first');
  node = await openTestNode();
  issuer = await createTestIssuer();
  locker = new pg.Client(node.ledgerDatabase.ownerUrl);
  await locker.connect();
  gateway = spawn(process.execPath, [MAIN], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  base = `http://127.0.0.1:${await portOf(gateway)}`;
});
afterAll(async () => {
  if (gateway.exitCode === null) {
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
  }
  await locker.end();
  await node.close();
});

function environment(): NodeJS.ProcessEnv {
  const jwks = join(node.keysDir, 'jwks.json');
  writeFileSync(jwks, JSON.stringify(issuer.jwks));
  const keys = node.world.registrar.trusted.map(({ keyId, publicKey }) => ({
    keyId,
    publicKey: encodeBase64Url(publicKey),
  }));
  const now = new Date().toISOString();
  return {
    PATH: process.env['PATH'],
    NODE_ID: node.node,
    ROLES: 'api',
    DATABASE_URL: node.ledgerDatabase.appUrl,
    DATABASE_OWNER_URL: node.ledgerDatabase.ownerUrl,
    VAULT_DATABASE_URL: node.vaultDatabase.appUrl,
    KAFKA_BROKERS: '127.0.0.1:9',
    KEYS_DIR: node.keysDir,
    REGISTRAR_KEYS: JSON.stringify({ hanoi: keys }),
    HTTP_PORT: '0',
    JWT_ISSUER: issuer.issuer,
    JWT_AUDIENCE: issuer.audience,
    JWT_JWKS: jwks,
    REFERENCE_DIR: join(ROOT, 'reference'),
    STOP_NOTICE_MS: '0',
    WORK_CLOCK: JSON.stringify({ wall: now, work: node.clock.now(), rate: 1 }),
    HTTP_REQUESTS_MAX: String(INSIDE),
    HTTP_WORKING_MAX: '16',
    HTTP_CLIENT_PER_SECOND: '20',
    HTTP_AGENCY_PER_SECOND: '0',
    HTTP_BURST_SECONDS: '2',
  };
}

/** As its log says. */
async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('no log');
  for await (const line of createInterface({ input: child.stdout })) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port === undefined) continue;
    child.stdout.resume();
    return port;
  }
  throw new Error('the gateway ended before it listened');
}

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^lienthong_process_resident_memory_bytes\{.*\} (\S+)$/m.exec(text)?.[1]);
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly subject: Subject | undefined;
}
/** White space fills the body: it is as large as a body may be, and the event small. */
async function file(agency: string, token: string): Promise<Answer> {
  const data = actFor('file-dossier', 'dossier/x' as Subject).data;
  const body = JSON.stringify({ id: randomUUID(), receivingAgency: agency, data }).padEnd(BODY_BYTES, ' ');
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  const answer = await fetch(`${base}/v1/dossiers`, { method: 'POST', headers, body });
  const { subject } = (await answer.json()) as { subject?: Subject };
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), subject };
}

it('stays small, says when to come back, and keeps what it accepted', async () => {
  const tokens = await Promise.all(
    AGENCIES.map((agency, at) => issuer.token({ agencies: [agency], sub: `clerk-${at}` })),
  );
  const first = await file(AGENCIES[0] ?? '', tokens[0] ?? '');
  expect(first.status).toBe(201);
  const before = await residentBytes();
  let most = before;
  await locker.query('begin');
  await locker.query('select from lt.ledger_head for update');
  const asked: Promise<Answer>[] = [];
  const begun = performance.now();
  for (let nth = 0; nth < REQUESTS; nth += 1) {
    const at = nth % 10 === 0 ? 1 : 0;
    asked.push(file(AGENCIES[at] ?? '', tokens[at] ?? ''));
    if (nth % 80 === 79) most = Math.max(most, await residentBytes());
    if (nth === REQUESTS / 2) await locker.query('commit');
    // Open loop: as the clock says, whatever the answers do.
    const aheadMs = begun + nth * EVERY_MS - performance.now();
    if (aheadMs > 1) await pause(aheadMs);
  }
  const answers = await Promise.all(asked);
  most = Math.max(most, await residentBytes());

  const of = (status: number): readonly Answer[] => answers.filter((answer) => answer.status === status);
  expect(of(201).length + of(429).length + of(503).length).toBe(REQUESTS);
  expect(of(503).length).toBeGreaterThan(0);
  expect(of(429).length).toBeGreaterThan(0);
  expect(of(201).length).toBeGreaterThan(INSIDE / 2);
  for (const { retryAfter } of [...of(429), ...of(503)]) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  for (const { subject } of of(201))
    expect(await node.services.store.findHead(subject as Subject)).toMatchObject({ revision: 1 });
  expect(most - before).toBeLessThan(MOST_GROWTH_BYTES);
});
