/**
 * Which openings go with an event, and to whom (wire format 4): who is named by `forwarded` or `rehomed`: everything in the
 * stream; who is asked: the pointers in `data.fields` of the `opinion-requested`, and of that event alone what is asked and
 * by whom; an adapter: the list of its service; a superior: nothing.
 *
 * A former custodian keeps what it has and is sent no more as long as it is not named again: when the dossier comes back by
 * a `forwarded`, it gets everything. One thing follows from "the right returns": `custody-declined` takes its own openings
 * to the agency that holds the dossier again, or that agency could never hand on all digests of the main branch.
 */
import { adapterFor, findLastKnown, type Directory } from '#libs/directory';
import {
  agencyInName,
  isJsonObject,
  splitType,
  type AgencyCode,
  type Hand,
  type Hash,
  type Instant,
  type NodeId,
  type SealedMessage,
} from '#libs/kernel';
import { namedAgency } from './branches-graph.ts';
import { askedAdapter, askedAgency } from './recipients.ts';

export interface OpeningDue {
  readonly event: Hash;
  /** `all`, or the pointers that the receiver may see. */
  readonly pointers: 'all' | readonly string[];
  /** Name of the event that gives the duty, or the service of an adapter. */
  readonly purpose: string;
}
/** An event of the stream with the pointers it commits to (the members of `data._sd`). */
export interface StreamPart {
  readonly hash: Hash;
  readonly pointers: readonly string[];
}

/**
 * What each adapter may see, as pointers; `*` stands for one label, and a pointer covers what lies below it. From the fields
 * that the portal (domain reference 1.3, 1.4) and the population database (2.2) demand, and no more.
 */
export const SERVICE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'national-portal-adapter': [
    '/applicant/fullName',
    '/applicant/personalId',
    '/applicant/identityCardNumber',
    '/applicant/passportNumber',
    '/applicant/organisationCode',
    '/applicant/portalAccount',
    '/applicant/phone',
    '/applicant/email',
    '/summary',
    '/guidance',
    '/note',
    '/actor/name',
  ],
  'population-adapter': [
    ...['/applicant', '/submitter', '/children/*', '/relatedPersons/*'].flatMap((person) => [
      `${person}/fullName`,
      `${person}/personalId`,
      `${person}/identityCardNumber`,
      `${person}/birthDate`,
    ]),
    '/actor/officerCode',
  ],
};

/**
 * What an `opinion-requested` shows of itself to whom it asks. They are not in its `fields`, which reach over the stream:
 * earlier questions and their officers are nobody's business who was not asked them.
 */
export const ASKING_FIELDS: readonly string[] = ['/question', '/actor/name'];

/** The pointers among `committed` that a list of pointers covers. */
export const coveredBy = (committed: readonly string[], fields: readonly string[]): readonly string[] =>
  committed.filter((pointer) => fields.some((field) => covers(field, pointer)));

function covers(field: string, pointer: string): boolean {
  const wanted = field.split('/');
  const given = pointer.split('/');
  return wanted.length <= given.length && wanted.every((segment, at) => segment === '*' || segment === given[at]);
}

/** A duty that an event gives a node: how far back it reaches, and what it may see. */
export interface OpeningDuty {
  /** Whose duty it is, and the node that served it when the event was recorded. */
  readonly agency: AgencyCode;
  readonly node: NodeId;
  readonly reach: 'stream' | 'event';
  readonly see: 'all' | readonly string[];
  readonly purpose: string;
}

interface NamedDuty extends Pick<OpeningDuty, 'reach' | 'see'> {
  readonly agency: AgencyCode | undefined;
}

/** `before`: the hand before the event. The duties an event gives by what it says; the portal is seen to per event. */
export function openingDuties(
  event: SealedMessage,
  before: Hand | undefined,
  directory: Directory,
): readonly OpeningDuty[] {
  const purpose = splitType(event.message.type)?.name ?? '';
  return dutiesNamed(purpose, event, { before, directory }).flatMap(({ agency, reach, see }) => {
    const node = agency && nodeAt(event, agency, directory);
    return agency === undefined || node === undefined ? [] : [{ agency, node, reach, see, purpose }];
  });
}

function dutiesNamed(
  name: string,
  event: SealedMessage,
  { before, directory }: { readonly before: Hand | undefined; readonly directory: Directory },
): readonly NamedDuty[] {
  switch (name) {
    case 'forwarded':
    case 'rehomed':
      return [{ agency: namedAgency(event), reach: 'stream', see: 'all' }];
    case 'opinion-requested':
      return dutiesToAsked(event);
    case 'identity-check-requested':
      return [{ agency: askedAdapter(event, directory), reach: 'stream', see: fieldsOfService('population-adapter') }];
    case 'custody-declined':
      return [{ agency: before?.kind === 'transit' ? before.from : undefined, reach: 'event', see: 'all' }];
    default:
      return [];
  }
}

function dutiesToAsked(event: SealedMessage): readonly NamedDuty[] {
  const agency = askedAgency(event);
  const named = fieldsNamed(event);
  const own: NamedDuty = { agency, reach: 'event', see: ASKING_FIELDS };
  return named.length === 0 ? [own] : [{ agency, reach: 'stream', see: named }, own];
}

const fieldsOfService = (service: string): readonly string[] => SERVICE_FIELDS[service] ?? [];

/** The portal's adapter sees each event as it happens; a node that takes the service over sees those before it too. */
export function portalDuty(
  event: SealedMessage,
  added: ReadonlySet<NodeId>,
  directory: Directory,
): readonly OpeningDuty[] {
  const service = 'national-portal-adapter';
  const at = event.message.recordedtime as Instant;
  const adapter = adapterFor(directory, service, agencyInName(event.message.subject), at);
  const node = adapter && nodeAt(event, adapter, directory);
  if (adapter === undefined || node === undefined) return [];
  return [
    {
      agency: adapter,
      node,
      reach: added.has(node) ? 'stream' : 'event',
      see: fieldsOfService(service),
      purpose: service,
    },
  ];
}

const nodeAt = ({ message }: SealedMessage, agency: AgencyCode, directory: Directory): NodeId | undefined =>
  findLastKnown(directory, agency, message.recordedtime as Instant)?.node;

/** The pointers in `data.fields`: what an `opinion-requested` shares of the whole stream. */
export function fieldsNamed({ message }: SealedMessage): readonly string[] {
  const fields: unknown = message.data['fields'];
  return Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [];
}

/** The pointers a message commits to. */
export function committedPointers({ message }: SealedMessage): readonly string[] {
  const digests = message.data['_sd'];
  return isJsonObject(digests) ? Object.keys(digests) : [];
}

/** What of these events a duty opens; events without anything to see are left out. */
export function openingsDue(parts: readonly StreamPart[], { see, purpose }: OpeningDuty): readonly OpeningDue[] {
  return parts
    .map(({ hash, pointers }) => ({ hash, seen: see === 'all' ? pointers : coveredBy(pointers, see) }))
    .filter(({ seen }) => seen.length > 0)
    .map(({ hash, seen }) => ({ event: hash, pointers: see === 'all' ? ('all' as const) : seen, purpose }));
}
