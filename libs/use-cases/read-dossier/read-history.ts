import { findAgencyAt, findLastKnown } from '#libs/directory';
import { committedPointers } from '#libs/exchange';
import {
  DomainError,
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Subject,
} from '#libs/kernel';
import { subjectOfPointer } from '../answer-peers/subject-of-pointer.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { Effect, StoredMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import type { Reader } from './jurisdiction.ts';
import { findReadable, isWithin, type AsOf } from './read-dossier.ts';

/** One event of a stream as it may be shown: clear members, and the pointers under which personal values are committed. */
export interface EventRead {
  readonly hash: Hash;
  readonly place: number;
  readonly type: string;
  readonly agency: string;
  readonly agencyName?: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly data: JsonObject;
  readonly masked: readonly string[];
  /** Of the masked ones, those whose person's data have been erased. */
  readonly erased: readonly string[];
  readonly logIndex: number;
  readonly effect: Effect;
}
export interface HistoryRead {
  readonly events: readonly EventRead[];
  /** Recorded, and not on the main branch. */
  readonly superseded: readonly EventRead[];
  /** Last event of the main branch today. */
  readonly head: Hash;
}

/** Throws `DOSSIER_UNKNOWN`, `NOT_YOUR_DOSSIER`. */
export async function readHistory(
  services: NodeServices,
  subject: Subject,
  { reader, asOf }: { reader: Reader; asOf: AsOf },
): Promise<HistoryRead> {
  const head = await findReadable(services, subject, reader);
  const [all, main] = await Promise.all([
    services.store.readStream(subject, 'all'),
    services.store.readStream(subject, 'main'),
  ]);
  const onMain = new Set(main.map(({ hash }) => hash));
  const erased = erasedSubjectsOf(await services.shelf.load(subject));
  const show = (stored: readonly StoredMessage[]): readonly EventRead[] =>
    stored
      .map((one) => eventRead(services, one, erased))
      .filter(({ place, recordedAt }) => isWithin(asOf, place, recordedAt));
  return { events: show(main), superseded: show(all.filter(({ hash }) => !onMain.has(hash))), head: head.hash };
}

export const erasedSubjectsOf = ({ state }: LoadedDossier): ReadonlySet<string> =>
  new Set(state.situation === 'NotFiled' ? [] : state.facts.erasedSubjects);

function eventRead(services: NodeServices, stored: StoredMessage, erased: ReadonlySet<string>): EventRead {
  const sealed = openStored(stored);
  const { message, hash } = sealed;
  const agency = splitSource(message.source)?.name ?? message.source;
  const { _sd: _digests, _sd_alg: _algorithm, ...data } = message.data;
  const masked = committedPointers(sealed);
  const name = nameOf(services, agency, message.time as Instant);
  return {
    hash,
    place: Number(message.streamseq),
    type: splitType(message.type)?.name ?? message.type,
    agency,
    ...(name === undefined ? {} : { agencyName: name }),
    occurredAt: message.time as Instant,
    recordedAt: message.recordedtime as Instant,
    data,
    masked,
    erased: masked.filter((pointer) => erased.has(subjectOfPointer(services.contracts, message.type, pointer))),
    logIndex: stored.logIndex,
    effect: stored.effect,
  };
}

function nameOf(services: NodeServices, agency: string, at: Instant): string | undefined {
  const directory = services.directory();
  const code = agency as AgencyCode;
  return (findAgencyAt(directory, code, at) ?? findLastKnown(directory, code, at))?.name;
}

/** The stored bytes of one event of the stream. Throws `DOSSIER_UNKNOWN`, `NOT_YOUR_DOSSIER`, `NOT_FOUND`. */
export async function readEventBytes(
  services: NodeServices,
  subject: Subject,
  { reader, hash }: { reader: Reader; hash: Hash },
): Promise<Uint8Array> {
  await findReadable(services, subject, reader);
  const stored = (await services.store.findByHash([hash])).get(hash);
  if (!stored || stored.class !== 'event' || openStored(stored).message.subject !== subject)
    throw new DomainError('NOT_FOUND', 'no such event in this stream');
  return stored.bytes;
}
