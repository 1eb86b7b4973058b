/** JSON Schemas of requests and answers (libs/http-api in words of OpenAPI); those of commands come from the contracts. */
import type { JsonObject } from '#libs/kernel';
import {
  agency,
  anything,
  boolean,
  CLOSED,
  hash,
  instant,
  integer,
  list,
  message,
  note,
  object,
  oneOf,
  ref,
  string,
  uuid,
} from './schema-words.ts';
import { DISK } from './schemas.disk.ts';
import { TROUBLE_SCHEMAS } from './schemas.trouble.ts';

const fault = object({ pointer: string, message: string });

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

const LIFE_STATE = oneOf('unproved', 'alive', 'restored', 'recovering');

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
    life: object({ number: integer, state: LIFE_STATE }),
    'vaultBackupAt?': instant,
    'disk?': DISK,
    deliveries: list(outbound),
    inbound: list(inbound),
    held: integer,
    quarantined: integer,
    openingsAwaited: object({ openings: integer, dossiers: integer, 'oldestSince?': instant }),
    'parked?': integer,
    'unanswered?': integer,
    'stopped?': list(object({ loop: string, 'peer?': string, since: instant, by: string, reason: string })),
  }),
  Recovery: object({
    state: LIFE_STATE,
    'why?': string,
    life: integer,
    peers: list(object({ peer: string, streams: integer, done: { type: 'boolean' } })),
    wanted: integer,
    missing: integer,
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

export const SCHEMAS = { ...REQUESTS, ...ABOUT_DOSSIERS, ...ABOUT_THE_NODE, ...TROUBLE_SCHEMAS };
export type SchemaName = keyof typeof SCHEMAS;
