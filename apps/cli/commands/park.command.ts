/** Parked dossiers: which, why, since when, what to do next. They go on by themselves once the cause is mended. */
import type { TroubleItemView, TroublePageView } from '#libs/http-api';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { count, renderTable } from '../output/table.ts';
import { showAge, showTime } from '../output/times.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

type Page = TroublePageView & { readonly node: string };

export const parkCommand: Command = {
  name: 'park',
  usage: 'list [--reason CODE] | show DOSSIER',
  summary: {
    vi: 'Hồ sơ tạm dừng: hồ sơ nào, vì sao, từ lúc nào, làm gì tiếp',
    en: 'Parked dossiers: which, why, since when, what to do next',
  },
  takes: 2,
  options: {
    ...REACH,
    reason: {
      type: 'string',
      value: 'CODE',
      about: { vi: 'FORK, NOT_UNDERSTOOD hoặc FOLD_FAILED', en: 'FORK, NOT_UNDERSTOOD or FOLD_FAILED' },
    },
    limit: {
      type: 'string',
      value: 'N',
      about: { vi: 'Số dòng mỗi nút (mặc định 50)', en: 'Rows of each node (default 50)' },
    },
    cursor: { type: 'string', value: 'TEXT', about: { vi: 'Trang tiếp theo', en: '`next` of the page before' } },
  },
  more: '1: có hồ sơ tạm dừng · there are parked dossiers',
  run(given, io) {
    const [verb = 'list', dossier] = given.rest;
    if (verb === 'list') return list(given, io);
    if (verb === 'show') return show(given, io, subjectIn(dossier));
    throw new UsageError('park list | show DOSSIER');
  },
};

/** `H26.129.05/<uuid>`, with `dossier/` before it or without. */
function subjectIn(text: string | undefined): string {
  if (text === undefined) throw new UsageError('Thiếu hồ sơ · which dossier: park show H26.129.05/<uuid>');
  return text.startsWith('dossier/') ? text : `dossier/${text}`;
}

async function pagesOf(
  given: Given,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const api of reachNodes(given))
    pages.push({ node: api.name, ...(await api.get<TroublePageView>('/v1/trouble/parked', query)) });
  return pages;
}

const exitFor = (pages: readonly Page[]): ExitCode =>
  pages.every(({ items }) => items.length === 0) ? EXIT.ok : EXIT.failed;

async function list(given: Given, io: Io): Promise<ExitCode> {
  const limit = given.whole('limit', [1, 500]) ?? 50;
  const pages = await pagesOf(given, { reason: given.find('reason'), cursor: given.find('cursor'), limit });
  printResult(io, given.has('json'), pages, () => pages.map((page) => listText(page, io)).join('\n\n'));
  return exitFor(pages);
}

function listText({ node, items, next }: Page, io: Io): string {
  if (items.length === 0) return `${node}: không có hồ sơ tạm dừng · no parked dossiers`;
  const table = renderTable(
    [
      { head: 'Lý do · reason' },
      { head: 'Đã · for', align: 'right' },
      { head: 'Chờ áp dụng · unapplied', align: 'right' },
      { head: 'Đang giữ · in hand of' },
      { head: 'Hồ sơ · dossier', shrinks: true },
    ],
    items.map((one) => [
      one.reason,
      showAge(one.ageSeconds),
      one.dossier?.unapplied ?? 0,
      one.dossier?.custodian ?? '–',
      (one.subject ?? '').slice('dossier/'.length),
    ]),
    io.width,
  );
  return [`${node}:`, table, ...(next === undefined ? [] : [`--node ${node} --cursor ${next}`])].join('\n');
}

async function show(given: Given, io: Io, subject: string): Promise<ExitCode> {
  const pages = await pagesOf(given, { subject });
  printResult(io, given.has('json'), pages, () =>
    pages.map(({ node, items: [item] }) => (item ? itemText(node, item) : notParked(node, subject))).join('\n\n'),
  );
  return exitFor(pages);
}

const notParked = (node: string, subject: string): string => `${node}: ${subject}: không tạm dừng · is not parked`;

function itemText(
  node: string,
  { subject = '', reason, since, ageSeconds, hash, bytes, dossier, advice }: TroubleItemView,
): string {
  const { dossierCode = '–', situation = '–', custodian = '–', unapplied = 0 } = dossier ?? {};
  return [
    `${node}: ${subject}`,
    `Mã hồ sơ · code: ${dossierCode}`,
    `Tình trạng trước đó · situation before: ${situation}; đang giữ · in hand of: ${custodian}`,
    `Vì sao · why: ${reason}`,
    `Từ · since: ${showTime(since)} (${showAge(ageSeconds)})`,
    `Dừng ở sự kiện · stands at event: ${hash ?? '–'}`,
    `Chờ phía sau · waiting behind: ${count(unapplied)}, ${count(bytes)} byte`,
    `Làm gì tiếp · next: ${advice.vi} · ${advice.en}`,
    `lienthong show ${subject.slice('dossier/'.length)} --node ${node}`,
  ].join('\n');
}
