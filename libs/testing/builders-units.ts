/** Units, batches and heads for tests of the event store. */
import type { AgencyCode, Hash, Instant, NodeId, SealedMessage, Subject } from '#libs/kernel';
import type {
  AppendUnit,
  HeldMessage,
  IngestBatch,
  QuarantinedMessage,
  StreamChange,
  StreamHead,
} from '#libs/use-cases';
import { someCommand, someEvent, someSubject } from './builders.ts';

type HeadFields = Omit<StreamHead, 'subject' | 'revision'>;

export function headOf(last: SealedMessage, more: Partial<HeadFields> = {}): HeadFields {
  return {
    hash: last.hash,
    streamseq: Number(last.message.streamseq),
    recordedtime: last.message.recordedtime as Instant,
    hand: { kind: 'held', custodian: 'H26.129.05' as AgencyCode },
    branched: false,
    fork: false,
    superseded: [],
    receivers: [],
    parties: ['H26.129.05' as AgencyCode],
    ...more,
  };
}

export interface UnitWanted {
  /** Revision the first event is decided on. */
  readonly onRevision?: number;
  readonly receivers?: readonly NodeId[];
  readonly head?: Partial<HeadFields>;
}
/** Events of one stream, one upon the other, each owed to every receiver. */
export function unitOf(
  events: readonly SealedMessage[],
  { onRevision, receivers = [], head = {} }: UnitWanted = {},
): AppendUnit {
  const [first, last] = [events[0] as SealedMessage, events.at(-1) as SealedMessage];
  const change: StreamChange = {
    subject: first.message.subject as Subject,
    expectedRevision: onRevision ?? Number(first.message.streamseq) - 1,
    head: headOf(last, head),
  };
  return {
    messages: events.map((sealed) => ({ sealed, effect: 'extends' as const })),
    streams: [change],
    deliveries: events.flatMap(({ hash }) => receivers.map((receiver) => ({ receiver, message: hash }))),
  };
}

/** `length` events of a stream. */
export function someEvents(length: number, subject: Subject = someSubject()): [SealedMessage, ...SealedMessage[]] {
  const events: [SealedMessage, ...SealedMessage[]] = [someEvent(subject)];
  while (events.length < length)
    events.push(someEvent(subject, { name: 'processing-started', after: events.at(-1) as SealedMessage }));
  return events;
}

/** One dossier filed: one event, owed to the receivers. */
export const someFiling = (receivers: readonly NodeId[] = [], subject?: Subject): AppendUnit =>
  unitOf(someEvents(1, subject), { receivers });

export const commandUnit = (command: SealedMessage = someCommand(someSubject())): AppendUnit => ({
  messages: [{ sealed: command, effect: 'extends' }],
  streams: [],
  deliveries: [],
});

export const batchOf = (more: Partial<IngestBatch>): IngestBatch => ({
  units: [],
  arrivals: new Map(),
  held: [],
  quarantined: [],
  unheld: [],
  released: [],
  ...more,
});

export const heldOf = (message: SealedMessage, more: Partial<HeldMessage> = {}): HeldMessage => ({
  hash: message.hash,
  reason: 'GAP',
  subject: message.message.subject as Subject,
  source: message.message.source,
  ...(message.message.prevhash !== undefined && { waitsFor: message.message.prevhash as Hash }),
  heldSince: new Date().toISOString() as Instant,
  arrival: { kind: 'mailbox', partition: 0, offset: '1' },
  recordKey: 'H26.129.05/x',
  bytes: message.bytes,
  ...more,
});

export const quarantinedOf = (message: SealedMessage, more: Partial<QuarantinedMessage> = {}): QuarantinedMessage => ({
  stage: 'signature',
  code: 'SIGNATURE',
  arrival: { kind: 'mailbox', partition: 0, offset: '1' },
  recordKey: 'H26.129.05/x',
  hash: message.hash,
  source: message.message.source,
  subject: message.message.subject,
  type: message.message.type,
  bytes: message.bytes,
  ...more,
});
