/**
 * `npm start`. Phases: servers and everything below the nodes → nodes → the day → tables and checks → the nodes go on at
 * the pace of life until a signal. Promises: whatever happens, nodes, broker and database are stopped in this order; the
 * exit code is 0 only after a good day (histories identical everywhere and whole, all delivered, nothing unexpected).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCalendar } from '#libs/calendar';
import { workClock } from '#libs/config';
import {
  clockFrom,
  endText,
  EXPECTED_OF_GIVEN_SERVERS,
  gialamNodes,
  nextWorkDay,
  openStack,
  projectRootOf,
  readGivenServers,
  workTimeReached,
  type EmbeddedStack,
} from '#tools/embedded';
import type { Organisation } from '#libs/directory';
import type { Instant } from '#libs/kernel';
import type { Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printResult, type Io } from '../output/io.ts';
import { showTime } from '../output/times.ts';
import { addressesText } from '../start/addresses.ts';
import { crashTable, crashText } from '../start/crashes.ts';
import { dayReportText } from '../start/day-report.ts';
import { Narrator } from '../start/narrator.ts';
import { readStartOptions, refuseOptionsTakenByNpm, START_OPTIONS, type StartOptions } from '../start/start-options.ts';
import { Stopping } from '../start/stopping.ts';
import { runWorkDay, type DayDone } from '../start/work-day-run.ts';
import { comparisonText, ledgerJson, ledgerText } from '../verify/verification-text.ts';

/** As a shell says of a program that a signal ended. */
const ENDED_BY_SIGNAL = 130;

export const startCommand: Command = {
  name: 'start',
  usage: '[--once] [--speed N] [--seed TEXT] [--dossiers N] [--data-dir DIR] [--no-load]',
  summary: {
    vi: 'Chạy PostgreSQL, Kafka, ba nút và một ngày làm việc của Gia Lâm; dừng bằng Ctrl-C',
    en: 'Runs PostgreSQL, Kafka, three nodes and a day of Gia Lâm’s work; Ctrl-C stops',
  },
  options: START_OPTIONS,
  more: `Máy chủ có sẵn · existing servers, instead of the embedded ones:
${EXPECTED_OF_GIVEN_SERVERS.replaceAll(/^/gm, '  ')}
Cổng · ports: POSTGRES_PORT, KAFKA_PORT, KAFKA_CONTROLLER_PORT, HTTP_PORT_<NODE>`,
  async run(given, io) {
    refuseOptionsTakenByNpm(io.env);
    const options = readStartOptions(given);
    const narrator = new Narrator(io);
    const root = projectRootOf();
    const servers = readGivenServers(
      io.env,
      gialamNodes(readJson(root, 'organisation.json') as Organisation).map(({ node }) => node),
    );
    let stack: EmbeddedStack | undefined;
    const stopping = new Stopping(io, () => {
      stack?.abandon();
      process.exit(ENDED_BY_SIGNAL);
    });
    try {
      stack = await openStack({
        dataDir: options.dataDir,
        ...servers,
        say: narrator.say,
        runPhase: narrator.runPhase,
        onRecovering: (node) =>
          narrator.line(
            `${node}: cơ sở dữ liệu ở trạng thái cũ; ở cửa sổ khác hãy chạy · its database was put back; in another terminal run: npx lienthong recover --node ${node}`,
          ),
        onCrash: (crash) => narrator.line(crashText(crash, join(options.dataDir, 'logs', `${crash.node}.log`))),
      });
      return await work(stack, { options, narrator, stopping, root, io });
    } finally {
      if (stack) await stop(stack, narrator);
      stopping.end();
    }
  },
};

async function stop(stack: EmbeddedStack, narrator: Narrator): Promise<void> {
  narrator.line('Đang dừng các nút, Kafka, PostgreSQL… · stopping nodes, Kafka, PostgreSQL…');
  const ends = await stack.stop();
  for (const end of ends.filter(({ code }) => code !== 0))
    narrator.line(`✗ ${end.node} dừng khi việc còn dở · ended with work unfinished (${endText(end)})\n${end.tail}`);
  narrator.line('Đã dừng · stopped');
}

interface Work {
  readonly options: StartOptions;
  readonly narrator: Narrator;
  readonly stopping: Stopping;
  readonly root: string;
  readonly io: Io;
}

async function work(stack: EmbeddedStack, { options, narrator, stopping, root, io }: Work): Promise<ExitCode> {
  const { signal } = stopping;
  if (signal.aborted) return EXIT.failed;
  const dayStart = await startNodes(stack, { options, narrator, root });
  const done = await runWorkDay(
    stack,
    { options, dayStart, projectRoot: root, signal, say: (text) => narrator.line(text) },
    io,
  );
  if (!done) return EXIT.failed;
  printResult(io, options.json, jsonOf(done), () => textOf(done, io));
  if (!options.once && !signal.aborted) await stayOpen(stack, { options, narrator, stopping, root, io });
  return done.good ? EXIT.ok : EXIT.failed;
}

async function startNodes(
  stack: EmbeddedStack,
  { options, narrator, root }: Pick<Work, 'options' | 'narrator' | 'root'>,
): Promise<Instant> {
  const calendar = parseCalendar(readJson(root, 'working-calendar.json'));
  const dayStart = nextWorkDay(calendar, workTimeReached(options.dataDir));
  await stack.startNodes(clockFrom(dayStart, Date.now(), options.speed));
  narrator.line(
    `Đồng hồ công việc · work clock: ${showTime(dayStart)}, nhanh gấp ${options.speed} lần · ${options.speed} times as fast as life`,
  );
  return dayStart;
}

/** The clock slows down to life, so that who looks around now has days and not minutes before the next deadline. */
async function stayOpen(stack: EmbeddedStack, { options, narrator, stopping, io }: Work): Promise<void> {
  const { workClock: fast } = stack;
  if (fast && fast.rate !== 1) {
    narrator.line(
      'Đồng hồ công việc trở lại nhịp đời thường, các nút khởi động lại… · the work clock slows to life, nodes start again…',
    );
    await stack.restartNodes(() => clockFrom(workClock(fast, Date.now).now(), Date.now(), 1));
  }
  io.err(`\n${await addressesText(stack, options.dataDir)}\n\nCtrl-C để dừng · stops everything\n`);
  await stopping.asked;
}

function textOf({ report, check, good, traffic, crashes }: DayDone, io: Io): string {
  const open = traffic.open > 0 ? [`CHƯA TỚI NƠI · NOT DELIVERED: ${traffic.open}`] : [];
  return [
    '',
    dayReportText(report, io.width),
    ...(crashes.length > 0 ? ['', crashTable(crashes)] : []),
    '',
    ...check.ledgers.map(ledgerText),
    comparisonText(check.comparison),
    ...open,
    verdictText(check.whole, good),
  ].join('\n');
}

function verdictText(whole: boolean, good: boolean): string {
  if (!whole) return 'KHÔNG NGUYÊN VẸN · NOT WHOLE';
  return good
    ? 'Nguyên vẹn · whole'
    : 'Nguyên vẹn, nhưng có việc ngoài dự kiến (xem trên) · whole, but something unexpected happened (see above)';
}

const jsonOf = ({ day, report, check, good, traffic, crashes }: DayDone): object => ({
  good,
  crashes: crashes.map(({ node, code, signal, state }) => ({ node, code, signal, state })),
  ...(day && { day }),
  traffic,
  ...report,
  ledgers: check.ledgers.map(ledgerJson),
  comparison: check.comparison,
});

const readJson = (root: string, file: string): unknown =>
  JSON.parse(readFileSync(join(root, 'reference', file), 'utf8'));
