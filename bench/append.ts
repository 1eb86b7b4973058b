/**
 * Appends per second through the group commit, beside a floor taken in the same run: one-row inserts of the same bytes,
 * one commit each, on as many connections as there are callers.
 *
 *   DATABASE_ADMIN_URL=postgres://… node --conditions=source bench/append.ts [rounds] [seconds]
 *
 * Rounds are interleaved; the medians are printed, with the spread. `bare`: messages and heads. `owed`: each event owed to
 * two receivers, with an idempotency key. `sealed`: the same, with canonical bytes, SHA-256 and Ed25519 made by the caller.
 */
import { createPrivateKey, generateKeyPairSync, hash as digest, sign } from 'node:crypto';
import { cpus } from 'node:os';
import pg from 'pg';
import { openEventStore } from '#libs/event-store-postgres';
import { sealMessage } from '#libs/exchange';
import type { SealedMessage, Subject } from '#libs/kernel';
import type { AppendUnit, EventStore } from '#libs/use-cases';
import { unitOf } from '../libs/testing/builders-units.ts';
import { someEvent, someId, someNode, someSubject } from '../libs/testing/builders.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../libs/testing/temporary-database.ts';

process.env['TEST_DATABASE_ADMIN_URL'] ??= process.env['DATABASE_ADMIN_URL'] ?? '';
const [ROUNDS = 5, SECONDS = 2] = process.argv.slice(2).map(Number);
const CALLERS = [1, 8, 32, 128];
const EVENTS_PER_STREAM = 10;
const RECEIVERS = [someNode(), someNode()];
/** Brings a message to about 800 bytes. */
const DATA = { procedure: '1.001193.H26', note: 'x'.repeat(110) };

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Each caller works through streams of its own, one event after the other. */
async function measure(callers: number, next: () => () => Promise<void>): Promise<Round> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      const work = next();
      for (;;) {
        const before = performance.now();
        if (before > end) return;
        await work();
        latencies.push(performance.now() - before);
      }
    }),
  );
  const perSecond = (latencies.length * 1_000) / (performance.now() - start);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond, p50: at(0.5), p99: at(0.99) };
}

const { privateKey } = generateKeyPairSync('ed25519');
const key = createPrivateKey({
  key: privateKey.export({ format: 'der', type: 'pkcs8' }),
  format: 'der',
  type: 'pkcs8',
});
function sealed(event: SealedMessage): SealedMessage {
  const { signature: _, ...unsigned } = event.message;
  return sealMessage(
    unsigned,
    (bytes) => sign(null, bytes, key),
    (bytes) => digest('sha256', bytes, 'buffer'),
  );
}

type Make = (event: SealedMessage) => { event: SealedMessage; unit: AppendUnit };
const FLAVOURS: Readonly<Record<string, Make>> = {
  bare: (event) => ({ event, unit: unitOf([event]) }),
  owed: (event) => ({ event, unit: owed(event) }),
  sealed: (open) => {
    const event = sealed(open);
    return { event, unit: owed(event) };
  },
};
const owed = (event: SealedMessage): AppendUnit => ({
  ...unitOf([event], { receivers: RECEIVERS }),
  idempotency: {
    client: 'bench',
    agency: 'H26.129.05',
    key: event.message.id,
    bodyHmac: event.hash,
    answer: '{"ok":true}',
  },
});

function appends(store: EventStore, make: Make): () => () => Promise<void> {
  return () => {
    let last: SealedMessage | undefined;
    let subject: Subject = someSubject();
    return async () => {
      if (Number(last?.message.streamseq) >= EVENTS_PER_STREAM) [last, subject] = [undefined, someSubject()];
      const { event, unit } = make(someEvent(subject, { ...(last && { after: last }), members: { data: DATA } }));
      const { kind } = await store.append(unit);
      if (kind !== 'appended') throw new Error(kind);
      last = event;
    };
  };
}

function floor(pool: pg.Pool): () => () => Promise<void> {
  const text = 'insert into floor (id, bytes) values ($1, $2)';
  return () => async () => {
    const { bytes } = someEvent(someSubject(), { members: { data: DATA } });
    await pool.query({ name: 'floor', text, values: [someId(), bytes] });
  };
}

async function main(database: TemporaryDatabase): Promise<void> {
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: Math.max(...CALLERS) });
  await pool.query('create table floor (number bigint generated always as identity primary key, id uuid, bytes bytea)');
  const store = await openEventStore({ url: database.appUrl, softwareVersion: 'bench' });
  const contenders = new Map([
    ['floor', floor(pool)],
    ...Object.entries(FLAVOURS).map(([name, make]) => [name, appends(store, make)] as const),
  ]);
  const rounds = new Map<string, Round[]>();
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const callers of CALLERS) {
        for (const [name, next] of contenders) {
          const result = await measure(callers, next);
          // The first one warms up.
          if (round > 0) rounds.set(`${name} ${callers}`, [...(rounds.get(`${name} ${callers}`) ?? []), result]);
        }
      }
    }
  } finally {
    await store.close();
    await pool.end();
  }
  print(rounds);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function print(rounds: ReadonlyMap<string, readonly Round[]>): void {
  const bytes = someEvent(someSubject(), { members: { data: DATA } }).bytes.length;
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, first events of ${bytes} bytes`);
  console.log('          callers   events/s  (lowest–highest)   × floor   p50 ms   p99 ms');
  for (const [label, results] of rounds) {
    const [name = '', callers = ''] = label.split(' ');
    const rate = median(results.map(({ perSecond }) => perSecond));
    const base = median((rounds.get(`floor ${callers}`) ?? []).map(({ perSecond }) => perSecond));
    const spread = `(${Math.round(Math.min(...results.map((r) => r.perSecond)))}–${Math.round(Math.max(...results.map((r) => r.perSecond)))})`;
    console.log(
      `${name.padEnd(8)} ${callers.padStart(8)} ${String(Math.round(rate)).padStart(10)}  ${spread.padEnd(16)} ${(rate / base).toFixed(2).padStart(9)}` +
        ` ${median(results.map(({ p50 }) => p50))
          .toFixed(2)
          .padStart(8)} ${median(results.map(({ p99 }) => p99))
          .toFixed(2)
          .padStart(8)}`,
    );
  }
}

const database = await createTemporaryDatabase();
try {
  await main(database);
} finally {
  await database.drop();
}
