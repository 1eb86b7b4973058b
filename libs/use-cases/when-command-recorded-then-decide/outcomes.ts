import { findLastKnown, isValidAt, nodeOf } from '#libs/directory';
import { refusalMessage, type DossierCommandName, type RefusalCode, type RefusalText } from '#libs/dossier';
import { sealMessage } from '#libs/exchange';
import {
  agencySource,
  laterOf,
  schemaOf,
  typeOf,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type SealedMessage,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit } from '../ports/index.ts';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';

/** `accepted` with the events that the command caused (wire format 2.1). */
export const acceptedUnit = (
  services: NodeServices,
  command: RecordedCommand,
  { writer, events }: { writer: AgencyCode; events: readonly Hash[] },
): AppendUnit => outcomeUnit(services, command, { writer, name: 'accepted', data: { events: [...events] } });

export interface RefusedOutcome {
  readonly writer: AgencyCode;
  readonly code: RefusalCode;
  readonly message: RefusalText;
  readonly allowed: readonly DossierCommandName[];
}
/** `refused` with a stable code, both sentences, and what may be asked instead. */
export const refusedUnit = (
  services: NodeServices,
  command: RecordedCommand,
  { writer, code, message, allowed }: RefusedOutcome,
): AppendUnit =>
  outcomeUnit(services, command, {
    writer,
    name: 'refused',
    data: { code, message: { vi: message.vi, en: message.en }, allowed: [...allowed] },
  });

export interface Why {
  readonly code: RefusalCode;
  readonly details: Readonly<Record<string, string>>;
  /** Absent: the requester itself, if it is served here, or any agency of this node. */
  readonly writer?: AgencyCode;
}

/** Refused before anything is decided. A node without an agency that could say so keeps the command. */
export async function refuse(
  services: NodeServices,
  command: RecordedCommand,
  { code, details, writer }: Why,
): Promise<CommandFate> {
  const answering = writer ?? ownAgency(services, command);
  if (answering === undefined) return 'kept';
  const message: RefusalText = refusalMessage({ code, details });
  return settle(services, refusedUnit(services, command, { writer: answering, code, message, allowed: [] }));
}

function ownAgency(services: NodeServices, { requester }: RecordedCommand): AgencyCode | undefined {
  const directory = services.directory();
  const now = services.clock.now();
  const isOwn = (agency: AgencyCode): boolean =>
    isValidAt(directory, agency, now) && nodeOf(directory, agency, now) === services.node;
  return isOwn(requester) ? requester : [...directory.agencies.keys()].find(isOwn);
}

/** Records an answer, with what it did if anything. */
export async function settle(services: NodeServices, unit: AppendUnit): Promise<CommandFate> {
  const verdict = await services.store.append(unit);
  if (verdict.kind === 'conflict') return 'conflict';
  services.bell.ring();
  return 'answered';
}

interface Outcome {
  readonly writer: AgencyCode;
  readonly name: 'accepted' | 'refused';
  readonly data: JsonObject;
}

/** One outcome per command and agency, whoever of several processes comes first: the ledger remembers it like a key of the API. */
function outcomeUnit(services: NodeServices, command: RecordedCommand, outcome: Outcome): AppendUnit {
  const sealed = sealOutcome(services, command.sealed, outcome);
  // An agency that has ended meanwhile still hears what became of its command.
  const receiver = findLastKnown(services.directory(), command.requester, services.clock.now())?.node;
  return {
    messages: [{ sealed, effect: 'extends' }],
    streams: [],
    deliveries: receiver === undefined || receiver === services.node ? [] : [{ receiver, message: sealed.hash }],
    idempotency: {
      client: 'outcome',
      agency: outcome.writer,
      key: command.sealed.hash,
      bodyHmac: command.sealed.hash,
      answer: '{}',
    },
  };
}

function sealOutcome(
  services: NodeServices,
  { message, hash }: SealedMessage,
  { writer, name, data }: Outcome,
): SealedMessage {
  const key = services.keys.signingKey(writer);
  const recordedtime = laterOf(services.clock.now(), message.recordedtime as Instant);
  return sealMessage(
    {
      specversion: '1.0',
      profile: 'lt1',
      id: services.ids.uuid7(),
      source: agencySource(writer),
      type: typeOf('outcome', name),
      subject: message.subject,
      time: recordedtime,
      recordedtime,
      datacontenttype: 'application/json',
      dataschema: schemaOf('outcome', name, 1, services.contracts.latestMinor('outcome', name, 1)),
      ...(message.correlationid === undefined ? {} : { correlationid: message.correlationid }),
      causationid: message.id,
      causationhash: hash,
      authtype: 'system',
      authid: 'commands',
      keyid: key.keyId,
      data,
    },
    (bytes) => key.sign(bytes),
    services.sha256,
  );
}
