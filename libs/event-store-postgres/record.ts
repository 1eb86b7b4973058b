/**
 * Recording a batch of the mailbox: its units become one, so it is recorded whole or meets a conflict and leaves no trace;
 * held, quarantined and offset go in the same transaction. May be said twice after a lost connection.
 */
import { DomainError, type Hash, type Subject } from '#libs/kernel';
import type {
  AppendUnit,
  Arrival,
  HeldMessage,
  IngestBatch,
  MailboxOffset,
  QuarantinedMessage,
  StreamChange,
} from '#libs/use-cases';
import type { InboxParameters } from './append-call.ts';
import { countAdded } from './append-rows.ts';
import { hexOfHash } from './rows.ts';

/**
 * Units decided one upon the other, as one: per stream the first expected revision and the last head. Gives the subject
 * where a unit was not decided on what the one before it leaves.
 */
export function mergeUnits(units: readonly AppendUnit[]): AppendUnit | { readonly conflict: Subject } {
  const streams = new Map<Subject, StreamChange>();
  const revisions = new Map<Subject, number>();
  for (const unit of units) {
    for (const change of unit.streams) {
      const { subject, expectedRevision, head } = change;
      if ((revisions.get(subject) ?? expectedRevision) !== expectedRevision) return { conflict: subject };
      revisions.set(subject, expectedRevision + countAdded(unit, subject));
      streams.set(subject, {
        subject,
        head,
        expectedRevision: streams.get(subject)?.expectedRevision ?? expectedRevision,
      });
    }
  }
  return {
    messages: units.flatMap(({ messages }) => messages),
    streams: [...streams.values()],
    deliveries: units.flatMap(({ deliveries }) => deliveries),
  };
}

/** PostgreSQL holds neither U+0000 nor half a surrogate pair in a text; what a hostile record claims may have both. */
const plain = (text: string | undefined): string | undefined => text?.toWellFormed().replaceAll('\0', '\ufffd');
const hex = (hash: Hash | undefined): string | undefined => hash && hexOfHash(hash);

const arrivalMembers = (arrival: Arrival): object =>
  arrival.kind === 'mailbox' ? { partition: arrival.partition, at_offset: arrival.offset } : {};

const heldMember = (held: HeldMessage): object => ({
  hash: hex(held.hash),
  reason: held.reason,
  subject: held.subject,
  source: held.source,
  waits_for: hex(held.waitsFor),
  until: held.until && Date.parse(held.until),
  since: Date.parse(held.heldSince),
  record_key: plain(held.recordKey),
  ...arrivalMembers(held.arrival),
});
const quarantinedMember = (message: QuarantinedMessage): object => ({
  stage: message.stage,
  code: message.code,
  record_key: plain(message.recordKey),
  hash: hex(message.hash),
  source: plain(message.source),
  subject: plain(message.subject),
  type: plain(message.type),
  ...arrivalMembers(message.arrival),
});

const offsetMember = ({ partition, clusterId, partitionStart, next, from, mark }: MailboxOffset): object => ({
  partition,
  cluster: clusterId,
  start: partitionStart,
  next,
  from,
  mark,
});
const listed = <T>(name: string, all: readonly T[], member: (one: T) => unknown): object =>
  all.length > 0 ? { [name]: all.map(member) } : {};

/** The last message of the batch: a batch that is sent again has the same one, and no other batch has. */
const leftWith = ({ units }: IngestBatch): Hash | undefined =>
  units.flatMap(({ messages }) => messages).at(-1)?.sealed.hash;

/** SQLSTATE of a batch that takes out of quarantine what has left it with another. */
const HAS_LEFT = 'LT001';
export const hasLeft = (error: unknown): boolean =>
  error instanceof DomainError && error.details['sqlState'] === HAS_LEFT;

/** Parameters of `lt.take_in`; undefined when the batch changes nothing beside the ledger. */
export function encodeInbox(batch: IngestBatch): InboxParameters | undefined {
  const { held, quarantined, unheld, released, evicted = new Map<string, number>(), reopened = [], offset } = batch;
  const members = {
    ...listed('unheld', unheld, hexOfHash),
    ...listed('reopened', reopened, ({ hash, hops }) => ({ hash: hexOfHash(hash), hops })),
    ...listed('evicted', [...evicted], ([source, count]) => ({ source, count })),
    ...listed('held', held, heldMember),
    ...listed('released', released, Number),
    ...(released.length > 0 && { left_with: hex(leftWith(batch)) }),
    ...listed('quarantined', quarantined, quarantinedMember),
    ...(offset && { offset: offsetMember(offset) }),
  };
  if (Object.keys(members).length === 0) return undefined;
  return { json: JSON.stringify(members), bytes: [...held, ...quarantined].map(({ bytes }) => bytes) };
}
