/**
 * From the `data` of a directory message to statements. Members that are not known are left aside (a later minor version
 * may have them); a known one that is missing or not in its grammar makes the statement unreadable as a whole.
 */
import {
  DomainError,
  decodeBase64Url,
  isAgencyCode,
  isInstant,
  isJsonObject,
  isKeyLabel,
  isLocalDate,
  isNodeId,
  isTerritoryCode,
  startOfLocalDate,
  type AgencyCode,
  type Instant,
  type JsonObject,
  type JsonValue,
  type NodeId,
} from '#libs/kernel';
import type {
  AgencyInterval,
  AgencyStatement,
  Interval,
  NodeStatement,
  Revocation,
  StatedKey,
  StatedLog,
  Succession,
  Suspension,
  TerritoryInterval,
} from './statement.ts';

const KEY_BYTES = 32;

function malformed(member: string): never {
  throw new DomainError('STATEMENT_MALFORMED', `a directory statement has no readable ${member}`, { member });
}

type Is<T extends string> = (text: string) => text is T;
const isText = (text: string): text is string => text.length > 0;

function textAt<T extends string>(from: JsonObject, member: string, is: Is<T>): T {
  const value = from[member];
  return typeof value === 'string' && is(value) ? value : malformed(member);
}
function optionalTextAt<T extends string>(from: JsonObject, member: string, is: Is<T>): T | undefined {
  return from[member] === undefined ? undefined : textAt(from, member, is);
}
function numberAt(from: JsonObject, member: string): number {
  const value = from[member];
  return typeof value === 'number' && value >= 0 ? value : malformed(member);
}
function listAt<T>(from: JsonObject, member: string, read: (item: JsonObject) => T): readonly T[] {
  const value = from[member];
  if (!Array.isArray(value)) return malformed(member);
  return (value as readonly JsonValue[]).map((item) => (isJsonObject(item) ? read(item) : malformed(member)));
}
function textsAt(from: JsonObject, member: string): readonly string[] {
  const value = from[member];
  if (!Array.isArray(value)) return malformed(member);
  return (value as readonly JsonValue[]).map((item) => (typeof item === 'string' ? item : malformed(member)));
}

/** A service is its name, or an object that has one (and a scope that nothing here depends on). */
function servicesAt(from: JsonObject): readonly string[] {
  const value = from['services'];
  if (value === undefined) return [];
  if (!Array.isArray(value)) return malformed('services');
  return (value as readonly JsonValue[]).map((item) => {
    if (typeof item === 'string') return item;
    return isJsonObject(item) ? textAt(item, 'name', isText) : malformed('services');
  });
}

/** A date is 00:00 in Viet Nam; a time stands for itself. */
function momentAt(from: JsonObject, member: string): Instant {
  const value = from[member];
  if (typeof value !== 'string') return malformed(member);
  if (isInstant(value)) return value;
  return isLocalDate(value) ? startOfLocalDate(value) : malformed(member);
}
function intervalOf(from: JsonObject): Interval {
  const interval = { from: momentAt(from, 'from') };
  return from['to'] === undefined ? interval : { ...interval, to: momentAt(from, 'to') };
}
/** Under `exactOptionalPropertyTypes` an absent member must be absent, not undefined. */
const given = <K extends string, T>(member: K, value: T | undefined): { readonly [M in K]?: T } =>
  value === undefined ? {} : ({ [member]: value } as { readonly [M in K]?: T });

function territoryOf(from: JsonObject): TerritoryInterval {
  return { ...intervalOf(from), code: textAt(from, 'code', isTerritoryCode) };
}
function agencyIntervalOf(from: JsonObject): AgencyInterval {
  return {
    ...intervalOf(from),
    name: textAt(from, 'name', isText),
    level: textAt(from, 'level', isText),
    ...given<'parent', AgencyCode>('parent', optionalTextAt(from, 'parent', isAgencyCode)),
    ...given<'node', NodeId>('node', optionalTextAt(from, 'node', isNodeId)),
    territories: listAt(from, 'territories', territoryOf),
    services: servicesAt(from),
  };
}

function revocationOf(from: JsonObject): Revocation {
  return {
    at: momentAt(from, 'at'),
    believed: listAt(from, 'believed', (log) => ({
      origin: textAt(log, 'origin', isText),
      size: numberAt(log, 'size'),
    })),
  };
}
function keyOf(from: JsonObject): StatedKey {
  const publicKey = decodeBase64Url(textAt(from, 'publicKey', isText));
  const revoked = from['revoked'];
  return {
    label: textAt(from, 'label', (text): text is string => isKeyLabel(text)),
    alg: textAt(from, 'alg', isText),
    publicKey: publicKey?.length === KEY_BYTES ? publicKey : malformed('publicKey'),
    validFrom: momentAt(from, 'validFrom'),
    ...(from['validTo'] === undefined ? {} : { validTo: momentAt(from, 'validTo') }),
    ...(revoked === undefined ? {} : { revoked: isJsonObject(revoked) ? revocationOf(revoked) : malformed('revoked') }),
  };
}
/** One label names one key for ever, so twice the same label is no statement about keys. */
function keysAt(from: JsonObject, member: string): readonly StatedKey[] {
  const keys = listAt(from, member, keyOf);
  return new Set(keys.map((key) => key.label)).size === keys.length ? keys : malformed(member);
}

function successionOf(from: JsonObject): Succession {
  const selector = from['selector'];
  return {
    to: textAt(from, 'to', isAgencyCode),
    kind: textAt(from, 'kind', (text): text is 'whole' | 'part' => text === 'whole' || text === 'part'),
    ...(selector === undefined ? {} : { selector: isJsonObject(selector) ? selector : malformed('selector') }),
    rehomer: textAt(from, 'rehomer', isAgencyCode),
    legalBasis: textAt(from, 'legalBasis', isText),
    effective: momentAt(from, 'effective'),
  };
}
function suspensionOf(from: JsonObject): Suspension {
  return {
    ...intervalOf(from),
    ...(from['streams'] === undefined ? {} : { streams: textsAt(from, 'streams') }),
    rehomer: textAt(from, 'rehomer', isAgencyCode),
    legalBasis: textAt(from, 'legalBasis', isText),
  };
}

/** Throws `STATEMENT_MALFORMED`. */
export function readAgencyStatement(data: JsonObject): AgencyStatement {
  return {
    code: textAt(data, 'code', isAgencyCode),
    intervals: listAt(data, 'intervals', agencyIntervalOf),
    keys: keysAt(data, 'keys'),
    successions: listAt(data, 'successions', successionOf),
    suspensions: listAt(data, 'suspensions', suspensionOf),
  };
}

function logOf(from: JsonObject): StatedLog {
  return {
    ...intervalOf(from),
    life: numberAt(from, 'life'),
    origin: textAt(from, 'origin', isText),
    vkey: textAt(from, 'vkey', isText),
    ...(from['lastSize'] === undefined ? {} : { lastSize: numberAt(from, 'lastSize') }),
  };
}

/** Throws `STATEMENT_MALFORMED`. */
export function readNodeStatement(data: JsonObject): NodeStatement {
  const witness = data['witness'];
  return {
    node: textAt(data, 'node', isNodeId),
    baseUrl: textAt(data, 'baseUrl', isText),
    signingKeys: keysAt(data, 'signingKeys'),
    encryptionKeys: keysAt(data, 'encryptionKeys'),
    logs: listAt(data, 'logs', logOf),
    ...(isJsonObject(witness)
      ? { witness: { name: textAt(witness, 'name', isText), vkey: textAt(witness, 'vkey', isText) } }
      : {}),
  };
}
