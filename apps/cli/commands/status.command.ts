import type { OutboundView, StatusView } from '#libs/http-api';
import { instantToMs, type Instant } from '#libs/kernel';
import type { Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Unreachable } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { count, renderTable } from '../output/table.ts';
import { diskAdvice, diskText } from '../output/disk.ts';
import { showTime } from '../output/times.ts';
import type { NodeApi } from '../reach/node-api.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

interface NodeState {
  readonly node: string;
  readonly url: string;
  /** Absent: nobody answers. */
  readonly ready?: boolean;
  readonly waitsFor: readonly string[];
  readonly status?: StatusView;
}

export const statusCommand: Command = {
  name: 'status',
  usage: '[--node NODE]',
  summary: {
    vi: 'Tình trạng các nút: đồng hồ, nhật ký, chuyển giao, những gì đang chờ',
    en: 'State of the nodes: clock, log, deliveries, what waits',
  },
  options: REACH,
  async run(given, io) {
    const states = await Promise.all(reachNodes(given).map(stateOf));
    const advice = states.flatMap(adviceFor);
    printResult(io, given.has('json'), { nodes: states, advice }, () => textOf(states, advice, io));
    return exitCodeFor(states);
  },
};

async function stateOf(api: NodeApi): Promise<NodeState> {
  const readiness = await api.readiness();
  const node = { node: api.name, url: api.url };
  if (!readiness) return { ...node, waitsFor: [] };
  try {
    return { ...node, ...readiness, status: await api.get<StatusView>('/v1/status') };
  } catch (error) {
    if (error instanceof Unreachable) return { ...node, ...readiness };
    throw error;
  }
}

/** A node that is not there cannot be judged; one that is there and not ready, or has lost or stopped something, is not whole. */
function exitCodeFor(states: readonly NodeState[]): ExitCode {
  if (states.some(({ status }) => !status)) return EXIT.unreachable;
  const whole = states.every(({ ready, status }) => ready && status && isWhole(status));
  return whole ? EXIT.ok : EXIT.failed;
}

const isWhole = (status: StatusView): boolean => !status.parked && !status.stopped && refusedIn(status) === 0;

const missingIn = ({ missing }: OutboundView): number => missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
const refusedIn = ({ deliveries }: StatusView): number =>
  deliveries.reduce((sum, line) => sum + line.refused.length, 0);

