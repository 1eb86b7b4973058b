/**
 * What the vault and key custody cost: `DATABASE_ADMIN_URL=postgres://… node --conditions=source bench/vault.ts`.
 * Rates beside a floor taken in the same run: one-row inserts into the same server, one commit each.
 */
import { createHash, hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { CompactEncrypt, importJWK } from 'jose';
import type { Instant, NodeId } from '#libs/kernel';
import {
  createIds,
  createKeys,
  newestInForce,
  openKeyCustody,
  publicKeys,
  systemClock,
  verifyEd25519,
} from '#libs/key-custody';
import { disclosuresOf, newStream } from '../libs/testing/disclosures.ts';
import { createVaultDatabase } from '../libs/testing/vault-database.ts';
import { openVault } from '#libs/vault';

const DURATION_MS = Number(process.env['BENCH_MS'] ?? 4_000);
const EVENTS_PER_DOSSIER = 8;
const VALUES = Object.fromEntries(
  ['fullName', 'personalId', 'dateOfBirth', 'address', 'phone'].map((field) => [
    `/applicant/${field}`,
    'Nguyễn Thị Hòa, xóm 1',
  ]),
);

process.env['TEST_DATABASE_ADMIN_URL'] ??= process.env['DATABASE_ADMIN_URL'] ?? '';
const dir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
const node = 'gialam-communes' as NodeId;
createKeys(dir, { node, owners: [], label: '1' });
const custody = openKeyCustody(dir);

async function timed(name: string, work: () => unknown, calls = 2_000): Promise<void> {
  for (let call = 0; call < calls / 10; call += 1) await work();
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) await work();
  console.log(`${name.padEnd(44)} ${(((performance.now() - start) * 1000) / calls).toFixed(1).padStart(8)} µs`);
}

async function perSecond(callers: number, work: () => Promise<number>): Promise<number> {
  const end = performance.now() + DURATION_MS;
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < end) {
        const more = await work();
        done += more;
      }
    }),
  );
  return Math.round((done * 1000) / (performance.now() - start));
}

async function benchCustody(): Promise<void> {
  const bytes = randomBytes(800);
  const key = custody.signingKey(node);
  const signature = key.sign(bytes);
  const announced = newestInForce(publicKeys(dir).encryption, systemClock.now());
  const recipient = { kid: announced?.keyId ?? '', publicKey: Buffer.from(announced?.publicKey ?? '', 'base64url') };
  const openings = randomBytes(4_000);
  const sealed = custody.sealJwe(openings, recipient);
  const joseKey = await importJWK({ kty: 'OKP', crv: 'X25519', x: announced?.publicKey ?? '' }, 'ECDH-ES');
  const ids = createIds();
  await timed('sha-256 of 800 bytes, one-shot', () => hash('sha256', bytes, 'buffer'), 50_000);
  await timed('sha-256 of 800 bytes, createHash', () => createHash('sha256').update(bytes).digest(), 50_000);
  await timed('Ed25519 sign, 800 bytes', () => key.sign(bytes));
  await timed('Ed25519 verify, 800 bytes', () => verifyEd25519(key.publicKey, bytes, signature));
  await timed('JWE seal, 4,000 bytes', () => custody.sealJwe(openings, recipient));
  await timed('JWE open, 4,000 bytes', () => custody.openJwe(sealed));
  await timed('JWE seal with jose, 4,000 bytes', () =>
    new CompactEncrypt(openings)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: recipient.kid })
      .encrypt(joseKey),
  );
  await timed('uuid 7', () => ids.uuid7(), 50_000);
}

async function benchVault(): Promise<void> {
  const database = await createVaultDatabase();
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 32 });
  await owner.query('CREATE TABLE floor (event bytea PRIMARY KEY, value bytea)');
  const vault = await openVault({ url: database.appUrl, custody });
  try {
    for (const callers of [1, 16]) {
      const rate = await perSecond(callers, async () => {
        await owner.query({
          name: 'floor',
          text: 'INSERT INTO floor VALUES ($1, $2)',
          values: [randomBytes(32), randomBytes(900)],
        });
        return 1;
      });
      console.log(`floor: one-row inserts, ${callers} connections`.padEnd(44), String(rate).padStart(8), 'rows/s');
    }
    for (const callers of [1, 8, 32, 128]) await benchPut(vault, callers);
    await benchFind(vault);
  } finally {
    await vault.close();
    await owner.end();
    await database.drop();
  }
}

async function benchPut(vault: Awaited<ReturnType<typeof openVault>>, callers: number): Promise<void> {
  let events = 0;
  let stream = newStream();
  const latencies: number[] = [];
  const rate = await perSecond(callers, async () => {
    if (events++ % EVENTS_PER_DOSSIER === 0) stream = newStream();
    const rows = disclosuresOf({ ...VALUES, '/actor/name': 'Trần Văn Cán' }, { stream });
    const start = performance.now();
    await vault.put(rows);
    latencies.push(performance.now() - start);
    return 1;
  });
  latencies.sort((a, b) => a - b);
  const at = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1);
  console.log(
    `put: 6 disclosures, ${callers} callers`.padEnd(44),
    String(rate).padStart(8),
    `events/s   p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
}

async function benchFind(vault: Awaited<ReturnType<typeof openVault>>): Promise<void> {
  const stored = Array.from({ length: 1_000 }, () => disclosuresOf({ ...VALUES, '/actor/name': 'x' }));
  await vault.put(stored.flat());
  const events = stored.flatMap((rows) => rows.slice(0, 1).map(({ event }) => event));
  await timed('find: 10 events of 6 disclosures', () => vault.find(events.slice(0, 10)), 300);
  await timed('find: 1,000 events of 6 disclosures', () => vault.find(events), 20);
  await timed(
    'sweep: nothing to do',
    () => vault.sweep(async () => new Set(), '2000-01-01T00:00:00.000Z' as Instant),
    100,
  );
}

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`);
try {
  await benchCustody();
  await benchVault();
} finally {
  rmSync(dir, { recursive: true });
}
