/**
 * Secrets are never printed: the built gateway and command line are started with a planted value in every secret setting, and
 * fail in every way a start can fail; what they say is searched for each of them in all its spellings. What a whole stack at
 * work says, keeps and sends is searched for its secrets by `privacy.story.spec.ts`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createKeys } from '#libs/key-custody';
import type { NodeId } from '#libs/kernel';
import { falseBroker, falsePostgres, type FalseServer } from '../support/false-servers.ts';
import { root } from '../support/guides.ts';
import { Needles } from '../support/privacy/needles.ts';

jest.setTimeout(30_000);

const NODE = 'gialam-communes' as NodeId;
const planted = {
  ledger: 'planted-Ledger/password+1',
  vault: 'planted-Vault/password+2',
  ledgerOwner: 'planted-LedgerOwner/password+3',
  vaultOwner: 'planted-VaultOwner/password+4',
  kafka: 'planted-Kafka/password+5',
  collector: 'planted-Collector-token-6',
};

let folder: string;
let keys: string;
let postgres: FalseServer;
let broker: FalseServer;
let needles: Needles;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-secrets-'));
  keys = join(folder, 'keys');
  createKeys(keys, { node: NODE, owners: [], label: '1' });
  writeFileSync(join(folder, 'jwks.json'), '{"keys":[]}');
  [postgres, broker] = await Promise.all([falsePostgres(), falseBroker()]);
  needles = new Needles([...Object.values(planted), ...privateParts()]);
});
afterAll(async () => {
  await Promise.all([postgres.close(), broker.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What is secret in the files of keys. */
const privateParts = (): readonly string[] =>
  readdirSync(keys, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as Record<string, string>)
    .map(({ d, k }) => d ?? k ?? '');

const urlOf = (user: string, password: string, database: string, parameters = ''): string =>
  `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${postgres.port}/${database}${parameters}`;
const settings = (): Record<string, string> => ({
  NODE_ID: NODE,
  DATABASE_URL: urlOf('ledger', planted.ledger, 'ledger'),
  VAULT_DATABASE_URL: urlOf('vault', planted.vault, 'vault'),
  DATABASE_OWNER_URL: urlOf('owner', planted.ledgerOwner, 'ledger'),
  VAULT_DATABASE_OWNER_URL: urlOf('vault_owner', planted.vaultOwner, 'vault'),
  KAFKA_BROKERS: `127.0.0.1:${broker.port}`,
  KAFKA_USERNAME: NODE,
  KAFKA_PASSWORD: planted.kafka,
  KEYS_DIR: keys,
  REGISTRAR_KEYS: JSON.stringify({ hanoi: [{ keyId: 'hanoi#1', publicKey: `${'a'.repeat(42)}A` }] }),
  JWT_ISSUER: 'https://login.example/',
  JWT_JWKS: join(folder, 'jwks.json'),
  REFERENCE_DIR: join(root, 'reference'),
  HTTP_PORT: '0',
  LOG_LEVEL: 'trace',
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${broker.port}`,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${planted.collector}`,
});

interface Ended {
  readonly code: number | null;
  readonly said: string;
}
/** Ends by itself, or is asked to once it has said what is waited for. */
function run(program: readonly string[], env: Record<string, string>, until?: RegExp): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [...program], { cwd: folder, env: { PATH, ...env } });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    if (until?.test(said)) child.kill('SIGTERM');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}
const gateway = (change: Record<string, string> = {}, until?: RegExp): Promise<Ended> =>
  run([join(root, 'dist/apps/gateway/main.js')], { ...settings(), ...change }, until);
const lienthong = (...words: readonly string[]): Promise<Ended> =>
  run([join(root, 'tools/bin/lienthong.mjs'), ...words], settings());
const found = ({ said }: Ended): readonly string[] => needles.findIn(Buffer.from(said));

describe('a secret is not said by a gateway that fails', () => {
  it.each<[string, () => Record<string, string>, RegExp]>([
    ['with every URL wrong', () => broken(), /4 problem\(s\)[^]*DATABASE_URL/],
    ['with settings that contradict each other', () => ({ KAFKA_USERNAME: '' }), /KAFKA_USERNAME and KAFKA_PASSWORD/],
    [
      'with a setting that is not known',
      () => ({ LIENTHONG_KAFKA_PASSWORD: planted.kafka }),
      /KAFKA_PASSWORD is meant/,
    ],
    ['with a login that the database refuses', () => ({}), /password authentication failed/],
    ['with TLS that the database does not speak', () => overTls(), /nothing is sent in the clear instead/],
    ['with TLS that the broker does not speak', () => ({ KAFKA_SSL: 'true' }), /nothing is sent in the clear instead/],
    ['with a folder of keys that is none', () => ({ KEYS_DIR: join(keys, 'signing') }), /cannot be used/],
    ['with a file of token keys that is none', () => ({ JWT_JWKS: join(keys, 'signing') }), /\S/],
  ])('%s', async (_, change, why) => {
    const ended = await gateway(change());
    expect(ended).toEqual({ code: expect.any(Number), said: expect.stringMatching(why) });
    expect(ended.code).not.toBe(0);
    expect(found(ended)).toEqual([]);
  });
  const spoilt = (url: string): string => url.replace('://', '//');
  const broken = (): Record<string, string> =>
    Object.fromEntries(
      Object.entries(settings()).flatMap(([name, value]) => (/DATABASE/.test(name) ? [[name, spoilt(value)]] : [])),
    );
  const overTls = (): Record<string, string> => ({
    DATABASE_OWNER_URL: `${urlOf('owner', planted.ledgerOwner, 'ledger')}?sslmode=verify-full`,
  });

  it('while it waits for a database that is away', async () => {
    const away = settings()['DATABASE_OWNER_URL']?.replace(`:${postgres.port}/`, ':1/') ?? '';
    const ended = await gateway({ DATABASE_OWNER_URL: away }, /WAITING_FOR/);
    expect(ended.said).toContain('WAITING_FOR');
    expect(found(ended)).toEqual([]);
  });

  it('nor sent in the clear where TLS was wanted', () => {
    expect(postgres.received()).toContain(planted.ledgerOwner);
    expect(broker.received()).not.toContain(planted.kafka);
  });
});

describe('a secret is not said by the command line', () => {
  it.each<[string, () => readonly string[]]>([
    ['that verifies a database it may not enter', () => verifying(urlOf('ledger', planted.ledger, 'ledger'))],
    [
      'that verifies one over TLS that is none',
      () => verifying(urlOf('ledger', planted.ledger, 'ledger', '?sslmode=verify-full')),
    ],
    ['that is given half a URL', () => verifying(`postgres//ledger:${planted.ledger}@x`)],
    ['that tells the registrar', () => ['keys', 'public', '--node', NODE, '--dir', keys]],
    ['that finds no broker', () => ['broker', '--node', NODE, '--apply']],
  ])('%s', async (_, words) => {
    const ended = await lienthong(...words());
    expect(ended.said).toMatch(/\S/);
    expect(found(ended)).toEqual([]);
  });
  const verifying = (url: string): readonly string[] => [
    'verify',
    '--database',
    url,
    '--registrar-key',
    `hanoi#1=${'a'.repeat(42)}A`,
  ];
});
