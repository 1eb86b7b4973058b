/**
 * Taking a registrar's statement (wire format 7). The message has passed the stages that it can be judged by alone
 * (bytes, envelope, key, signature). What is not taken changes nothing: the old statement stands, and the alarm says why.
 *
 * The key of the registrar's service is the one most easily stolen. What it signs moves neither the version of the
 * directory nor the registrar's clock, goes forward a bounded number of places, and can be taken back by the full key. Where
 * nothing of the full key is held to compare it with, nothing of it is believed (ADR 0013).
 *
 * Proved by `taking.spec.ts`, which has a breaker for each rule, and by `service-key.spec.ts`.
 */
import {
  DomainError,
  canonicalize,
  laterOf,
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Message,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import { agencyContradiction, nodeContradiction, overlapOf, type Contradiction } from './acceptance.ts';
import type { Directory, RegistrarKey, TakenStatement } from './directory.ts';
import { readAgencyStatement, readNodeStatement } from './statement-reading.ts';
import type { AgencyStatement, NodeStatement } from './statement.ts';

export type StatementAlarm =
  /** Another class, or a directory type this node does not know. */
  | 'NOT_A_STATEMENT'
  | 'REGISTRAR_UNTRUSTED'
  /** The service's key, used for more than adding to `encryptionKeys`. */
  | 'KEY_LIMITED'
  /** By the service's key, about a node that the registrar itself has never stated here: the registrar must state it again. */
  | 'NOT_STATED_IN_FULL'
  | 'STATEMENT_MALFORMED'
  | 'SUBJECT_MISMATCH'
  | 'OTHER_REGISTRAR'
  /** `streamseq` is not higher than that of the statement held. */
  | 'STATEMENT_OLD'
  /** By the service's key: a `streamseq` so far ahead that it would use up the places of the stream. */
  | 'PLACE_FAR_AHEAD'
  | 'RECORDEDTIME_NOT_GROWING'
  | Contradiction;

export type Taking =
  | { readonly taken: true; readonly directory: Directory }
  /** Without `alarm`: the very statement that is held, once more. */
  | { readonly taken: false; readonly alarm?: StatementAlarm };

type Content =
  | { readonly kind: 'agency'; readonly subject: string; readonly agency: AgencyStatement }
  | { readonly kind: 'node'; readonly subject: string; readonly node: NodeStatement; readonly data: JsonObject }
  | { readonly kind: 'other'; readonly subject: string };

/** Maps of a directory under construction; never handed out before it is done. */
type Draft = {
  -readonly [K in keyof Directory]: Directory[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : Directory[K];
};

function draftOf(directory: Directory): Draft {
  return {
    version: directory.version,
    trusted: directory.trusted,
    agencies: new Map(directory.agencies),
    nodes: new Map(directory.nodes),
    statements: new Map(directory.statements),
    lastStated: new Map(directory.lastStated),
    byService: new Map(directory.byService),
    byTerritory: new Map(directory.byTerritory),
  };
}

export function takeStatement(directory: Directory, sealed: SealedMessage): Taking {
  const draft = draftOf(directory);
  const outcome = takeInto(draft, sealed);
  if (outcome === 'TAKEN') return { taken: true, directory: draft };
  return outcome === 'REPEAT' ? { taken: false } : { taken: false, alarm: outcome };
}

export interface TakenAll {
  readonly directory: Directory;
  /** Hashes taken, in order. */
  readonly taken: readonly Hash[];
  readonly alarms: readonly { readonly hash: Hash; readonly subject: string; readonly alarm: StatementAlarm }[];
}
/** The same for a stretch of the topic; one copy of the directory for all of them. */
export function takeStatements(directory: Directory, statements: readonly SealedMessage[]): TakenAll {
  const draft = draftOf(directory);
  const taken: Hash[] = [];
  const alarms: { hash: Hash; subject: string; alarm: StatementAlarm }[] = [];
  for (const sealed of statements) {
    const outcome = takeInto(draft, sealed);
    if (outcome === 'TAKEN') taken.push(sealed.hash);
    else if (outcome !== 'REPEAT') alarms.push({ hash: sealed.hash, subject: sealed.message.subject, alarm: outcome });
  }
  return { directory: taken.length === 0 ? directory : draft, taken, alarms };
}

function takeInto(draft: Draft, sealed: SealedMessage): 'TAKEN' | 'REPEAT' | StatementAlarm {
  const held = draft.statements.get(sealed.message.subject as Subject);
  if (held?.hash === sealed.hash) return 'REPEAT';
  const key = draft.trusted.find((trusted) => trusted.keyId === sealed.message.keyid);
  if (!key || !isOfRegistrar(sealed)) return 'REGISTRAR_UNTRUSTED';
  const content = contentOf(sealed);
  if (typeof content === 'string') return content;
  const alarm = faultOf(draft, sealed, { content, held, key });
  if (alarm) return alarm;
  put(draft, sealed, content);
  if (!key.only) noteTime(draft, sealed.message);
  return 'TAKEN';
}

function isOfRegistrar({ message }: SealedMessage): boolean {
  const source = splitSource(message.source);
  return source?.kind === 'registrar' && message.keyid.startsWith(`${source.name}#`);
}

function contentOf(sealed: SealedMessage): Content | StatementAlarm {
  const type = splitType(sealed.message.type);
  if (sealed.class !== 'directory' || type?.kind !== 'directory' || type.major !== 1) return 'NOT_A_STATEMENT';
  try {
    return contentNamed(type.name, sealed.message.data);
  } catch (error) {
    if (error instanceof DomainError) return 'STATEMENT_MALFORMED';
    throw error;
  }
}

function contentNamed(name: string, data: JsonObject): Content | StatementAlarm {
  switch (name) {
    case 'agency': {
      const agency = readAgencyStatement(data);
      return { kind: 'agency', subject: `directory/${agency.code}`, agency };
    }
    case 'node': {
      const node = readNodeStatement(data);
      return { kind: 'node', subject: `directory/${node.node}`, node, data };
    }
    case 'procedure':
      return { kind: 'other', subject: `directory/procedure/${textOf(data['code'])}` };
    case 'calendar':
      return { kind: 'other', subject: `directory/calendar/${textOf(data['id'])}` };
    default:
      return 'NOT_A_STATEMENT';
  }
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Given {
  readonly content: Content;
  readonly held: TakenStatement | undefined;
  readonly key: RegistrarKey;
}

function faultOf(draft: Draft, { message }: SealedMessage, { content, held, key }: Given): StatementAlarm | undefined {
  if (content.subject !== message.subject) return 'SUBJECT_MISMATCH';
  const fault = held && placeFault(held, message, key);
  if (fault) return fault;
  const last = draft.lastStated.get(message.source);
  if (last !== undefined && message.recordedtime <= last) return 'RECORDEDTIME_NOT_GROWING';
  const beyond = key.only && serviceFault(draft, content, held);
  if (beyond) return beyond;
  return contradictionOf(draft, content, message.recordedtime as Instant);
}

/** A service that rotates keys every hour makes fewer places in a month. */
const PLACES_AHEAD = 1_000;

function placeFault(held: TakenStatement, message: Message, key: RegistrarKey): StatementAlarm | undefined {
  if (held.source !== message.source) return 'OTHER_REGISTRAR';
  const place = Number(message.streamseq);
  if (place <= held.streamseq) return 'STATEMENT_OLD';
  return key.only && place > held.streamseq + PLACES_AHEAD ? 'PLACE_FAR_AHEAD' : undefined;
}

/** What the service added it cannot take away: dropping a key is the registrar's own act. */
function serviceFault(draft: Draft, content: Content, held: TakenStatement | undefined): StatementAlarm | undefined {
  if (content.kind !== 'node') return 'KEY_LIMITED';
  if (held === undefined) return 'NOT_STATED_IN_FULL';
  const { node, data } = content;
  const before = draft.nodes.get(node.node)?.encryptionKeys ?? [];
  const keeps = before.every(({ label }) => node.encryptionKeys.some((key) => key.label === label));
  const rest = (stated: JsonObject): string => canonicalize({ ...stated, encryptionKeys: [] });
  return keeps && rest(held.data) === rest(data) ? undefined : 'KEY_LIMITED';
}

function contradictionOf(draft: Draft, content: Content, now: Instant): Contradiction | undefined {
  if (content.kind === 'agency') {
    const before = draft.agencies.get(content.agency.code);
    return overlapOf(content.agency) ?? (before && agencyContradiction(before, content.agency, now));
  }
  if (content.kind === 'node') {
    const before = draft.nodes.get(content.node.node);
    return before && nodeContradiction(before, content.node, now);
  }
  return undefined;
}

function put(draft: Draft, { message, hash }: SealedMessage, content: Content): void {
  draft.statements.set(message.subject as Subject, {
    source: message.source,
    streamseq: Number(message.streamseq),
    hash,
    data: message.data,
  });
  if (content.kind === 'node') draft.nodes.set(content.node.node, content.node);
  if (content.kind === 'agency') putAgency(draft, content.agency);
}

/** Only what the registrar itself signed says how far the directory has been read, and how far its clock has come. */
function noteTime(draft: Draft, message: Message): void {
  const recordedtime = message.recordedtime as Instant;
  draft.version = laterOf(draft.version, recordedtime);
  draft.lastStated.set(message.source, recordedtime);
}

function putAgency(draft: Draft, agency: AgencyStatement): void {
  draft.agencies.set(agency.code, agency);
  for (const { services, territories } of agency.intervals) {
    for (const service of services) noteIn(draft.byService, service, agency.code);
    for (const territory of territories) noteIn(draft.byTerritory, territory.code, agency.code);
  }
}

function noteIn(index: Map<string, readonly AgencyCode[]>, key: string, code: AgencyCode): void {
  const known = index.get(key) ?? [];
  if (!known.includes(code)) index.set(key, [...known, code]);
}
