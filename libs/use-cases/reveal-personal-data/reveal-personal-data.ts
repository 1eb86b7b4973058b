/**
 * Masked fields seen by a person, for a reason (design 8). What was seen is on record before it is shown: a row of the
 * vault's register and an event `personal-data-revealed` of the node, both without values. An erased field says so.
 *
 * Proved by `apps/gateway/http/reading.int.spec.ts`.
 */
import { committedPointers, parseDisclosure } from '#libs/exchange';
import {
  DomainError,
  splitType,
  type AgencyCode,
  type Hash,
  type JsonValue,
  type SealedMessage,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import { subjectOfPointer } from '../answer-peers/subject-of-pointer.ts';
import type { NodeServices } from '../node-services.ts';
import type { StoredDisclosure } from '../ports/index.ts';
import { findReadable } from '../read-dossier/read-dossier.ts';
import { erasedSubjectsOf } from '../read-dossier/read-history.ts';
import { recordOperation } from '../record-operation/record-operation.ts';
import { openStored } from '../stored-messages.ts';
import type { Actor } from '../write-events/write-events.ts';
import { inSight, sightOf, type Sight } from './may-reveal.ts';

export interface Reveal {
  readonly subject: Subject;
  /** Absent: every event of the stream. */
  readonly event?: Hash;
  /** A code of the contract `operation.personal-data-revealed`. */
  readonly reason: string;
  /** In words; kept like other personal text. */
  readonly note?: string;
  readonly agency: AgencyCode;
  readonly roles: readonly string[];
  readonly actor: Actor;
  readonly correlationId: Uuid;
}
export interface RevealedEvent {
  readonly hash: Hash;
  readonly place: number;
  readonly type: string;
  /** Value by pointer; of an erased field {@link ERASED}. */
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly erased: readonly string[];
  /** Committed, but this node holds no opening. */
  readonly notHeld: readonly string[];
}

export const ERASED = 'đã xóa theo quy định';

/** Throws `DOSSIER_UNKNOWN`, `NOT_YOUR_DOSSIER`, `REVEAL_NOT_ALLOWED`, `NOT_FOUND` (no such event here), `INVALID` (reason). */
export async function revealPersonalData(services: NodeServices, reveal: Reveal): Promise<readonly RevealedEvent[]> {
  const sight = await findSight(services, reveal);
  const events = await wantedEvents(services, reveal);
  const erased = erasedSubjectsOf(await services.shelf.load(reveal.subject));
  const held = await services.vault.find(events.map(({ hash }) => hash));
  const revealed = events
    .map((event) => openFields(services, event, { sight, held, erased }))
    .filter(({ fields, notHeld }) => Object.keys(fields).length + notHeld.length > 0);
  await putOnRecord(services, reveal, revealed);
  return revealed;
}

async function findSight(services: NodeServices, { subject, agency, roles }: Reveal): Promise<Sight> {
  const head = await findReadable(services, subject, { agencies: [agency], roles });
  const events = (await services.store.readStream(subject, 'main')).map(openStored);
  const place = { directory: services.directory(), at: services.clock.now() };
  const sight = sightOf(head, { agency, roles }, { place, events });
  if (sight.length === 0) throw new DomainError('REVEAL_NOT_ALLOWED', 'neither role nor agency handles this dossier');
  return sight;
}

async function wantedEvents(services: NodeServices, { subject, event }: Reveal): Promise<readonly SealedMessage[]> {
  const events = (await services.store.readStream(subject, 'all')).map(openStored);
  if (event === undefined) return events;
  const wanted = events.filter(({ hash }) => hash === event);
  if (wanted.length === 0) throw new DomainError('NOT_FOUND', 'no such event in this stream');
  return wanted;
}

interface Opened {
  readonly sight: Sight;
  readonly held: readonly StoredDisclosure[];
  readonly erased: ReadonlySet<string>;
}

function openFields(services: NodeServices, sealed: SealedMessage, { sight, held, erased }: Opened): RevealedEvent {
  const { message, hash } = sealed;
  const isErased = (pointer: string): boolean =>
    erased.has(subjectOfPointer(services.contracts, message.type, pointer));
  const seen = inSight(sight, hash, committedPointers(sealed));
  const gone = seen.filter(isErased);
  const values = new Map(
    held
      .filter(({ event, pointer }) => event === hash && seen.includes(pointer) && !isErased(pointer))
      .flatMap(({ disclosure }) => parseDisclosure(disclosure) ?? [])
      .map(({ pointer, value }) => [pointer, value] as const),
  );
  return {
    hash,
    place: Number(message.streamseq),
    type: splitType(message.type)?.name ?? message.type,
    fields: Object.fromEntries([...values, ...gone.map((pointer) => [pointer, ERASED] as const)]),
    erased: gone,
    notHeld: seen.filter((pointer) => !values.has(pointer) && !gone.includes(pointer)),
  };
}

async function putOnRecord(services: NodeServices, reveal: Reveal, revealed: readonly RevealedEvent[]): Promise<void> {
  const { subject, reason, note, agency, actor, correlationId } = reveal;
  const seen = revealed
    .map(({ hash, fields, erased }) => ({
      hash,
      pointers: Object.keys(fields).filter((pointer) => !erased.includes(pointer)),
    }))
    .filter(({ pointers }) => pointers.length > 0);
  if (seen.length === 0) return;
  const facts = seen.map(({ hash, pointers }) => ({
    type: 'personal-data-revealed',
    data: { stream: subject, event: hash, fields: pointers, reason, ...(note === undefined ? {} : { note }) },
  }));
  await recordOperation(services, { agency, actor, correlationId, facts });
  const at = services.clock.now();
  for (const { hash, pointers } of seen) {
    await services.vault.recordReveal({
      stream: subject,
      event: hash,
      pointers,
      actor: actor.authid ?? '',
      reason,
      at,
    });
  }
}
