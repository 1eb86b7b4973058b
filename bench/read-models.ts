/**
 * How fast the dossier list follows the log: `DATABASE_ADMIN_URL=postgres://… node --conditions=source bench/read-models.ts`.
 * The events are committed examples of the contracts, checked against them by the fold as they are in a node.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compileValidators, findContract, personalPointers } from '#libs/contracts';
import { commitPersonal } from '#libs/exchange';
import { sha256 } from '#libs/key-custody';
import type { AgencyCode, JsonObject, Subject } from '#libs/kernel';
import { openReadModels } from '#libs/read-models';
import { DossierLog } from '../libs/testing/dossier-log.ts';
import { createReadModelsDatabase } from '../libs/testing/read-models-database.ts';

const DOSSIERS = Number(process.env['BENCH_DOSSIERS'] ?? 5_000);
const TURN = 1_000;
const DISTRICT = 'H26.129' as AgencyCode;
process.env['TEST_DATABASE_ADMIN_URL'] ??= process.env['DATABASE_ADMIN_URL'] ?? '';

const validators = compileValidators();
const contracts = {
  isKnown: (kind: string, name: string, major: number) => findContract(kind, name, major) !== undefined,
  fits: (
    { kind, name, major }: { kind: string; name: string; major: number },
    { message }: { message: { data: JsonObject } },
  ) => validators.validateCommitted(kind, name, major, message.data).length === 0,
};

function committed(name: string): JsonObject {
  const example = findContract('dossier', name, 1)?.example ?? {};
  return commitPersonal(example, personalPointers('dossier', name, 1), () => randomBytes(32), sha256).data;
}

/** Ten events each, those of a thousand dossiers in turn: a batch of 1,000 entries touches as many rows. */
function logOf(dossiers: number): { log: DossierLog; subjects: Subject[] } {
  const log = new DossierLog();
  const subjects: Subject[] = [];
  const steps: [string, string, JsonObject][] = [
    ['component-added', 'H26.129.05', {}],
    ['processing-started', 'H26.129.05', {}],
    ['step-assigned', 'H26.129.05', {}],
    ['forwarded', 'H26.129.05', { to: DISTRICT, reason: 'route' }],
    ['custody-accepted', DISTRICT, {}],
    ['resolved', DISTRICT, {}],
    ['forwarded', DISTRICT, { to: 'H26.129.05', reason: 'return' }],
    ['custody-accepted', 'H26.129.05', {}],
    ['result-returned', 'H26.129.05', {}],
  ];
  const data = new Map(
    [...new Set(['received', ...steps.map(([name]) => name)])].map((name) => [name, committed(name)]),
  );
  for (let group = 0; group < dossiers; group += TURN) {
    const some = Array.from({ length: TURN }, (_, n) => {
      const dossierCode = `H26.129.05-230614-${String(group + n + 1).padStart(4, '0')}`;
      return log.begin('received', { whole: true, data: { ...data.get('received'), dossierCode } });
    });
    for (const [name, by, more] of steps)
      for (const subject of some) log.log(subject, name, { by, whole: true, data: { ...data.get(name), ...more } });
    subjects.push(...some);
  }
  return { log, subjects };
}

const { log, subjects } = logOf(DOSSIERS);
const database = await createReadModelsDatabase();
const report = (name: string, amount: number, unit: string): void =>
  console.log(name.padEnd(44), amount.toFixed(amount < 100 ? 1 : 0).padStart(8), unit);

async function timed(name: string, calls: number, work: (call: number) => Promise<unknown>): Promise<void> {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) await work(call);
  report(name, (performance.now() - start) / calls, 'ms');
}

try {
  for (const limit of [100, 1_000, 5_000]) {
    const admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
    await admin.query('TRUNCATE read.live, read.generation');
    await admin.end();
    const fresh = await openReadModels({ url: database.appUrl, store: log, contracts });
    const cpu = process.cpuUsage();
    const start = performance.now();
    while ((await fresh.fold.foldNext(limit)) > 0);
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    report(
      `fold, ${limit} entries at a time`,
      (log.messages.length * 1000) / ms,
      `events/s, ${((user + system) / log.messages.length).toFixed(0)} µs of this process each`,
    );
    await fresh.close();
  }
  const asked = await openReadModels({ url: database.appUrl, store: log, contracts });
  const parked = await asked.dossiers.list({ parked: true }, { limit: 1 });
  if (parked.dossiers.length > 0) throw new Error(`parked: ${JSON.stringify(parked.dossiers[0])}`);
  await timed('one dossier by its stream', 200, (call) =>
    asked.dossiers.find(subjects[call % subjects.length] as Subject),
  );
  await timed('page of 50, an agency, newest', 100, () => asked.dossiers.list({ agency: DISTRICT }));
  await timed('page of 50, by deadline', 100, () => asked.dossiers.list({ within: [DISTRICT] }, { order: 'due' }));
  await timed('totals of all agencies', 20, () => asked.dossiers.agencyTotals());
  await timed('fingerprint', 1, () => asked.fold.fingerprint());
  await asked.close();
} finally {
  await database.drop();
}
