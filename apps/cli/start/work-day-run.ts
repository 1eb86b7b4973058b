/** The day itself: the load, the wait until all is delivered, the tables, the checks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Organisation } from '#libs/directory';
import type { AgencyCode, Instant } from '#libs/kernel';
import type { EmbeddedStack } from '#tools/embedded';
import { nodeApi } from '../reach/reach-nodes.ts';
import { progressDisplay, runDay, type DaySummary } from '../../load/index.ts';
import type { Io } from '../output/io.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { count } from '../output/table.ts';
import { checkDay, type DayCheck } from './day-check.ts';
import { readDayReport, type DayReport } from './day-report.ts';
import { dayTokens } from './day-tokens.ts';
import type { StartOptions } from './start-options.ts';
import { isQuiet, untilQuiet, type Traffic } from './until-quiet.ts';

export interface DayDone {
  readonly day?: DaySummary;
  readonly traffic: Traffic;
  readonly report: DayReport;
  readonly check: DayCheck;
  /** Nodes that ended by themselves, in the order in which they did. */
  readonly crashes: EmbeddedStack['crashes'];
  /** Histories identical and whole, all delivered, nothing unexpected. */
  readonly good: boolean;
}
export interface DayWanted {
  readonly options: StartOptions;
  readonly dayStart: Instant;
  readonly projectRoot: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const QUIET_DEADLINE_MS = 120_000;

/** Undefined when the day was broken off: what was on its way then says nothing. */
export async function runWorkDay(stack: EmbeddedStack, wanted: DayWanted, io: Io): Promise<DayDone | undefined> {
  const day = wanted.options.load ? await loadDay(stack, wanted, io) : undefined;
  await stack.settled();
  const apis = stack.nodes.map((record) => nodeApi(stack.folder, record));
  const traffic = wanted.signal.aborted ? undefined : await waitForQuiet(apis, wanted, io);
  if (!traffic || wanted.signal.aborted) return undefined;
  const organisation = readJson<Organisation>(wanted.projectRoot, 'organisation.json');
  const report = await readDayReport(apis, stack.nodes, organisation);
  wanted.say('Kiểm tra mọi sổ cái và so sánh lịch sử… · verifying every ledger and comparing histories…');
  const check = await checkDay(stack, io);
  const { crashes } = stack;
  const allReached = isQuiet(traffic) && report.pairs.every(({ refused }) => refused === 0);
  const good = check.whole && allReached && isGood(day) && crashes.length === 0;
  return { ...(day && { day }), traffic, report, check, crashes, good };
}

const isGood = (day: DaySummary | undefined): boolean => !day || (!day.aborted && day.unexpected.length === 0);

async function loadDay(stack: EmbeddedStack, { options, dayStart, signal }: DayWanted, io: Io): Promise<DaySummary> {
  const display = progressDisplay({
    isTTY: io.isTerminal,
    write: (text) => io.err(text),
    ...(io.width && { columns: io.width }),
  });
  const nodeOf = new Map<AgencyCode, string>(
    stack.nodes.flatMap(({ node, agencies }) => agencies.map((agency) => [agency, node] as const)),
  );
  const summary = await runDay({
    nodes: Object.fromEntries(stack.urls),
    agenciesOf: (agency) => nodeOf.get(agency) ?? '',
    token: dayTokens(stack),
    seed: options.seed,
    ...(options.dossiers !== undefined && { dossiers: options.dossiers }),
    dayStart,
    ...(stack.workClock && { workClock: stack.workClock }),
    onProgress: (snapshot) => display.show(snapshot),
    signal,
  });
  display.end(summary);
  return summary;
}

async function waitForQuiet(
  apis: Parameters<typeof untilQuiet>[0],
  { say, signal }: DayWanted,
  io: Io,
): Promise<Traffic> {
  say('Chờ mọi chuyển giao tới nơi… · waiting until everything is delivered…');
  const line = new ProgressLine(io);
  const traffic = await untilQuiet(apis, {
    deadlineMs: QUIET_DEADLINE_MS,
    signal,
    onProgress: ({ highest, open, held }) =>
      line.show(`${count(highest - open)} / ${count(highest)} đã nhận · delivered, ${held} giữ chờ · held`),
  });
  line.end();
  return traffic;
}

const readJson = <T>(projectRoot: string, file: string): T =>
  JSON.parse(readFileSync(join(projectRoot, 'reference', file), 'utf8')) as T;
