/** Quarantined messages judged again, as a job of one node. */
import { randomUUID } from 'node:crypto';
import type { RedrivePageView, RedriveTriesView, RedriveView, SelectionView } from '#libs/http-api';
import { TROUBLE_KINDS } from '#libs/exchange';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { count, renderTable } from '../output/table.ts';
import { showTime } from '../output/times.ts';
import { actBody, actOptions, agencyFor, oneNode } from '../reach/one-node.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';

const STARTS = ['directory-corrected', 'configuration-corrected', 'upgraded', 'judged-again', 'other'];
const STEERS = ['load', 'mistake', 'cause-found', 'cause-removed', 'done'];
const text = (value: string, vi: string, en: string) => ({ type: 'string', value, about: { vi, en } }) as const;

export const redriveCommand: Command = {
  name: 'redrive',
  usage:
    'start --reason REASON [--dry-run] [--kind KIND] [--peer NODE] [--code CODE] [--stage STAGE] [--source URN] [--subject STREAM] [--before TIME] | list | show JOB | pause|resume|cancel JOB --reason REASON',
  summary: {
    vi: 'Đợt xét lại những gì đang vướng: thử, bắt đầu, theo dõi, tạm dừng, huỷ',
    en: 'Redrives of what is in trouble: dry run, start, watch, pause, cancel',
  },
  takes: 2,
  options: {
    ...REACH,
    'dry-run': { type: 'boolean', about: { vi: 'Chỉ đếm, không làm gì', en: 'Count only, change nothing' } },
    kind: text('KIND', 'Loại vướng mắc (mặc định quarantined)', `${TROUBLE_KINDS.join(' ')} (default quarantined)`),
    peer: text('NODE', 'Chỉ những gì gửi tới, hỏi nút này', 'Only what is owed to this node, or asked of it'),
    stage: text('STAGE', 'Chỉ chặng này', 'Only this stage: bytes envelope key signature known entitled'),
    code: text('CODE', 'Chỉ mã (lý do) này', 'Only this code, or reason'),
    source: text('URN', 'Chỉ nguồn này', 'Only this source'),
    subject: text('STREAM', 'Chỉ chuỗi này', 'Only this stream'),
    before: text('TIME', 'Vướng từ trước lúc này (UTC, có mili giây)', 'In trouble before (UTC with milliseconds)'),
    job: text(
      'UUID',
      'Tên đợt, để bắt đầu lại không thành hai',
      'Name of the job, so that starting again makes no second',
    ),
    batch: text('N', 'Số thông điệp mỗi mẻ (mặc định 50)', 'Messages in a batch (default 50)'),
    'per-minute': text('N', 'Số thông điệp mỗi phút (mặc định 600)', 'Messages a minute (default 600)'),
    ...actOptions([...STARTS, ...STEERS]),
  },
  more: 'show: 0 xong, không lỗi · done, none failed; 1 còn lại hoặc có lỗi · some left or failed',
  run(given, io) {
    const [verb = 'list', job] = given.rest;
    switch (verb) {
      case 'start':
        return given.has('dry-run') ? look(given, io) : start(given, io);
      case 'list':
        return list(given, io);
      case 'show':
        return show(given, io, jobIn(job));
      case 'pause':
      case 'resume':
      case 'cancel':
        return steer(given, io, { act: verb, job: jobIn(job) });
      default:
        throw new UsageError('redrive start | list | show | pause | resume | cancel');
    }
  },
};

function jobIn(job: string | undefined): string {
  if (job !== undefined) return job;
  throw new UsageError('Thiếu tên đợt · the job is needed: lienthong redrive list');
}

