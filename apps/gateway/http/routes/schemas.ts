/** JSON Schemas of requests and answers (libs/http-api in words of OpenAPI); those of commands come from the contracts. */
import type { JsonObject } from '#libs/kernel';

const string: JsonObject = { type: 'string' };
const integer: JsonObject = { type: 'integer' };
const boolean: JsonObject = { type: 'boolean' };
const instant: JsonObject = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
const hash: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' };
const uuid: JsonObject = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' };
const agency: JsonObject = { type: 'string', pattern: '^[A-Y][0-9]{2}(\\.[0-9A-Z]{1,6}){0,4}$' };
const anything: JsonObject = { type: 'object' };
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const oneOf = (...values: readonly string[]): JsonObject => ({ type: 'string', enum: values });
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** Members whose name ends in `?` may be absent. */
function object(members: Readonly<Record<string, JsonObject>>, more: JsonObject = {}): JsonObject {
  const names = Object.keys(members);
  const required = names.filter((name) => !name.endsWith('?'));
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), members[name]])),
    ...(required.length > 0 ? { required } : {}),
    ...more,
  };
}
const CLOSED: JsonObject = { additionalProperties: false };

const message = object({ vi: string, en: string });
const fault = object({ pointer: string, message: string });
const note: JsonObject = { type: 'string', minLength: 1, maxLength: 2000 };

const takesOver: JsonObject = {
  ...hash,
  description:
    'Superseded event of this dossier that its custodian takes over: an event of its type comes of the command and has it as its cause.',
};

const REQUESTS = {
  CommandBody: object({ 'occurredAt?': instant, 'takesOver?': takesOver, data: anything }, CLOSED),
  FileDossierBody: object(
    { id: uuid, receivingAgency: agency, 'occurredAt?': instant, data: ref('command.file-dossier') },
    CLOSED,
  ),
  RevealBody: object(
    {
      reason: oneOf('handling', 'applicant-asks', 'correction', 'complaint', 'audit', 'other'),
      'note?': note,
      'event?': hash,
    },
    CLOSED,
  ),
  ReleaseBody: object(
    {
      reason: oneOf('directory-corrected', 'believed-log-shown', 'configuration-corrected', 'judged-again', 'other'),
      'note?': note,
    },
    CLOSED,
  ),
};

const event = object({
  hash,
  place: integer,
  type: string,
  agency,
  'agencyName?': string,
  occurredAt: instant,
  recordedAt: instant,
  data: anything,
  masked: list(string),
  erased: list(string),
  logIndex: integer,
  effect: oneOf('extends', 'aside', 'switches'),
});

const ABOUT_DOSSIERS = {
  CommandView: object({
    'command?': hash,
    status: oneOf('accepted', 'refused', 'pending'),
    subject: string,
    events: list(object({ hash, 'type?': string, 'place?': integer })),
    'code?': string,
    'message?': message,
    'allowed?': list(string),
    'situation?': string,
    'dossierCode?': string,
    'dueAt?': instant,
    'warnings?': list(ref('WarningView')),
  }),
  WarningView: object({ code: string, message, event: hash }),
  DossierView: object({
    subject: string,
    situation: string,
    'dossierCode?': string,
    receivingAgency: agency,
    'custodian?': agency,
    'inTransit?': object({ from: agency, to: agency }),
    'dueAt?': instant,
    'workingDaysLeft?': integer,
    'handOverBy?': instant,
    'parked?': string,
    'openingsAwaited?': integer,
    'awaitingAssignment?': object({ rehomer: agency, why: string, candidates: list(agency) }),
    head: object({ hash, place: integer, recordedAt: instant }),
    allowed: list(string),
    superseded: list(ref('SupersededView')),
    'warnings?': list(ref('WarningView')),
    facts: anything,
  }),
  SupersededView: object({
    place: integer,
    agency,
    events: list(object({ hash, type: string })),
    status: oneOf('answered', 'unanswered'),
    'answer?': object({ how: oneOf('taken-over', 'refused'), event: hash }),
  }),
  EventView: event,
  HistoryView: object({ events: list(ref('EventView')), superseded: list(ref('EventView')) }),
  Message: { type: 'object', description: 'A message of the wire format: CloudEvents 1.0 in canonical JSON.' },
  RevealView: object({
    subject: string,
    events: list(
      object({ hash, place: integer, type: string, fields: anything, erased: list(string), notHeld: list(string) }),
    ),
  }),
  DossierPage: object({ items: list(anything), 'next?': string }),
  Totals: object({
    totals: list(
      object({
        agency,
        received: integer,
        takenOver: integer,
        forwarded: integer,
        settled: integer,
        onTime: integer,
        waiting: integer,
        coming: integer,
      }),
    ),
  }),
};

