import { ROLES } from '#libs/dossier';
import type { Route } from './route.ts';

const COMMAND_HEADERS = ['Idempotency-Key', 'Prefer', 'Lt-Agency', 'Lt-Correlation-Id'] as const;
const COMMAND_PROBLEMS = [
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_MALFORMED',
  'IDEMPOTENCY_KEY_REUSED',
  'CORRELATION_ID_MALFORMED',
  'MALFORMED',
  'INVALID',
  'TIME_IN_FUTURE',
  'AGENCY_NOT_VALID',
  'ROLE_NOT_ALLOWED',
  'NOT_A_PARTY',
  'COMMAND_NOT_ALLOWED',
  'DOSSIER_PARKED',
  'CONTENDED',
] as const;
const READING_PROBLEMS = ['MALFORMED', 'DOSSIER_UNKNOWN', 'NOT_YOUR_DOSSIER'] as const;
const AS_OF = ['version', 'at', 'If-None-Match', 'Lt-Agency'] as const;

/** Commands on dossiers and their outcomes. */
export const COMMAND_ROUTES = {
  'file-dossier': {
    method: 'POST',
    path: '/v1/dossiers',
    tag: 'commands',
    summary: { vi: 'Nộp hồ sơ', en: 'File a dossier' },
    description:
      'The UUID is the caller’s own, so that filing twice meets the same dossier. Filed with an agency of another node, it goes there as a command.',
    access: ROLES,
    parameters: COMMAND_HEADERS,
    body: 'FileDossierBody',
    answers: {
      201: { says: 'Filed.', schema: 'CommandView', headers: ['Location', 'ETag', 'Preference-Applied'] },
      200: { says: 'Filed by this very request before.', schema: 'CommandView', headers: ['Location', 'ETag'] },
      202: { says: 'On its way to the node of the receiving agency.', schema: 'CommandView', headers: ['Location'] },
    },
    problems: [
      ...COMMAND_PROBLEMS,
      'PROCEDURE_UNKNOWN',
      'PROCEDURE_CASE_UNKNOWN',
      'TERRITORY_UNKNOWN',
      'DOSSIER_EXISTS',
      'STALE',
    ],
  },
  command: {
    method: 'POST',
    path: '/v1/dossiers/{agency}/{id}/{command}',
    tag: 'commands',
    summary: { vi: 'Ra lệnh trên hồ sơ', en: 'Give a command on a dossier' },
    access: ROLES,
    parameters: ['Idempotency-Key', 'If-Match', 'Prefer', 'Lt-Agency', 'Lt-Correlation-Id'],
    body: 'CommandBody',
    answers: {
      200: {
        says: 'Done: the events that came of it.',
        schema: 'CommandView',
        headers: ['ETag', 'Preference-Applied'],
      },
      202: {
        says: 'On its way to the custodian; the outcome will be at `Location`.',
        schema: 'CommandView',
        headers: ['Location'],
      },
    },
    problems: [
      'COMMAND_UNKNOWN',
      'ETAG_MALFORMED',
      'STALE',
      'DOSSIER_UNKNOWN',
      'DOSSIER_IN_TRANSIT',
      'NOT_CUSTODIAN',
      'AGENCY_NOT_HERE',
      ...COMMAND_PROBLEMS,
    ],
  },
  outcome: {
    method: 'GET',
    path: '/v1/commands/{hash}',
    tag: 'commands',
    summary: { vi: 'Kết quả của một lệnh đã gửi', en: 'Outcome of a command that was sent' },
    access: ROLES,
    parameters: ['Prefer', 'Lt-Agency'],
    answers: { 200: { says: 'Pending, accepted or refused.', schema: 'CommandView', headers: ['Preference-Applied'] } },
    problems: ['MALFORMED', 'COMMAND_NOT_SENT'],
  },
} as const satisfies Record<string, Route>;

/** Reading dossiers. */
export const DOSSIER_ROUTES = {
  dossier: {
    method: 'GET',
    path: '/v1/dossiers/{agency}/{id}',
    tag: 'dossiers',
    summary: { vi: 'Hồ sơ, dữ liệu cá nhân được che', en: 'A dossier, personal data masked' },
    description: 'Now, or as of a place or a time of recording.',
    access: ROLES,
    parameters: AS_OF,
    answers: {
      200: { says: 'The dossier.', schema: 'DossierView', headers: ['ETag'] },
      304: { says: 'As the caller has it.', headers: ['ETag'] },
    },
    problems: [...READING_PROBLEMS, 'BODY_INVALID', 'DOSSIER_PARKED'],
  },
  events: {
    method: 'GET',
    path: '/v1/dossiers/{agency}/{id}/events',
    tag: 'dossiers',
    summary: { vi: 'Lịch sử hồ sơ', en: 'History of a dossier' },
    description:
      'Events of the main branch by place, and those that were superseded. Personal members are named in `masked`.',
    access: ROLES,
    parameters: AS_OF,
    answers: {
      200: { says: 'The events.', schema: 'HistoryView', headers: ['ETag'] },
      304: { says: 'As the caller has it.', headers: ['ETag'] },
    },
    problems: [...READING_PROBLEMS, 'BODY_INVALID'],
  },
  'event-bytes': {
    method: 'GET',
    path: '/v1/dossiers/{agency}/{id}/events/{hash}',
    tag: 'dossiers',
    summary: { vi: 'Nguyên văn một sự kiện', en: 'The stored bytes of an event' },
    description: 'Signature included, as they were signed or came: what is compared, exported and proved.',
    access: ROLES,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'The bytes.', schema: 'Message', media: 'application/cloudevents+json' } },
    problems: [...READING_PROBLEMS, 'NOT_FOUND'],
  },
  reveal: {
    method: 'POST',
    path: '/v1/dossiers/{agency}/{id}/reveal',
    tag: 'dossiers',
    summary: { vi: 'Xem dữ liệu cá nhân', en: 'See personal data' },
    description:
      'For those who handle the dossier, and for a stated reason. What was seen is on record before it is shown. An erased field reads “đã xóa theo quy định”.',
    access: ['clerk', 'officer', 'head', 'privacy-officer'],
    parameters: ['Lt-Agency', 'Lt-Correlation-Id'],
    body: 'RevealBody',
    answers: { 200: { says: 'Values by event and pointer.', schema: 'RevealView' } },
    problems: [...READING_PROBLEMS, 'REVEAL_NOT_ALLOWED', 'CORRELATION_ID_MALFORMED', 'NOT_FOUND'],
  },
  list: {
    method: 'GET',
    path: '/v1/dossiers',
    tag: 'lists',
    summary: { vi: 'Danh sách hồ sơ', en: 'List of dossiers' },
    description: 'Dossiers in which the caller’s agencies, or agencies below them, have a part.',
    access: ROLES,
    parameters: [
      'ofAgency',
      'state',
      'dueBefore',
      'code',
      'parked',
      'unanswered',
      'order',
      'cursor',
      'limit',
      'Lt-Agency',
    ],
    answers: { 200: { says: 'A page.', schema: 'DossierPage' } },
    problems: ['MALFORMED', 'BODY_INVALID', 'CURSOR_INVALID'],
  },
  totals: {
    method: 'GET',
    path: '/v1/totals',
    tag: 'lists',
    summary: { vi: 'Số liệu theo cơ quan', en: 'Totals by agency' },
    access: ROLES,
    parameters: ['ofAgency', 'Lt-Agency'],
    answers: { 200: { says: 'Sums over the dossiers held here.', schema: 'Totals' } },
    problems: ['MALFORMED', 'BODY_INVALID'],
  },
} as const satisfies Record<string, Route>;
