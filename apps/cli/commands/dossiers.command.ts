import { SITUATION_TITLES, type SituationName } from '#libs/dossier';
import type { Command, Given } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printResult, type Io } from '../output/io.ts';
import { renderTable } from '../output/table.ts';
import { showTime } from '../output/times.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

/** Members of an entry of `GET /v1/dossiers` that are shown. */
interface Listed {
  readonly subject: string;
  readonly situation: SituationName;
  readonly dossierCode?: string;
  readonly custodian?: string;
  readonly inTransitTo?: string;
  readonly dueAt?: string;
  readonly updatedAt: string;
  readonly parked?: string;
}
interface Page {
  readonly items: readonly Listed[];
  readonly next?: string;
}

export const dossiersCommand: Command = {
  name: 'dossiers',
  usage: '[--agency CODE] [--state STATE] [--due-before TIME] [--code CODE] [--parked] [--unanswered] [--limit N]',
  summary: { vi: 'Danh sách hồ sơ trên từng nút', en: 'Dossiers as each node lists them' },
  options: {
    ...REACH,
    agency: {
      type: 'string',
      value: 'CODE',
      about: { vi: 'Cơ quan giữ, nhận hoặc sắp nhận', en: 'Custodian, receiving agency, or named next' },
    },
    state: {
      type: 'string',
      value: 'STATE',
      about: { vi: 'Tình trạng, ví dụ InProcess', en: 'Situation, e.g. InProcess' },
    },
    'due-before': {
      type: 'string',
      value: 'TIME',
      about: { vi: 'Đến hạn trước (UTC, có mili giây)', en: 'Due before (UTC with milliseconds)' },
    },
    code: { type: 'string', value: 'CODE', about: { vi: 'Mã hồ sơ', en: 'Dossier code, or any other code of it' } },
    parked: { type: 'boolean', about: { vi: 'Chỉ hồ sơ tạm dừng', en: 'Only dossiers that are parked' } },
    unanswered: {
      type: 'boolean',
      about: {
        vi: 'Chỉ hồ sơ có sự kiện bị thay thế chờ trả lời',
        en: 'Only dossiers with something superseded that waits for an answer',
      },
    },
    limit: {
      type: 'string',
      value: 'N',
      about: { vi: 'Số hồ sơ mỗi nút (mặc định 20)', en: 'Dossiers of each node (default 20)' },
    },
    cursor: { type: 'string', value: 'TEXT', about: { vi: 'Trang tiếp theo', en: '`next` of the page before' } },
  },
  async run(given, io) {
    const pages: { node: string; items: readonly Listed[]; next?: string }[] = [];
    for (const api of reachNodes(given))
      pages.push({ node: api.name, ...(await api.get<Page>('/v1/dossiers', queryOf(given))) });
    printResult(io, given.has('json'), pages, () => pages.map((page) => textOf(page, io)).join('\n\n'));
    return EXIT.ok;
  },
};

function queryOf(given: Given): Readonly<Record<string, string | number | undefined>> {
  return {
    agency: given.find('agency'),
    state: given.find('state'),
    dueBefore: given.find('due-before'),
    code: given.find('code'),
    cursor: given.find('cursor'),
    limit: given.whole('limit', [1, 500]) ?? 20,
    ...(given.has('parked') && { parked: 'true' }),
    ...(given.has('unanswered') && { unanswered: 'true' }),
  };
}

function textOf({ node, items, next }: Page & { readonly node: string }, io: Io): string {
  if (items.length === 0) return `${node}: không có hồ sơ nào · no dossiers`;
  const table = renderTable(
    [
      { head: 'Mã hồ sơ · code' },
      { head: 'Tình trạng · situation', shrinks: true },
      { head: 'Đang giữ · in hand of' },
      { head: 'Hạn · due' },
      { head: 'Hồ sơ · dossier' },
    ],
    items.map((one) => [
      one.dossierCode ?? '–',
      `${SITUATION_TITLES[one.situation].vi}${one.parked === undefined ? '' : ` (${one.parked})`}`,
      one.custodian ?? (one.inTransitTo === undefined ? '–' : `→ ${one.inTransitTo}`),
      one.dueAt === undefined ? '–' : showTime(one.dueAt),
      one.subject.slice('dossier/'.length),
    ]),
    io.width,
  );
  return [`${node}:`, table, ...(next === undefined ? [] : [`--node ${node} --cursor ${next}`])].join('\n');
}
