/**
 * Stage 6 of what a receiver does (wire format 6): may this source write this event at this place? Judged on the state
 * after the event that `prevhash` names in that branch, never on today's state, and from bytes and directory alone, never
 * from the time of arrival. Faults in the order `LINK`, `DIRECTORY_BEHIND`, `NOT_ENTITLED`.
 *
 * | stream | place | who is entitled |
 * |---|---|---|
 * | `dossier` | 1: `submitted`, or `received` | the agency in the stream's name, which `data.receivingAgency` repeats |
 * | | after `forwarded` | the agency named: `custody-accepted`, `custody-declined` · the rehomer: `rehomed` |
 * | | after `custody-released` | the rehomer: `rehomed` |
 * | | else | the custodian: any type but `rehomed`, `custody-accepted`, `custody-declined` · the rehomer: `rehomed` |
 * | `portal` | 1 | a `national-portal-adapter` of the city above the agency in the stream's name; after that the same source |
 * | `operation`, `lookup` | all | the node in its name |
 * | unknown kind | all | nobody |
 *
 * Proved by `entitlement.spec.ts`.
 */
import { adaptersFor, rehomersFor, type Directory } from '#libs/directory';
import {
  agencyInHand,
  agencySource,
  isAgencyCode,
  nodeSource,
  splitSubject,
  splitType,
  type AgencyCode,
  type Hand,
  type Instant,
  type NodeId,
  type SealedMessage,
} from '#libs/kernel';
import { kindOf, namedAgency, namedVersion } from './branches-graph.ts';

/** The event that `prevhash` names, and in whose hand its branch leaves the place. */
export interface PlaceBefore {
  readonly streamseq: number;
  readonly recordedtime: Instant;
  /** In a dossier the hand decides, elsewhere the source. */
  readonly source?: string;
  readonly hand?: Hand;
}
export type EntitlementFault = 'LINK' | 'DIRECTORY_BEHIND' | 'NOT_ENTITLED';

/** `before` is undefined at place 1 alone; that the event before is recorded has been seen to. */
export function findEntitlementFault(
  sealed: SealedMessage,
  before: PlaceBefore | undefined,
  directory: Directory,
): EntitlementFault | undefined {
  if (!isLinked(sealed, before)) return 'LINK';
  if (isDirectoryBehind(sealed, directory)) return 'DIRECTORY_BEHIND';
  return isEntitled(sealed, before, directory) ? undefined : 'NOT_ENTITLED';
}

function isLinked({ message }: SealedMessage, before: PlaceBefore | undefined): boolean {
  if (!before) return Number(message.streamseq) === 1;
  return Number(message.streamseq) === before.streamseq + 1 && message.recordedtime >= before.recordedtime;
}

/** A `rehomed` that names a later directory version than the one read cannot be judged yet. */
function isDirectoryBehind(sealed: SealedMessage, directory: Directory): boolean {
  if (kindOf(sealed.message.subject) !== 'dossier' || nameOf(sealed) !== 'rehomed') return false;
  const version = namedVersion(sealed);
  return version !== undefined && version > directory.version;
}

const nameOf = (sealed: SealedMessage): string => splitType(sealed.message.type)?.name ?? '';

function isEntitled(sealed: SealedMessage, before: PlaceBefore | undefined, directory: Directory): boolean {
  const { kind, name } = splitSubject(sealed.message.subject);
  const firstInName = name.split('/')[0] ?? '';
  switch (kind) {
    case 'dossier':
      return before?.hand
        ? mayWriteAfter(sealed, before.hand, directory)
        : before === undefined && mayBeginDossier(sealed, firstInName as AgencyCode);
    case 'portal':
      return before
        ? before.source === sealed.message.source
        : mayBeginPortal(sealed, firstInName as AgencyCode, directory);
    case 'operation':
    case 'lookup':
      return sealed.message.source === nodeSource(firstInName as NodeId);
    default:
      return false;
  }
}

const FIRST_EVENTS = new Set(['submitted', 'received']);

function mayBeginDossier(sealed: SealedMessage, agency: AgencyCode): boolean {
  return (
    FIRST_EVENTS.has(nameOf(sealed)) &&
    sealed.message.source === agencySource(agency) &&
    sealed.message.data['receivingAgency'] === agency
  );
}

function mayBeginPortal({ message }: SealedMessage, agency: AgencyCode, directory: Directory): boolean {
  if (!isAgencyCode(agency)) return false;
  const named = adaptersFor(directory, 'national-portal-adapter', agency, message.recordedtime as Instant);
  return named.some((adapter) => message.source === agencySource(adapter));
}

const ANSWERS = new Set(['custody-accepted', 'custody-declined']);

function mayWriteAfter(sealed: SealedMessage, hand: Hand, directory: Directory): boolean {
  const name = nameOf(sealed);
  if (name === 'rehomed') return mayRehome(sealed, hand, directory);
  const { source } = sealed.message;
  switch (hand.kind) {
    case 'transit':
      return ANSWERS.has(name) && source === agencySource(hand.to);
    case 'released':
      return false;
    case 'held':
      if (ANSWERS.has(name) || source !== agencySource(hand.custodian)) return false;
      return name !== 'forwarded' || namedAgency(sealed) !== undefined;
  }
}

/** Whom it names in `to` is not judged, only that it names an agency and a directory version. */
function mayRehome(sealed: SealedMessage, hand: Hand, directory: Directory): boolean {
  if (namedAgency(sealed) === undefined || namedVersion(sealed) === undefined) return false;
  const { subject, source, recordedtime } = sealed.message;
  const rehomers = rehomersFor(directory, agencyInHand(hand), subject, recordedtime as Instant);
  return rehomers.some((rehomer) => source === agencySource(rehomer));
}