function textOf(states: readonly NodeState[], advice: readonly string[], io: Io): string {
  return [nodesTable(states, io), deliveriesTable(states), advice.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function nodesTable(states: readonly NodeState[], io: Io): string {
  return renderTable(
    [
      { head: 'Nút · node' },
      { head: 'Địa chỉ · address' },
      { head: 'Tình trạng · state', shrinks: true },
      { head: 'Giờ công việc · work time' },
      { head: 'Nhật ký · log', align: 'right' },
      { head: 'Điểm kiểm · checkpoint', align: 'right' },
      { head: 'Giữ chờ · held', align: 'right' },
      { head: 'Cách ly · quarantined', align: 'right' },
      { head: 'Chờ dữ liệu · openings awaited', align: 'right' },
      { head: 'Tạm dừng · parked', align: 'right' },
      { head: 'Chờ trả lời · unanswered', align: 'right' },
      { head: 'Đời · life', align: 'right' },
      { head: 'Sao lưu kho · vault backup', align: 'right' },
      { head: 'Đĩa · disk', align: 'right' },
    ],
    states.map((state) => [state.node, state.url, stateText(state), ...statusCells(state.status)]),
    io.width,
  );
}

function stateText({ ready, waitsFor, status }: NodeState): string {
  if (ready === undefined || !status) return 'không trả lời · no answer';
  return ready ? 'sẵn sàng · ready' : `chờ · waits for ${waitsFor.join(', ')}`;
}

function statusCells(status: StatusView | undefined): readonly (string | number)[] {
  if (!status) return [];
  const { checkpoint, log } = status;
  const signed = checkpoint ? count(checkpoint.size) : '–';
  return [
    showTime(status.workTime),
    log.size,
    signed,
    status.held,
    status.quarantined,
    awaitedText(status),
    status.parked ?? '–',
    status.unanswered ?? '–',
    status.life.number,
    vaultBackupAge(status),
    diskText(status),
  ];
}

/** Hours, or days from two on: an old one is worth a look. */
function vaultBackupAge({ vaultBackupAt, wallTime }: StatusView): string {
  if (vaultBackupAt === undefined) return '–';
  const hours = Math.floor((instantToMs(wallTime as Instant) - instantToMs(vaultBackupAt as Instant)) / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

function deliveriesTable(states: readonly NodeState[]): string {
  const rows = states.flatMap(({ node, status }) =>
    (status?.deliveries ?? []).map((line) => [
      `${node} → ${line.peer}`,
      `${count(line.contiguousUpTo)} / ${count(line.highest)}`,
      missingIn(line),
      line.refused.length,
      line.receiptAt === undefined ? '–' : `${ageOf(line.receiptAt, status)} s`,
    ]),
  );
  if (rows.length === 0) return '';
  return renderTable(
    [
      { head: 'Chuyển giao · delivered' },
      { head: 'đã nhận / tổng · of', align: 'right' },
      { head: 'thiếu · missing', align: 'right' },
      { head: 'từ chối · refused', align: 'right' },
      { head: 'biên nhận cách đây · receipt ago', align: 'right' },
    ],
    rows,
  );
}

/** Events that cannot be opened, and how long the oldest has been so. */
function awaitedText(status: StatusView): string | number {
  const { openings, oldestSince } = status.openingsAwaited;
  return oldestSince === undefined ? openings : `${count(openings)} (${ageOf(oldestSince, status)} s)`;
}

const ageOf = (at: string, status: StatusView | undefined): number =>
  Math.max(0, Math.round((instantToMs((status?.wallTime ?? at) as Instant) - instantToMs(at as Instant)) / 1000));

/** What waits, and what to do next. */
function adviceFor({ node, status, ready }: NodeState): readonly string[] {
  if (!status)
    return [
      `${node}: không trả lời; xem tệp nhật ký trong <data-dir>/logs · no answer; see its log in <data-dir>/logs`,
    ];
  const { held, quarantined, deliveries } = status;
  const missing = deliveries.filter((line) => missingIn(line) > 0).map(({ peer }) => peer);
  const unconfirmed = deliveries.filter((line) => line.contiguousUpTo < line.highest).map(({ peer }) => peer);
  return [
    status.life.state === 'restored' &&
      `${node}: cơ sở dữ liệu ở trạng thái cũ, chưa được ký · its database was put back, it signs nothing: npx lienthong recover --node ${node}`,
    !ready && `${node}: đang khởi động · is starting`,
    unconfirmed.length > 0 && `${node}: chờ biên nhận từ · waits for receipts of ${unconfirmed.join(', ')}`,
    missing.length > 0 &&
      `${node}: thiếu ở · missing at ${missing.join(', ')}; tự gửi lại sau 10 giây · sent again by itself after 10 s`,
    held > 0 && `${node}: ${held} thông điệp giữ chờ, tự hỏi lại sau 10 giây · messages on hold, asked for after 10 s`,
    quarantined > 0 &&
      `${node}: ${quarantined} thông điệp cách ly · quarantined: lienthong trouble quarantined --node ${node}`,
    ...(status.stopped ?? []).map(
      ({ loop, peer }) =>
        `${node}: đã ngắt · stopped: ${[loop, peer].filter(Boolean).join(' → ')}: lienthong loops --node ${node}`,
    ),
    diskAdvice(node, status),
    ...dossiersWaiting(node, status),
  ].filter((line) => line !== false);
}

const dossiersWaiting = (
  node: string,
  { parked = 0, unanswered = 0, openingsAwaited }: StatusView,
): readonly (string | false)[] => [
  openingsAwaited.dossiers > 0 &&
    `${node}: ${openingsAwaited.dossiers} hồ sơ chưa đọc được vì thiếu dữ liệu cá nhân, tự hỏi lại · dossiers cannot be read yet, openings are missing and asked for again by itself`,
  parked > 0 && `${node}: ${parked} hồ sơ tạm dừng · parked dossiers: lienthong park list --node ${node}`,
  unanswered > 0 &&
    `${node}: ${unanswered} hồ sơ có sự kiện bị thay thế chờ trả lời · dossiers with superseded events to be answered: lienthong dossiers --unanswered --node ${node}`,
];
