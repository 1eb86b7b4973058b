import { parseArgs } from 'node:util';
import { DomainError, msToInstant } from '#libs/kernel';
import { readLoadConfig, type LoadConfig } from './config.ts';
import { progressDisplay, runDay, type DayOptions } from './index.ts';
import { tokensOf } from './tokens.ts';

const HELP = `A day of Gia Lâm's work, sent to running nodes. · Một ngày làm việc của Gia Lâm, gửi đến các nút đang chạy.
  --seed TEXT  --dossiers N  --day-start TIME  --concurrency N  --json
Needs · Cần: LOAD_NODES, JWT_ISSUER, JWT_SIGNING_KEY; WORK_CLOCK as the nodes have it · như các nút.
`;
const OPTIONS = {
  seed: { type: 'string' },
  dossiers: { type: 'string' },
  'day-start': { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Exit codes: 0 as planned, 1 something unexpected, 2 wrong configuration, 130 ended by a signal. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = await dayOptions(readLoadConfig({ ...process.env, ...stated(values) }));
  const display = progressDisplay(process.stderr);
  const summary = await runDay({ ...options, onProgress: (snapshot) => display.show(snapshot) });
  display.end(summary);
  if (values.json === true) process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  if (summary.aborted) return 130;
  return summary.unexpected.length > 0 ? 1 : 0;
}

type Values = { readonly [K in 'seed' | 'dossiers' | 'day-start' | 'concurrency']?: string | undefined };

/** What the command line states goes before the environment. */
const stated = (values: Values): Readonly<Record<string, string>> =>
  defined({
    LOAD_SEED: values.seed,
    LOAD_DOSSIERS: values.dossiers,
    LOAD_DAY_START: values['day-start'],
    LOAD_CONCURRENCY: values.concurrency,
  });

async function dayOptions(config: LoadConfig): Promise<DayOptions> {
  const { jwtIssuer: issuer, jwtAudience: audience, jwtSigningKey: keyFile, workClock, referenceDir } = config;
  const end = new AbortController();
  process.once('SIGINT', () => end.abort());
  process.once('SIGTERM', () => end.abort());
  return {
    nodes: config.loadNodes,
    token: await tokensOf({ issuer, audience, keyFile }),
    seed: config.loadSeed,
    dayStart: config.loadDayStart ?? workClock?.work ?? msToInstant(Date.now()),
    signal: end.signal,
    ...defined({ workClock, dossiers: config.loadDossiers, concurrency: config.loadConcurrency, referenceDir }),
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof DomainError && error.code === 'CONFIG_INVALID' ? 2 : 1;
}
