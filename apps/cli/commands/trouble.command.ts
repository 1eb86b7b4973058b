/** All that is in trouble, in one view: what an operator called at night asks first. */
import type { StoppedLoopView, TroubleItemView, TroubleKindView, TroublePageView, TroubleView } from '#libs/http-api';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { printable } from '../output/printable.ts';
import { count, renderTable } from '../output/table.ts';
import { showAge, showTime } from '../output/times.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

const KINDS: Readonly<Record<string, string>> = {
  held: 'giữ chờ · held',
  quarantined: 'cách ly · quarantined',
  parked: 'tạm dừng · parked',
  undeliverable: 'không giao được · undeliverable',
  limbo: 'chưa trả lời · limbo',
};

export const troubleCommand: Command = {
  name: 'trouble',
  usage:
    '[held | quarantined | parked | undeliverable | limbo] [--reason CODE] [--subject STREAM] [--older-than SECONDS]',
  summary: {
    vi: 'Mọi thứ đang vướng: bao nhiêu, bao lâu, vì sao, làm gì tiếp',
    en: 'All that is in trouble: how much, how long, why, and what to do next',
  },
  takes: 1,
  options: {
    ...REACH,
    reason: { type: 'string', value: 'CODE', about: { vi: 'Chỉ lý do này', en: 'Only this reason' } },
    subject: { type: 'string', value: 'STREAM', about: { vi: 'Chỉ chuỗi này', en: 'Only this stream' } },
    'older-than': {
      type: 'string',
      value: 'SECONDS',
      about: {
        vi: 'Chưa giao, chưa trả lời quá số giây này mới tính (mặc định 600)',
        en: 'What is owed or asked counts from this age on (default 600)',
      },
    },
    limit: {
      type: 'string',
      value: 'N',
      about: { vi: 'Số dòng mỗi nút (mặc định 50)', en: 'Rows of each node (default 50)' },
    },
    cursor: { type: 'string', value: 'TEXT', about: { vi: 'Trang tiếp theo', en: '`next` of the page before' } },
  },
  more: '1: có việc phải xem · something is to be looked at',
  run(given, io) {
    const [kind] = given.rest;
    if (kind === undefined) return sums(given, io);
    if (!Object.hasOwn(KINDS, kind))
      throw new UsageError(
        `Không có loại này; có · there is no such kind; there are: ${Object.keys(KINDS).join(', ')}`,
      );
    return items(given, io, kind);
  },
};

async function sums(given: Given, io: Io): Promise<ExitCode> {
  const query = { olderThan: given.whole('older-than', [0, 31_536_000]) };
  const views = await Promise.all(reachNodes(given).map((api) => api.get<TroubleView>('/v1/trouble', query)));
  printResult(io, given.has('json'), views, () => views.map((view) => sumsText(view, io)).join('\n\n'));
  const well = views.every(({ kinds, stopped }) => stopped.length === 0 && kinds.every((kind) => kind.count === 0));
  return well ? EXIT.ok : EXIT.failed;
}

function sumsText({ node, kinds, stopped }: TroubleView, io: Io): string {
  const some = kinds.filter((kind) => kind.count > 0);
  if (some.length === 0 && stopped.length === 0) return `${node}: không có gì vướng · nothing is in trouble`;
  const table = renderTable(
    [
      { head: 'Loại · kind' },
      { head: 'Lý do · reason' },
      { head: 'Số · count', align: 'right' },
      { head: 'byte', align: 'right' },
      { head: 'Lâu nhất · oldest', align: 'right' },
    ],
    some.flatMap(rowsOf),
    io.width,
  );
  return [
    `${node}:`,
    ...(some.length > 0 ? [table, '', ...some.flatMap(adviceLines)] : []),
    ...stopped.map(stoppedText),
    ...some.map(({ kind }) => `lienthong trouble ${kind} --node ${node}`),
  ].join('\n');
}

const rowsOf = ({ kind, reasons }: TroubleKindView): readonly (readonly (string | number)[])[] =>
  reasons.map((one) => [
    KINDS[kind] ?? kind,
    one.reason,
    `${one.more ? '≥ ' : ''}${count(one.count)}`,
    one.bytes,
    showAge(one.ageSeconds),
  ]);
const adviceLines = ({ reasons }: TroubleKindView): readonly string[] =>
  reasons.map(({ reason, advice }) => `${reason}: ${advice.vi} · ${advice.en}`);

export const stoppedText = ({ loop, peer, since, by, reason }: StoppedLoopView): string =>
  `đã ngắt · stopped: ${loop}${peer === undefined ? '' : ` → ${peer}`} (${showTime(since)}, ${by}, ${reason})`;

async function items(given: Given, io: Io, kind: string): Promise<ExitCode> {
  const query = {
    reason: given.find('reason'),
    subject: given.find('subject'),
    cursor: given.find('cursor'),
    limit: given.whole('limit', [1, 500]) ?? 50,
    olderThan: given.whole('older-than', [0, 31_536_000]),
  };
  const pages: (TroublePageView & { readonly node: string })[] = [];
  for (const api of reachNodes(given))
    pages.push({ node: api.name, ...(await api.get<TroublePageView>(`/v1/trouble/${kind}`, query)) });
  printResult(io, given.has('json'), pages, () => pages.map((page) => itemsText(page, kind, io)).join('\n\n'));
  return pages.every((page) => page.items.length === 0) ? EXIT.ok : EXIT.failed;
}

function itemsText(
  { node, items: found, next }: TroublePageView & { readonly node: string },
  kind: string,
  io: Io,
): string {
  if (found.length === 0) return `${node}: không có · none: ${KINDS[kind]}`;
  const table = renderTable(
    [
      { head: 'Số · no.', align: 'right' },
      { head: 'Lý do · reason' },
      { head: 'Từ · since' },
      { head: 'Đã · for', align: 'right' },
      { head: 'byte', align: 'right' },
      { head: 'Với · with' },
      { head: 'Về · about', shrinks: true },
    ],
    found.map((one) => [
      numberOf(one),
      one.reason,
      showTime(one.since),
      showAge(one.ageSeconds),
      one.bytes,
      one.peer ?? one.source ?? '–',
      printable(one.subject ?? one.hash ?? '–').replaceAll(/\s/g, ' '),
    ]),
    io.width,
  );
  const advice = new Map(found.map((one) => [one.reason, one.advice]));
  return [
    `${node}:`,
    table,
    ...[...advice].map(([reason, { vi, en }]) => `${reason}: ${vi} · ${en}`),
    ...(next === undefined ? [] : [`--node ${node} --cursor ${next}`]),
  ].join('\n');
}

const numberOf = ({ number, line }: TroubleItemView): string => {
  if (number === undefined) return '–';
  return line === undefined ? String(number) : `${line}/${count(number)}`;
};
