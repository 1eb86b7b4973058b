import type { Role } from '#libs/dossier';
import type { Route } from './route.ts';

const OPERATOR: readonly Role[] = ['operator'];
const WATCHING: readonly Role[] = ['operator', 'auditor'];
const ACT = ['Lt-Agency', 'Lt-Correlation-Id'] as const;
const ACT_PROBLEMS = ['CORRELATION_ID_MALFORMED', 'CONTENDED'] as const;

const steered = (act: 'pause' | 'resume' | 'cancel', vi: string, en: string) =>
  ({
    method: 'POST',
    path: `/v1/redrives/{job}/${act}`,
    tag: 'operations',
    summary: { vi, en },
    description: 'Takes hold after the batch under way. Recorded with its reason; where it is so already, nothing is.',
    access: OPERATOR,
    parameters: ACT,
    body: 'SteerBody',
    answers: { 200: { says: 'The job as it is now.', schema: 'Redrive' } },
    problems: ['MALFORMED', 'REDRIVE_UNKNOWN', 'REDRIVE_OVER', ...ACT_PROBLEMS],
  }) as const satisfies Route;

/** What is in trouble, and what operators do about it. */
export const TROUBLE_ROUTES = {
  trouble: {
    method: 'GET',
    path: '/v1/trouble',
    tag: 'operations',
    summary: { vi: 'Mọi thứ đang vướng', en: 'All that is in trouble' },
    description:
      'Held, quarantined, parked, undeliverable, in limbo: how many, how many bytes, the oldest, by reason, with what to do next; and the loops that are stopped.',
    access: WATCHING,
    parameters: ['olderThan', 'Lt-Agency'],
    answers: { 200: { says: 'Sums by kind and reason.', schema: 'Trouble' } },
    problems: ['BODY_INVALID'],
  },
  'trouble-list': {
    method: 'GET',
    path: '/v1/trouble/{kind}',
    tag: 'operations',
    summary: { vi: 'Từng mục đang vướng', en: 'One by one' },
    access: WATCHING,
    parameters: ['reason', 'subject', 'olderThan', 'cursor', 'limit', 'Lt-Agency'],
    answers: { 200: { says: 'A page.', schema: 'TroublePage' } },
    problems: ['BODY_INVALID', 'MALFORMED', 'CURSOR_INVALID'],
  },
  discard: {
    method: 'POST',
    path: '/v1/quarantine/{number}/discard',
    tag: 'operations',
    summary: { vi: 'Loại bỏ khỏi khu cách ly', en: 'Discard from quarantine' },
    description:
      'A recorded decision: who, why, and the hashes of message and bytes. The row stays as a record; the same message sent again is judged again. Nothing is ever edited here: its agency states anew what ought to have been said.',
    access: OPERATOR,
    parameters: ACT,
    body: 'DiscardBody',
    answers: { 200: { says: 'The event that records it.', schema: 'Discarded' } },
    problems: ['MALFORMED', 'QUARANTINE_UNKNOWN', 'ALREADY_RELEASED', ...ACT_PROBLEMS],
  },
  'redrive-look': {
    method: 'POST',
    path: '/v1/redrives/look',
    tag: 'operations',
    summary: { vi: 'Thử một lựa chọn, không làm gì', en: 'Dry run of a selection' },
    access: OPERATOR,
    parameters: ['Lt-Agency'],
    body: 'RedriveLookBody',
    answers: { 200: { says: 'How many messages and bytes it selects now. Nothing is changed.', schema: 'Selection' } },
  },
  'redrive-start': {
    method: 'POST',
    path: '/v1/redrives',
    tag: 'operations',
    summary: { vi: 'Bắt đầu một đợt xét lại', en: 'Start a redrive' },
    description:
      'What is in trouble tried again as a job, in batches, at a rate: quarantined messages judged again; of another `kind`, held ones judged and asked for, dossiers folded again, deliveries sent again, commands asked again. What fails again stays, its first outcome untouched. The same job asked for again is the job there is.',
    access: OPERATOR,
    parameters: ACT,
    body: 'RedriveBody',
    answers: { 200: { says: 'The job.', schema: 'Redrive' } },
    problems: ['NOTHING_SELECTED', 'REDRIVE_EXISTS', ...ACT_PROBLEMS],
  },
  'redrive-list': {
    method: 'GET',
    path: '/v1/redrives',
    tag: 'operations',
    summary: { vi: 'Các đợt xét lại', en: 'Redrives' },
    access: WATCHING,
    parameters: ['afterJob', 'redriveLimit', 'Lt-Agency'],
    answers: { 200: { says: 'A page, latest first.', schema: 'RedrivePage' } },
    problems: ['BODY_INVALID'],
  },
  redrive: {
    method: 'GET',
    path: '/v1/redrives/{job}',
    tag: 'operations',
    summary: { vi: 'Một đợt xét lại', en: 'A redrive' },
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'State, progress, and what operators did.', schema: 'Redrive' } },
    problems: ['MALFORMED', 'REDRIVE_UNKNOWN'],
  },
  'redrive-messages': {
    method: 'GET',
    path: '/v1/redrives/{job}/messages',
    tag: 'operations',
    summary: { vi: 'Từng thông điệp của một đợt xét lại', en: 'Messages of a redrive' },
    access: WATCHING,
    parameters: ['afterNumber', 'limit', 'Lt-Agency'],
    answers: {
      200: {
        says: 'A page of tries, in order of their number in quarantine; of another kind, within the job.',
        schema: 'RedriveTries',
      },
    },
    problems: ['BODY_INVALID', 'MALFORMED', 'REDRIVE_UNKNOWN'],
  },
  'redrive-pause': steered('pause', 'Tạm dừng một đợt xét lại', 'Pause a redrive'),
  'redrive-resume': steered('resume', 'Tiếp tục một đợt xét lại', 'Resume a redrive'),
  'redrive-cancel': steered('cancel', 'Huỷ một đợt xét lại', 'Cancel a redrive'),
  tries: {
    method: 'GET',
    path: '/v1/quarantine/{number}/tries',
    tag: 'operations',
    summary: { vi: 'Các lần xét lại một thông điệp', en: 'Tries of one quarantined message' },
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'By all jobs, oldest first.', schema: 'RedriveTries' } },
    problems: ['MALFORMED', 'QUARANTINE_UNKNOWN'],
  },
  loops: {
    method: 'GET',
    path: '/v1/loops',
    tag: 'operations',
    summary: { vi: 'Các vòng lặp đã ngắt', en: 'Loops that are stopped' },
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'Which, since when, by whom, why.', schema: 'Loops' } },
  },
  'switch-loop': {
    method: 'POST',
    path: '/v1/loops',
    tag: 'operations',
    summary: { vi: 'Ngắt hoặc nối lại một vòng lặp', en: 'Stop a loop, or let it go on' },
    description:
      'One of those named; `deliveries` to one peer. In force in every process of the node within two seconds, and over restarts.',
    access: OPERATOR,
    parameters: ACT,
    body: 'SwitchBody',
    answers: { 200: { says: 'Those stopped now.', schema: 'Loops' } },
    problems: ['LOOP_UNKNOWN', 'PEER_UNKNOWN', ...ACT_PROBLEMS],
  },
} as const satisfies Record<string, Route>;