const ranges = list({ type: 'array', items: integer, minItems: 2, maxItems: 2 });
const refused = list({ type: 'array', prefixItems: [integer, string], items: false, minItems: 2 });
const inbound = object({
  peer: string,
  line: integer,
  highest: integer,
  contiguousUpTo: integer,
  missing: ranges,
  refused,
});
const outbound = object({
  peer: string,
  line: integer,
  highest: integer,
  sent: integer,
  contiguousUpTo: integer,
  missing: ranges,
  refused,
  'oldestUnconfirmedAt?': instant,
  'receiptAt?': instant,
});
const counted = object({ source: string, count: integer });
const oldest = object({
  reason: string,
  subject: string,
  source: string,
  heldSince: instant,
  'waitsFor?': hash,
  'until?': instant,
});
const quarantined = {
  number: integer,
  stage: string,
  code: string,
  quarantinedAt: instant,
  'releasedAt?': instant,
  'hash?': hash,
  'source?': string,
  'subject?': string,
  'type?': string,
  recordKey: string,
  arrival: anything,
  size: integer,
};

const ABOUT_THE_NODE = {
  Deliveries: object({ outbound: list(outbound), inbound: list(inbound) }),
  Held: object({ total: integer, bySource: list(counted), oldest: list(oldest) }),
  QuarantinePage: object({ items: list(object(quarantined)), 'next?': integer }),
  Quarantined: object({ ...quarantined, bytes: { type: 'string', contentEncoding: 'base64' } }),
  Released: object({ number: integer, became: oneOf('recorded', 'held', 'duplicate') }),
  Status: object({
    node: string,
    softwareVersion: string,
    workTime: instant,
    wallTime: instant,
    directoryVersion: instant,
    running: list(string),
    log: object({ size: integer, 'lastHash?': hash }),
    'checkpoint?': object({ size: integer, rootHash: string }),
    deliveries: list(outbound),
    inbound: list(inbound),
    held: integer,
    quarantined: integer,
    openingsAwaited: object({ openings: integer, dossiers: integer, 'oldestSince?': instant }),
    'parked?': integer,
    'unanswered?': integer,
  }),
  LogPage: object({
    entries: list(
      object({ logIndex: integer, hash, class: string, subject: string, effect: string, appendedAt: instant }),
    ),
    'next?': integer,
  }),
  Health: object({ status: oneOf('alive') }),
  Readiness: object({ node: string, instance: string, ready: boolean, waitsFor: list(string) }),
  Text: string,
  Anything: anything,
  Problem: object({
    type: { type: 'string', description: '`urn:lienthong:problem:<code in kebab case>`; stable.' },
    title: string,
    status: integer,
    code: string,
    'detail?': string,
    message,
    'situation?': string,
    'allowed?': list(string),
    'faults?': list(fault),
    'pointer?': string,
    'agency?': string,
    'node?': string,
    'baseUrl?': string,
    'missing?': list(string),
    'retryAfterSeconds?': integer,
  }),
};

export const SCHEMAS = { ...REQUESTS, ...ABOUT_DOSSIERS, ...ABOUT_THE_NODE };
export type SchemaName = keyof typeof SCHEMAS;
