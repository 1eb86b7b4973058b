/** Parameters of requests, each described once. */
import type { JsonObject } from '#libs/kernel';

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly says: string;
  readonly required?: true;
  readonly schema: JsonObject;
}

const AGENCY = '^[A-Y][0-9]{2}(\\.[0-9A-Z]{1,6}){0,4}$';
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const HASH = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$';
const INSTANT = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$';
const text = (pattern: string, example?: string): JsonObject => ({
  type: 'string',
  pattern,
  ...(example === undefined ? {} : { examples: [example] }),
});
const integer = (minimum: number, maximum?: number): JsonObject => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
});

const IN_PATH = {
  agency: {
    in: 'path',
    required: true,
    says: 'Agency with which the dossier was first filed: part of its name, never changed.',
    schema: text(AGENCY, 'H26.129.05'),
  },
  id: {
    in: 'path',
    required: true,
    says: 'UUID of the dossier, chosen by whoever filed it.',
    schema: text(UUID, '01890b2c-6a3b-7c11-8f3e-0242ac120001'),
  },
  command: { in: 'path', required: true, says: 'Name of the command.', schema: text('^[a-z]+(-[a-z]+)*$', 'withdraw') },
  hash: { in: 'path', required: true, says: 'Hash of the message: base64url of 32 bytes.', schema: text(HASH) },
  number: { in: 'path', required: true, says: 'Number in quarantine.', schema: integer(1) },
  kind: {
    in: 'path',
    required: true,
    says: 'Kind of trouble.',
    schema: { type: 'string', enum: ['held', 'quarantined', 'parked', 'undeliverable', 'limbo'] },
  },
  job: { in: 'path', required: true, says: 'The job, as its starter named it.', schema: text(UUID) },
} as const satisfies Record<string, Parameter>;

const IN_QUERY = {
  version: { in: 'query', says: 'As of this place on the main branch.', schema: integer(1) },
  at: {
    in: 'query',
    says: 'As of what was recorded up to this time (UTC, milliseconds).',
    schema: text(INSTANT, '2023-06-14T02:00:00.000Z'),
  },
  ofAgency: { in: 'query', says: 'Custodian, receiving agency, or named next.', schema: text(AGENCY) },
  state: { in: 'query', says: 'Situation, e.g. `Received`.', schema: { type: 'string', maxLength: 40 } },
  dueBefore: {
    in: 'query',
    says: 'Not ended, and due before this time; soonest first unless `order` says otherwise.',
    schema: text(INSTANT),
  },
  code: {
    in: 'query',
    says: 'Legal dossier code, or any other code of it, exactly.',
    schema: { type: 'string', minLength: 1, maxLength: 60 },
  },
  parked: { in: 'query', says: 'Only dossiers that are parked.', schema: { type: 'string', enum: ['true'] } },
  unanswered: {
    in: 'query',
    says: 'Only dossiers in which something superseded waits for an answer of the custodian: to be taken over or refused.',
    schema: { type: 'string', enum: ['true'] },
  },
  order: {
    in: 'query',
    says: 'Newest first (the default), due soonest first, or in order of change.',
    schema: { type: 'string', enum: ['newest', 'due', 'updated'] },
  },
  cursor: { in: 'query', says: '`next` of the page before.', schema: { type: 'string', maxLength: 400 } },
  limit: { in: 'query', says: 'Entries on a page, 50 if absent.', schema: integer(1, 500) },
  afterIndex: { in: 'query', says: 'Entries after this log index; absent: from the start.', schema: integer(-1) },
  logLimit: { in: 'query', says: 'Entries on a page, 500 if absent.', schema: integer(1, 1000) },
  quarantineCode: {
    in: 'query',
    says: 'Code of the quarantine, e.g. `SIGNATURE`.',
    schema: text('^[A-Z][A-Z0-9_]{1,63}$'),
  },
  olderThan: {
    in: 'query',
    says: 'Seconds from which on what is owed or asked counts as trouble; 600 if absent.',
    schema: integer(0, 31_536_000),
  },
  reason: { in: 'query', says: 'Only this reason or code.', schema: text('^[A-Z][A-Z0-9_]{1,63}$') },
  subject: { in: 'query', says: 'Only this stream.', schema: { type: 'string', maxLength: 160 } },
  afterJob: { in: 'query', says: 'Jobs started before this one.', schema: text(UUID) },
  redriveLimit: { in: 'query', says: 'Jobs on a page, 50 if absent.', schema: integer(1, 100) },
  afterNumber: { in: 'query', says: 'Messages after this number.', schema: integer(0) },
} as const satisfies Record<string, Parameter>;

const IN_HEADER = {
  'Idempotency-Key': {
    in: 'header',
    required: true,
    says: 'Known for 7 days per client, agency and key: the same request again has the first answer and acts once; another request under the same key is refused.',
    schema: { type: 'string', minLength: 8, maxLength: 128 },
  },
  'If-Match': {
    in: 'header',
    says: 'The `ETag` the decision was made on; another one is refused as STALE.',
    schema: { type: 'string' },
  },
  'If-None-Match': {
    in: 'header',
    says: 'The `ETag` that is held already: 304 when nothing has changed.',
    schema: { type: 'string' },
  },
  Prefer: {
    in: 'header',
    says: '`wait=5`: how many seconds, at most 30, to wait for the outcome of a command that goes to another node.',
    schema: { type: 'string', examples: ['wait=5'] },
  },
  'Lt-Agency': { in: 'header', says: 'The agency acted for, where the token names several.', schema: text(AGENCY) },
  'Lt-Correlation-Id': {
    in: 'header',
    says: 'UUID that all messages of this request carry; absent: a new one. Given back in the answer.',
    schema: text(UUID),
  },
} as const satisfies Record<string, Parameter>;

export const PARAMETERS = { ...IN_PATH, ...IN_QUERY, ...IN_HEADER };
export type ParameterName = keyof typeof PARAMETERS;

/** Where the name in the table is not that of the request: two parameters of one name mean different things. */
const NAMES: Partial<Record<ParameterName, string>> = {
  ofAgency: 'agency',
  afterIndex: 'after',
  afterNumber: 'after',
  afterJob: 'after',
  redriveLimit: 'limit',
  logLimit: 'limit',
  quarantineCode: 'code',
};
export const nameInRequest = (name: ParameterName): string => NAMES[name] ?? name;
