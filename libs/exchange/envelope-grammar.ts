/** Grammar of the members of a message (wire format 2, table and "Grammar"). Every value is judged from bytes alone. */
import {
  instantToMs,
  isAgencyCode,
  isHash,
  isInstant,
  isKeyLabel,
  isNodeId,
  isUuid,
  isUuid7,
  splitSubject,
  type Instant,
  type JsonObject,
  type MessageClass,
  type TypeParts,
} from '#libs/kernel';

export interface Envelope {
  readonly value: JsonObject;
  readonly class: MessageClass;
  readonly type: TypeParts;
}
type Grammar = (text: string, envelope: Envelope) => boolean;

export const FIRST_PLACE = '0000000001';
const PLACE = /^(?!0000000000$)\d{10}$/;
const UUID8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const MINOR = /^(0|[1-9][0-9]{0,5})$/;
/** Codes of procedures and ids of calendars; whether a statement fits its subject is judged when it is taken (7). */
const REFERENCE_ID = /^[A-Za-z0-9._-]{1,64}$/;
const AUTH_ID = /^[A-Za-z0-9._-]{1,64}$/;
const AUTH_TYPES: ReadonlySet<string> = new Set(['user', 'app_user', 'service_account', 'system']);
/** 64 bytes in 86 characters; the four spare bits of the last one are zero. */
const SIGNATURE = /^[A-Za-z0-9_-]{85}[AQgw]$/;
const EXPIRY_MAX_MS = 30 * 86_400_000;

export const isPlace = (text: unknown): text is string => typeof text === 'string' && PLACE.test(text);

/** A command issued by an automation has version 8. */
const isId: Grammar = (text, { class: of }) => isUuid7(text) || (of === 'command' && UUID8.test(text));
/** The causing message may be such a command. */
const isCausationId: Grammar = (text, { value }) =>
  (isUuid7(text) || UUID8.test(text)) && value['causationhash'] !== undefined;

/** Nodes speak about delivery, their operation and lookups; agencies about dossiers; a registrar about the directory. */
function sourceKind({ class: of, type }: Envelope): 'agency' | 'node' | 'registrar' {
  if (of === 'directory') return 'registrar';
  if (of === 'exchange' || (of === 'event' && (type.kind === 'operation' || type.kind === 'lookup'))) return 'node';
  return 'agency';
}

const isSource: Grammar = (text, envelope) => {
  const kind = sourceKind(envelope);
  const prefix = `urn:lienthong:${kind}:`;
  const name = text.slice(prefix.length);
  return text.startsWith(prefix) && (kind === 'agency' ? isAgencyCode(name) : isNodeId(name));
};

const isAgencyOrNode = (text: string): boolean => isAgencyCode(text) || isNodeId(text);

/** The agency of first filing, and a UUID. */
function isFiledName(name: string): boolean {
  const [agency, uuid, ...more] = name.split('/') as [string, string?, ...string[]];
  return uuid !== undefined && isAgencyCode(agency) && isUuid(uuid) && more.length === 0;
}

/** The node that writes, whom it is about, and the month. */
function isMonthlyName(name: string): boolean {
  const [node, whom, month, ...more] = name.split('/') as [string, string?, string?, ...string[]];
  if (whom === undefined || month === undefined || more.length > 0) return false;
  return isNodeId(node) && isAgencyOrNode(whom) && MONTH.test(month);
}

/** Of a kind that is not known here nothing more can be said (it is `NOT_ENTITLED` until an upgrade). */
function isStreamName(kind: string, name: string): boolean {
  switch (kind) {
    case 'dossier':
    case 'portal':
      return isFiledName(name);
    case 'operation':
    case 'lookup':
      return isMonthlyName(name);
    default:
      return name !== '';
  }
}

const STREAM_KIND = /^(?!(?:command|outcome|exchange|directory)$)[a-z]+$/;

function isExchangeName(name: string, source: unknown): boolean {
  const [sender = '', receiver = '', ...more] = name.split('/');
  return isNodeId(sender) && isNodeId(receiver) && more.length === 0 && source === `urn:lienthong:node:${sender}`;
}

function isDirectoryName(name: string): boolean {
  const [first = '', second, ...more] = name.split('/');
  if (second === undefined) return isAgencyOrNode(first);
  return (first === 'procedure' || first === 'calendar') && REFERENCE_ID.test(second) && more.length === 0;
}

/**
 * Streams of kinds unknown here have names of any form. The longest of the known forms has 123 characters; a name without
 * a bound could not be kept in an index, and one such command would stop a partition.
 */
const SUBJECT_MAX = 300;

const isSubject: Grammar = (text, envelope) => text.length <= SUBJECT_MAX && isSubjectOf(text, envelope);

const isSubjectOf: Grammar = (text, { class: of, type, value }) => {
  const { kind, name } = splitSubject(text);
  switch (of) {
    case 'event':
      return kind === type.kind && isStreamName(kind, name);
    case 'command':
    case 'outcome':
      return STREAM_KIND.test(kind) && isStreamName(kind, name);
    case 'exchange':
      return kind === 'exchange' && isExchangeName(name, value['source']);
    case 'directory':
      return kind === 'directory' && isDirectoryName(name);
  }
};

const isRecordedTime: Grammar = (text, { value }) => isInstant(text) && text >= (value['time'] as string);

const isExpiryTime: Grammar = (text, { value }) => {
  if (!isInstant(text)) return false;
  const life = instantToMs(text) - instantToMs(value['recordedtime'] as Instant);
  return life > 0 && life <= EXPIRY_MAX_MS;
};

const isDataSchema: Grammar = (text, { type }) => {
  const prefix = `urn:lienthong:schema:${type.kind}.${type.name}:${type.major}.`;
  return text.startsWith(prefix) && MINOR.test(text.slice(prefix.length));
};

const isKeyId: Grammar = (text) => {
  const hash = text.indexOf('#');
  return hash > 0 && isAgencyOrNode(text.slice(0, hash)) && isKeyLabel(text.slice(hash + 1));
};

/** What each member that is text may be, in the order of the table. A member that is absent is not asked. */
export const GRAMMAR: readonly (readonly [member: string, grammar: Grammar])[] = [
  ['specversion', (text) => text === '1.0'],
  ['id', isId],
  ['source', isSource],
  ['subject', isSubject],
  ['streamseq', isPlace],
  ['prevhash', (text, { value }) => isHash(text) && value['streamseq'] !== FIRST_PLACE],
  ['time', isInstant],
  ['recordedtime', isRecordedTime],
  ['expirytime', isExpiryTime],
  ['datacontenttype', (text) => text === 'application/json'],
  ['dataschema', isDataSchema],
  ['correlationid', isUuid],
  ['causationid', isCausationId],
  ['causationhash', (text, { value }) => isHash(text) && value['causationid'] !== undefined],
  ['authtype', (text) => AUTH_TYPES.has(text)],
  ['authid', (text, { value }) => AUTH_ID.test(text) && value['authtype'] !== 'app_user'],
  ['keyid', isKeyId],
  ['signature', (text) => SIGNATURE.test(text)],
];
