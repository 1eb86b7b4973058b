/** A dossier as this node holds it: now, as of a place on its main branch, or as of a time of recording. Masked always. */
import {
  allowedCommands,
  roleMay,
  type DossierCommandName,
  type DossierState,
  type FiledState,
  type Role,
  type SupersededAct,
} from '#libs/dossier';
import { routeCommand } from '#libs/exchange';
import { agencyInHand, DomainError, type AgencyCode, type Hash, type Instant, type Subject } from '#libs/kernel';
import { directoryRules } from '../decide/directory-rules.ts';
import { findRehoming, type LeftToAPerson } from '../decide/find-rehoming.ts';
import { foldMain, type ParkedAt } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { handOverBy } from './hand-over-by.ts';
import { mayRead, type Reader } from './jurisdiction.ts';
import { supersededOf } from './superseded-of.ts';
import { workingDaysLeft } from './working-days-left.ts';

/** Both given: both hold. None: now. */
export interface AsOf {
  /** Place on the main branch, from 1. */
  readonly version?: number;
  /** Events recorded (by their authors) up to and at this time. */
  readonly at?: Instant;
}
export interface HeadRead {
  readonly hash: Hash;
  readonly place: number;
  readonly recordedAt: Instant;
}
export interface DossierRead {
  readonly subject: Subject;
  readonly state: FiledState;
  readonly head: HeadRead;
  /** As of today, whatever moment is read. */
  readonly superseded: readonly SupersededAct[];
  readonly parked?: ParkedAt;
  /** What the reader's agencies may ask for by role and situation; nothing of a past moment. */
  readonly allowed: readonly DossierCommandName[];
  readonly workingDaysLeft?: number;
  readonly handOverBy?: Instant;
  /** In the hand of an agency that has ended, or released, and no rule says who follows (domain 6.4); not of a past moment. */
  readonly awaitingAssignment?: AwaitingAssignment;
}
export interface AwaitingAssignment extends LeftToAPerson {
  /** Who says so, by `rehome`. */
  readonly rehomer: AgencyCode;
}

/** Throws `DOSSIER_UNKNOWN`, `NOT_YOUR_DOSSIER`. */
export async function findReadable(services: NodeServices, subject: Subject, reader: Reader): Promise<StreamHead> {
  const head = await services.store.findHead(subject);
  if (!head) throw new DomainError('DOSSIER_UNKNOWN', 'this node holds no such dossier');
  const place = { directory: services.directory(), at: services.clock.now() };
  if (!mayRead(head, reader, place)) throw new DomainError('NOT_YOUR_DOSSIER', 'out of the jurisdiction of the caller');
  return head;
}

/** Throws `DOSSIER_UNKNOWN` (also: not yet there at that moment), `NOT_YOUR_DOSSIER`, `DOSSIER_PARKED` (nothing can be shown). */
export async function readDossier(
  services: NodeServices,
  subject: Subject,
  { reader, asOf }: { reader: Reader; asOf: AsOf },
): Promise<DossierRead> {
  const stream = await findReadable(services, subject, reader);
  const isPast = asOf.version !== undefined || asOf.at !== undefined;
  const { state, parked, head } = isPast ? await foldAsOf(services, stream, asOf) : await foldNow(services, stream);
  if (state.situation === 'NotFiled') throw nothingToShow(parked);
  const now = isPast ? (asOf.at ?? head.recordedAt) : services.clock.now();
  return {
    subject,
    state,
    head,
    superseded: await supersededOf(services, stream),
    ...(parked ? { parked } : {}),
    ...deadlinesOf(services, state, now),
    ...(isPast || parked ? { allowed: [] } : openTo(services, stream, { state, reader })),
  };
}

/** What may be done now, and who has to say where the dossier goes. */
const openTo = (
  services: NodeServices,
  stream: StreamHead,
  { state, reader }: { readonly state: FiledState; readonly reader: Reader },
): Pick<DossierRead, 'allowed' | 'awaitingAssignment'> => ({
  allowed: allowedFor(services, { subject: stream.subject, state, reader }),
  ...awaitingAssignment(services, { head: stream, state }),
});

const nothingToShow = (parked: ParkedAt | undefined): DomainError =>
  parked
    ? new DomainError('DOSSIER_PARKED', 'nothing of it can be shown', { reason: parked.code })
    : new DomainError('DOSSIER_UNKNOWN', 'not there at that moment');

interface FoldedAt {
  readonly state: DossierState;
  readonly parked?: ParkedAt;
  readonly head: HeadRead;
}

async function foldNow(services: NodeServices, { subject }: StreamHead): Promise<FoldedAt> {
  const { state, parked, head } = await services.shelf.load(subject);
  if (!head) throw new DomainError('DOSSIER_UNKNOWN', 'this node holds no such dossier');
  return {
    state,
    ...(parked ? { parked } : {}),
    head: { hash: head.hash, place: head.streamseq, recordedAt: head.recordedtime },
  };
}

async function foldAsOf(services: NodeServices, { subject }: StreamHead, asOf: AsOf): Promise<FoldedAt> {
  const events = (await services.store.readStream(subject, 'main')).map(openStored);
  const then = events.filter(({ message }) => isWithin(asOf, Number(message.streamseq), message.recordedtime));
  const last = then.at(-1);
  if (!last) throw new DomainError('DOSSIER_UNKNOWN', 'not there at that moment');
  const { state, parked } = foldMain(services.contracts, then);
  const { streamseq, recordedtime } = last.message;
  return {
    state,
    ...(parked ? { parked } : {}),
    head: { hash: last.hash, place: Number(streamseq), recordedAt: recordedtime as Instant },
  };
}

export const isWithin = ({ version, at }: AsOf, place: number, recordedtime: string): boolean =>
  (version === undefined || place <= version) && (at === undefined || recordedtime <= at);

function deadlinesOf(
  services: NodeServices,
  state: FiledState,
  now: Instant,
): Pick<DossierRead, 'workingDaysLeft' | 'handOverBy'> {
  const handOver = handOverBy(services, state, now);
  return { ...daysLeft(services, state, now), ...(handOver === undefined ? {} : { handOverBy: handOver }) };
}

function daysLeft(services: NodeServices, { facts }: FiledState, now: Instant): Pick<DossierRead, 'workingDaysLeft'> {
  if (facts.due === undefined || facts.ending !== undefined) return {};
  const due = { agency: agencyInHand(facts.hand), dueAt: facts.due.dueAt, now };
  const left = workingDaysLeft(services.calendar, services.directory(), due);
  return left === undefined ? {} : { workingDaysLeft: left };
}

function awaitingAssignment(
  services: NodeServices,
  dossier: { readonly state: FiledState; readonly head: StreamHead },
): Pick<DossierRead, 'awaitingAssignment'> {
  const { subject, hand } = dossier.head;
  const route = routeCommand(services.directory(), subject, hand, services.clock.now());
  if (route?.why !== 'rehomer') return {};
  const rehoming = findRehoming(services, dossier);
  return 'left' in rehoming ? { awaitingAssignment: { rehomer: route.agency, ...rehoming.left } } : {};
}

interface AllowedFor {
  readonly subject: Subject;
  readonly state: FiledState;
  readonly reader: Reader;
}

function allowedFor(services: NodeServices, { subject, state, reader }: AllowedFor): readonly DossierCommandName[] {
  const directory = directoryRules(services.directory(), services.clock.now());
  const asked = (agency: AgencyCode) => allowedCommands(state, { agency, dossier: subject, directory });
  const roles = reader.roles as readonly Role[];
  return [...new Set(reader.agencies.flatMap(asked))].filter((command) => roleMay(command, roles));
}
