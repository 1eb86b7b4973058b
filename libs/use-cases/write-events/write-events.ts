/**
 * From decided facts to one unit of the ledger: personal values are committed and go to the vault first, each event gets
 * its envelope, its link to the event before it and its signature, and every receiver its place in the outbox.
 *
 * Promises: a disclosure is durable before the event that commits to it (design 8); `recordedtime` never runs backwards
 * in a stream (wire format 3); who becomes a recipient late is first sent the stream it lacks (design 4).
 */
import {
  commitPersonal,
  deliveriesFor,
  needsEarlier,
  partOf,
  sealMessage,
  streamAfter,
  type DossierStream,
  type HeadFields,
} from '#libs/exchange';
import {
  agencySource,
  formatStreamSeq,
  laterOf,
  schemaOf,
  splitSubject,
  typeOf,
  type AgencyCode,
  type AuthType,
  type Hash,
  type Instant,
  type JsonObject,
  type SealedMessage,
  type Subject,
  type UnsignedMessage,
  type Uuid,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, Delivery, StoredDisclosure, StreamHead } from '../ports/index.ts';

/** Who acts: `authid` is absent for `app_user` alone. */
export interface Actor {
  readonly authtype: AuthType;
  readonly authid?: string;
}
/** What made this happen: a recorded command, an event, or a request (then only the correlation). */
export interface Origin {
  readonly correlationId: Uuid;
  readonly cause?: { readonly id: string; readonly hash: Hash };
}
export interface Fact {
  readonly type: string;
  /** Open form: personal values in clear at their places. */
  readonly data: JsonObject;
  /** Of the message; absent: a fresh one. */
  readonly id?: Uuid;
}
export interface EventsToWrite {
  readonly subject: Subject;
  /** The agency whose events these are: the custodian, the one named, or the rehomer. */
  readonly agency: AgencyCode;
  readonly facts: readonly Fact[];
  readonly occurredAt: Instant;
  readonly actor: Actor;
  readonly origin: Origin;
}

/** Seals one message of an agency, or an event of the node, with its personal values committed. `owner`: whose key signs. */
export function sealCommitted(
  services: NodeServices,
  unsigned: Omit<UnsignedMessage, 'keyid' | 'data'>,
  owner: string,
  fact: { kind: string; name: string; data: JsonObject },
): { sealed: SealedMessage; disclosures: readonly StoredDisclosure[] } {
  const key = services.keys.signingKey(owner);
  const pointers = services.contracts.personalPointers(fact.kind, fact.name, 1);
  const committed = commitPersonal(fact.data, pointers, () => services.ids.randomBytes(32), services.sha256);
  const sealed = sealMessage(
    { ...unsigned, keyid: key.keyId, data: committed.data },
    (bytes) => key.sign(bytes),
    services.sha256,
  );
  const stream = unsigned.subject as Subject;
  const disclosures = committed.disclosures.map(({ pointer, subject, disclosure }) => ({
    stream,
    event: sealed.hash,
    pointer,
    subject,
    disclosure,
  }));
  return { sealed, disclosures };
}

/** A stream as the ledger has it when something is decided on it. */
export interface StreamNow {
  readonly head?: StreamHead;
  /** All events recorded in it, in log order; read only when a receiver lacks them. */
  earlier(): Promise<readonly SealedMessage[]>;
}
export interface PlannedUnit {
  readonly unit: AppendUnit;
  readonly events: readonly SealedMessage[];
  readonly disclosures: readonly StoredDisclosure[];
}

/** Seals the facts one after the other and plans what each receiver is owed. Nothing is written yet. */
export async function planEvents(
  services: NodeServices,
  stream: StreamNow,
  write: EventsToWrite,
): Promise<PlannedUnit> {
  const sending = { ownNode: services.node, directory: services.directory() };
  const events: SealedMessage[] = [];
  const disclosures: StoredDisclosure[] = [];
  const deliveries: Delivery[] = [];
  let state: DossierStream = { ...(stream.head ? { head: stream.head } : {}), events: [] };
  let earlierRead = false;
  for (const fact of write.facts) {
    const { sealed, disclosures: opened } = sealFact(services, state.head, write, fact);
    if (!earlierRead && needsEarlier(state.head, sealed, sending)) {
      state = { ...state, events: [...(await stream.earlier()).map(partOf), ...state.events] };
      earlierRead = true;
    }
    deliveries.push(...deliveriesFor(state, sealed, sending));
    state = streamAfter(state, sealed, sending.directory);
    events.push(sealed);
    disclosures.push(...opened);
  }
  const head = state.head as HeadFields;
  return {
    events,
    disclosures,
    unit: {
      messages: events.map((sealed) => ({ sealed, effect: 'extends' as const })),
      streams: [{ subject: write.subject, expectedRevision: stream.head?.revision ?? 0, head }],
      deliveries,
    },
  };
}

/** One event upon the head given, signed; nothing is written. */
export function sealFact(
  services: NodeServices,
  head: Pick<HeadFields, 'hash' | 'streamseq' | 'recordedtime'> | undefined,
  write: EventsToWrite,
  fact: Fact,
): ReturnType<typeof sealCommitted> {
  const { kind } = splitSubject(write.subject);
  const recordedtime = laterOf(laterOf(services.clock.now(), write.occurredAt), head?.recordedtime ?? write.occurredAt);
  return sealCommitted(
    services,
    {
      specversion: '1.0',
      profile: 'lt1',
      id: fact.id ?? services.ids.uuid7(),
      source: agencySource(write.agency),
      type: typeOf(kind, fact.type),
      subject: write.subject,
      streamseq: formatStreamSeq((head?.streamseq ?? 0) + 1),
      ...(head ? { prevhash: head.hash } : {}),
      time: write.occurredAt,
      recordedtime,
      datacontenttype: 'application/json',
      dataschema: schemaOf(kind, fact.type, 1, services.contracts.latestMinor(kind, fact.type, 1)),
      ...originMembers(write.origin),
      ...write.actor,
    },
    write.agency,
    { kind, name: fact.type, data: fact.data },
  );
}

export function originMembers(
  origin: Origin,
): Pick<UnsignedMessage, 'correlationid' | 'causationid' | 'causationhash'> {
  return {
    correlationid: origin.correlationId,
    ...(origin.cause ? { causationid: origin.cause.id, causationhash: origin.cause.hash } : {}),
  };
}
