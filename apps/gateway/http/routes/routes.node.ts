import type { Role } from '#libs/dossier';
import type { Route } from './route.ts';

const OPERATOR: readonly Role[] = ['operator'];
const WATCHING: readonly Role[] = ['operator', 'auditor'];

/** What operators and auditors ask. */
export const OPERATION_ROUTES = {
  deliveries: {
    method: 'GET',
    path: '/v1/deliveries',
    tag: 'operations',
    summary: { vi: 'Tình trạng chuyển giao', en: 'State of deliveries' },
    description:
      'Per peer and line: how far sent, how far held by the peer, what is missing, what was refused; and what came in.',
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'Both directions.', schema: 'Deliveries' } },
  },
  held: {
    method: 'GET',
    path: '/v1/held',
    tag: 'operations',
    summary: { vi: 'Thông điệp đang chờ', en: 'Messages on hold' },
    access: OPERATOR,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'How many, of whom, and the oldest by reason.', schema: 'Held' } },
  },
  'quarantine-list': {
    method: 'GET',
    path: '/v1/quarantine',
    tag: 'operations',
    summary: { vi: 'Khu cách ly', en: 'Quarantine' },
    access: OPERATOR,
    parameters: ['quarantineCode', 'afterNumber', 'limit', 'Lt-Agency'],
    answers: { 200: { says: 'A page, released ones too: the list is a record.', schema: 'QuarantinePage' } },
    problems: ['BODY_INVALID'],
  },
  quarantined: {
    method: 'GET',
    path: '/v1/quarantine/{number}',
    tag: 'operations',
    summary: { vi: 'Một thông điệp bị cách ly', en: 'A quarantined message' },
    access: OPERATOR,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'What could be read, and the bytes in base64.', schema: 'Quarantined' } },
    problems: ['MALFORMED', 'QUARANTINE_UNKNOWN'],
  },
  release: {
    method: 'POST',
    path: '/v1/quarantine/{number}/release',
    tag: 'operations',
    summary: { vi: 'Đưa ra khỏi khu cách ly', en: 'Release from quarantine' },
    description:
      'Judged again as the directory is now. Passes: recorded or held, together with the act itself. Fails again: stays, and the answer says why.',
    access: OPERATOR,
    parameters: ['Lt-Agency', 'Lt-Correlation-Id'],
    body: 'ReleaseBody',
    answers: { 200: { says: 'What became of it.', schema: 'Released' } },
    problems: [
      'MALFORMED',
      'CORRELATION_ID_MALFORMED',
      'QUARANTINE_UNKNOWN',
      'ALREADY_RELEASED',
      'NOT_RELEASABLE',
      'CONTENDED',
    ],
  },
  status: {
    method: 'GET',
    path: '/v1/status',
    tag: 'operations',
    summary: { vi: 'Tình trạng nút', en: 'State of the node' },
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'Clock, log, deliveries, what waits.', schema: 'Status' } },
  },
  recovery: {
    method: 'GET',
    path: '/v1/recovery',
    tag: 'operations',
    summary: { vi: 'Tiến trình khôi phục', en: 'State of a recovery' },
    description: 'Whether this node may sign; if not, why, whom it has asked and what it still waits for.',
    access: WATCHING,
    parameters: ['Lt-Agency'],
    answers: { 200: { says: 'The state and the progress.', schema: 'Recovery' } },
  },
  recover: {
    method: 'POST',
    path: '/v1/recovery',
    tag: 'operations',
    summary: { vi: 'Khôi phục từ các nút khác', en: 'Recover from the peers' },
    description:
      'On a database that was put back to an earlier state: begins the next life, fetches what the peers hold, then signs again. Said again, it goes on, without the peers then named.',
    access: OPERATOR,
    parameters: ['Lt-Agency'],
    body: 'RecoverBody',
    answers: { 200: { says: 'The recovery has begun, or goes on.', schema: 'Recovery' } },
    problems: ['BODY_INVALID', 'NOT_RESTORED', 'BROKER_AWAY', 'UNAVAILABLE'],
  },
  log: {
    method: 'GET',
    path: '/v1/log',
    tag: 'operations',
    summary: { vi: 'Nhật ký', en: 'The log' },
    description: 'Index, hash, class, stream and effect of what is recorded, in order; no bytes.',
    access: WATCHING,
    parameters: ['afterIndex', 'logLimit', 'Lt-Agency'],
    answers: { 200: { says: 'A page.', schema: 'LogPage' } },
    problems: ['BODY_INVALID'],
  },
} as const satisfies Record<string, Route>;

/** What anybody may ask. */
export const OPEN_ROUTES = {
  checkpoint: {
    method: 'GET',
    path: '/v1/checkpoint',
    tag: 'node',
    summary: { vi: 'Điểm kiểm nhật ký mới nhất', en: 'Latest checkpoint of the log' },
    description: 'A C2SP tlog-checkpoint as a signed note.',
    access: 'open',
    answers: { 200: { says: 'The note.', schema: 'Text', media: 'text/plain' } },
    problems: ['NOT_FOUND', 'UNAVAILABLE'],
  },
  openapi: {
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'node',
    summary: { vi: 'Mô tả giao diện này', en: 'This description' },
    access: 'open',
    answers: { 200: { says: 'OpenAPI 3.1.', schema: 'Anything' } },
  },
  health: {
    method: 'GET',
    path: '/health',
    tag: 'node',
    summary: { vi: 'Tiến trình còn chạy', en: 'The process lives' },
    access: 'open',
    answers: { 200: { says: 'It does.', schema: 'Health' } },
  },
  ready: {
    method: 'GET',
    path: '/ready',
    tag: 'node',
    summary: { vi: 'Tiến trình sẵn sàng', en: 'The process is ready' },
    access: 'open',
    answers: {
      200: { says: 'Every role runs.', schema: 'Readiness' },
      503: { says: 'Not yet: what is waited for.', schema: 'Readiness' },
    },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    tag: 'node',
    summary: { vi: 'Chỉ số Prometheus', en: 'Metrics for Prometheus' },
    access: 'open',
    answers: { 200: { says: 'The registry of this process.', schema: 'Text', media: 'text/plain; version=0.0.4' } },
  },
} as const satisfies Record<string, Route>;
