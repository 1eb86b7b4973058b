import type { QuarantinedView, QuarantineItem } from '#libs/http-api';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { printable } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { showTime } from '../output/times.ts';
import { actBody, actOptions, agencyFor, oneNode } from '../reach/one-node.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

const RELEASES = ['directory-corrected', 'believed-log-shown', 'configuration-corrected', 'judged-again', 'other'];
const DISCARDS = ['not-for-us', 'sender-will-restate', 'forged', 'unreadable'];

interface Page {
  readonly items: readonly QuarantineItem[];
  readonly next?: number;
}

export const quarantineCommand: Command = {
  name: 'quarantine',
  usage:
    'list | show NUMBER | release NUMBER --reason REASON [--note TEXT] | discard NUMBER --reason REASON [--note TEXT]',
  summary: {
    vi: 'Thông điệp bị cách ly: danh sách, nội dung, trả lại để xét lại, loại bỏ có ghi lý do',
    en: 'Quarantined messages: list, look at one, release it to be judged again, discard it on record',
  },
  takes: 2,
  options: {
    ...REACH,
    code: { type: 'string', value: 'CODE', about: { vi: 'Chỉ mã lỗi này', en: 'Only this code' } },
    limit: {
      type: 'string',
      value: 'N',
      about: { vi: 'Số dòng mỗi nút (mặc định 50)', en: 'Rows of each node (default 50)' },
    },
    after: { type: 'string', value: 'N', about: { vi: 'Sau số này', en: 'After this number' } },
    ...actOptions([...RELEASES, ...DISCARDS]),
  },
  run(given, io) {
    const [verb = 'list', number] = given.rest;
    switch (verb) {
      case 'list':
        return list(given, io);
      case 'show':
        return show(given, io, numberIn(number));
      case 'release':
        return release(given, io, numberIn(number));
      case 'discard':
        return discard(given, io, numberIn(number));
      default:
        throw new UsageError(`quarantine list | show | release | discard`);
    }
  },
};

function numberIn(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError('Thiếu số thông điệp · the number of the message is needed');
}

async function list(given: Given, io: Io): Promise<ExitCode> {
  const query = {
    code: given.find('code'),
    after: given.whole('after', [0, Number.MAX_SAFE_INTEGER]),
    limit: given.whole('limit', [1, 500]) ?? 50,
  };
  const pages: (Page & { node: string })[] = [];
  for (const api of reachNodes(given))
    pages.push({ node: api.name, ...(await api.get<Page>('/v1/quarantine', query)) });
  printResult(io, given.has('json'), pages, () => pages.map((page) => listText(page, io)).join('\n\n'));
  return EXIT.ok;
}

function listText({ node, items, next }: Page & { readonly node: string }, io: Io): string {
  if (items.length === 0) return `${node}: khu cách ly trống · quarantine is empty`;
  const table = renderTable(
    [
      { head: 'Số · no.', align: 'right' },
      { head: 'Lúc · at' },
      { head: 'Bước · stage' },
      { head: 'Mã · code' },
      { head: 'Nguồn · source' },
      { head: 'Về · about', shrinks: true },
      { head: 'Trả lại · released' },
    ],
    items.map((one) => [
      String(one.number),
      showTime(one.quarantinedAt),
      one.stage,
      one.code,
      one.source ?? '–',
      printable(one.subject ?? one.recordKey).replaceAll(/\s/g, ' '),
      one.releasedAt === undefined ? '' : showTime(one.releasedAt),
    ]),
    io.width,
  );
  return [`${node}:`, table, ...(next === undefined ? [] : [`--node ${node} --after ${next}`])].join('\n');
}

async function show(given: Given, io: Io, number: number): Promise<ExitCode> {
  const found = await oneNode(given).get<QuarantinedView>(`/v1/quarantine/${number}`);
  printResult(io, given.has('json'), found, () => {
    const { bytes, arrival, ...members } = found;
    const lines = Object.entries({ ...members, arrival: JSON.stringify(arrival) }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    return printable([...lines, '', Buffer.from(bytes, 'base64').toString('utf8')].join('\n'));
  });
  return EXIT.ok;
}

async function release(given: Given, io: Io, number: number): Promise<ExitCode> {
  const path = `/v1/quarantine/${number}/release`;
  const answer = await oneNode(given).post<{ became: string }>(path, actBody(given), agencyFor(given));
  printResult(io, given.has('json'), answer, () => `${number}: ${answer.became}`);
  return EXIT.ok;
}

async function discard(given: Given, io: Io, number: number): Promise<ExitCode> {
  const path = `/v1/quarantine/${number}/discard`;
  const answer = await oneNode(given).post<{ event: string }>(path, actBody(given), agencyFor(given));
  printResult(
    io,
    given.has('json'),
    answer,
    () => `${number}: đã loại bỏ, ghi ở · discarded, recorded as ${answer.event}`,
  );
  return EXIT.ok;
}