const SELECTED = ['kind', 'peer', 'stage', 'code', 'source', 'subject', 'before'] as const;
const selectionIn = (given: Given): Readonly<Record<string, string>> =>
  Object.fromEntries(
    SELECTED.flatMap((name) => {
      const value = given.find(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

async function look(given: Given, io: Io): Promise<ExitCode> {
  const body = { selection: selectionIn(given) };
  const found = await oneNode(given).post<SelectionView>('/v1/redrives/look', body, agencyFor(given));
  printResult(io, given.has('json'), found, () =>
    found.messages === 0
      ? 'Không có thông điệp nào khớp · nothing is selected'
      : `${count(found.messages)} thông điệp · messages, ${count(found.bytes)} byte; chưa làm gì · nothing was changed`,
  );
  return EXIT.ok;
}

async function start(given: Given, io: Io): Promise<ExitCode> {
  const batch = given.whole('batch', [1, 200]);
  const perMinute = given.whole('per-minute', [1, 60_000]);
  const body = {
    job: given.find('job') ?? randomUUID(),
    selection: selectionIn(given),
    ...(batch !== undefined && { batch }),
    ...(perMinute !== undefined && { perMinute }),
    ...actBody(given),
  };
  const job = await oneNode(given).post<RedriveView>('/v1/redrives', body, agencyFor(given));
  printResult(io, given.has('json'), job, () => jobText(job));
  return EXIT.ok;
}

async function list(given: Given, io: Io): Promise<ExitCode> {
  const pages: (RedrivePageView & { readonly node: string })[] = [];
  for (const api of reachNodes(given))
    pages.push({ node: api.name, ...(await api.get<RedrivePageView>('/v1/redrives')) });
  printResult(io, given.has('json'), pages, () => pages.map((page) => listText(page, io)).join('\n\n'));
  return EXIT.ok;
}

function listText({ node, items }: RedrivePageView & { readonly node: string }, io: Io): string {
  if (items.length === 0) return `${node}: chưa có đợt xét lại nào · no redrives`;
  const table = renderTable(
    [
      { head: 'Đợt · job' },
      { head: 'Tình trạng · state' },
      { head: 'Bắt đầu · started' },
      { head: 'Tất cả · all', align: 'right' },
      { head: 'Còn · left', align: 'right' },
      { head: 'Lỗi lại · failed again', align: 'right' },
      { head: 'Lựa chọn · selection', shrinks: true },
    ],
    items.map((job) => [
      job.job,
      job.state,
      showTime(job.startedAt),
      job.messages,
      job.left,
      job.progress.failed,
      selectionText(job),
    ]),
    io.width,
  );
  return [`${node}:`, table].join('\n');
}

const selectionText = ({ selection }: RedriveView): string => Object.values(selection).join(' ') || 'tất cả · all';

function jobText(job: RedriveView): string {
  const { recorded, held, duplicate, answered, sent, asked, applied, failed, failedAsBefore, gone } = job.progress;
  return [
    `${job.job}: ${job.state}`,
    `Lựa chọn · selection: ${selectionText(job)}; ${count(job.messages)} thông điệp · messages, ${count(job.bytes)} byte`,
    `Nhịp · pace: ${job.batch} mỗi mẻ · a batch, ${count(job.perMinute)} mỗi phút · a minute; còn · left: ${count(job.left)}`,
    `Đã ghi · recorded: ${count(recorded)}, giữ chờ · held: ${count(held)}, trùng · duplicates: ${count(duplicate)}, đã đáp · answered: ${count(answered)}, gửi lại · sent again: ${count(sent)}, hỏi lại · asked again: ${count(asked)}, đã tiếp tục · applied: ${count(applied)}`,
    `Lỗi lại · failed again: ${count(failed)} (${count(failedAsBefore)} như lần đầu · as at first); đã rời trước · gone before: ${count(gone)}`,
    ...job.acts.map(({ act, by, reason, at }) => `${showTime(at)} ${act} (${by}, ${reason})`),
    `Bắt đầu · started: ${showTime(job.startedAt)} (${job.by}, ${job.reason}), ${job.event}`,
  ].join('\n');
}

async function show(given: Given, io: Io, name: string): Promise<ExitCode> {
  const api = oneNode(given);
  const job = await api.get<RedriveView>(`/v1/redrives/${name}`);
  const { items } = await api.get<RedriveTriesView>(`/v1/redrives/${name}/messages`, { limit: 500 });
  const failed = items.filter(({ became }) => became === 'failed');
  printResult(io, given.has('json'), { ...job, tries: items }, () =>
    [jobText(job), ...failed.map(failureText)].join('\n'),
  );
  return job.left === 0 && job.progress.failed === 0 ? EXIT.ok : EXIT.failed;
}

const failureText = ({ number, stage, code, was, subject }: RedriveTriesView['items'][number]): string =>
  [`${number}:`, stage ?? was, code, subject].filter((word) => word !== undefined).join(' ');

async function steer(given: Given, io: Io, { act, job }: { act: string; job: string }): Promise<ExitCode> {
  const now = await oneNode(given).post<RedriveView>(`/v1/redrives/${job}/${act}`, actBody(given), agencyFor(given));
  printResult(io, given.has('json'), now, () => jobText(now));
  return EXIT.ok;
}
