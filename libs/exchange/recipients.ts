/**
 * Who is sent the events of a dossier (design 4, *Replicas*): one pure function of the agencies that have had a part, of
 * whose hand it is in, and of the directory at an instant. The table below is the documentation, printed as it stands.
 */
import {
  adapterFor,
  findAgencyAt,
  findLastKnown,
  nodeOf,
  successorsOf,
  superiorsOf,
  type Directory,
} from '#libs/directory';
import {
  agencyInName,
  isAgencyCode,
  splitSource,
  splitType,
  type AgencyCode,
  type Hand,
  type Instant,
  type NodeId,
  type SealedMessage,
} from '#libs/kernel';
import { kindOf, namedAgency } from './branches-graph.ts';

export type RecipientRole = 'custodian' | 'next' | 'party' | 'adapter' | 'successor' | 'superior';

/** Strongest role first. `openings`: what wire format 4 sends beside the events. */
export const RECIPIENT_TABLE: readonly {
  readonly role: RecipientRole;
  readonly who: string;
  readonly openings: string;
}[] = [
  { role: 'custodian', who: 'the agency that holds the dossier', openings: 'everything in the stream, when named' },
  { role: 'next', who: 'the agency named by an open `forwarded`', openings: 'everything in the stream, when named' },
  {
    role: 'party',
    who: 'the receiving agency, every agency that was custodian, those asked for an opinion or a task',
    openings:
      'who is asked: the pointers in `data.fields`, and the question of that event; the others: nothing more than they had',
  },
  {
    role: 'adapter',
    who: 'the national portal’s adapter of the city; the population adapter once a check was requested of it',
    openings: 'the list of its service',
  },
  { role: 'successor', who: 'whoever follows one of these agencies by a succession in effect', openings: 'nothing' },
  { role: 'superior', who: 'the superiors of all of these, at every level', openings: 'nothing' },
];

/** A node may serve several of these agencies: the strongest role, and the services of its adapters among them. */
export interface Recipient {
  readonly role: RecipientRole;
  readonly services: readonly string[];
}

const STRENGTH: readonly RecipientRole[] = RECIPIENT_TABLE.map(({ role }) => role);

interface Claim {
  readonly node: NodeId | undefined;
  readonly role: RecipientRole;
  readonly services?: readonly string[];
}

/** Nodes by what makes them recipients at `at`; the caller leaves out its own. `parties[0]` is the receiving agency. */
export function recipients(
  parties: readonly AgencyCode[],
  hand: Hand | undefined,
  directory: Directory,
  at: Instant,
): ReadonlyMap<NodeId, Recipient> {
  const found = new Map<NodeId, Recipient>();
  for (const { node, role, services = [] } of claimsOf({ parties, hand }, directory, at)) {
    if (node === undefined) continue;
    const known = found.get(node);
    found.set(node, {
      role: known && STRENGTH.indexOf(known.role) < STRENGTH.indexOf(role) ? known.role : role,
      services: [...new Set([...(known?.services ?? []), ...services])],
    });
  }
  return found;
}

interface Involved {
  readonly parties: readonly AgencyCode[];
  readonly hand: Hand | undefined;
}

function claimsOf({ parties, hand }: Involved, directory: Directory, at: Instant): readonly Claim[] {
  const inHand = hand ? agenciesOf(hand) : [];
  const involved = [...new Set([...parties, ...inHand.map(({ agency }) => agency)])];
  const successors = [...new Set(involved.flatMap((agency) => successorsOf(directory, agency, at)))];
  const superiors = [...involved, ...successors].flatMap((agency) => superiorsOf(directory, agency, at));
  return [
    ...inHand.map(({ agency, role }) => ({ node: lastNodeOf(directory, agency, at), role })),
    ...parties.map((agency) => claimOfParty(directory, agency, at)),
    ...portalAdapterOf(parties, directory, at),
    ...successors.map((agency) => ({ node: nodeOf(directory, agency, at), role: 'successor' as const })),
    ...[...new Set(superiors)].map((agency) => ({ node: nodeOf(directory, agency, at), role: 'superior' as const })),
  ];
}

function agenciesOf(hand: Hand): readonly { readonly agency: AgencyCode; readonly role: RecipientRole }[] {
  switch (hand.kind) {
    case 'held':
      return [{ agency: hand.custodian, role: 'custodian' }];
    case 'transit':
      return [
        { agency: hand.from, role: 'party' },
        { agency: hand.to, role: 'next' },
      ];
    case 'released':
      return [{ agency: hand.by, role: 'party' }];
  }
}

/** A node whose agency has ended must still learn that the dossier has left its hands. */
const lastNodeOf = (directory: Directory, agency: AgencyCode, at: Instant): NodeId | undefined =>
  findLastKnown(directory, agency, at)?.node;

function claimOfParty(directory: Directory, agency: AgencyCode, at: Instant): Claim {
  const services = findAgencyAt(directory, agency, at)?.services ?? [];
  const node = lastNodeOf(directory, agency, at);
  return services.length > 0 ? { node, role: 'adapter', services } : { node, role: 'party' };
}

function portalAdapterOf(parties: readonly AgencyCode[], directory: Directory, at: Instant): readonly Claim[] {
  const receiving = parties[0];
  const adapter = receiving && adapterFor(directory, 'national-portal-adapter', receiving, at);
  return adapter ? [claimOfParty(directory, adapter, at)] : [];
}

/**
 * The agencies with a part in the dossier after the event: they only become more, on whatever branch the event stands, since
 * whoever worked on a branch that lost must hear of it.
 */
export function partiesAfter(
  parties: readonly AgencyCode[],
  event: SealedMessage,
  directory: Directory,
): readonly AgencyCode[] {
  if (kindOf(event.message.subject) !== 'dossier') return parties;
  const joins = joiningAgency(event, directory);
  return joins === undefined || parties.includes(joins) ? parties : [...parties, joins];
}

function joiningAgency(event: SealedMessage, directory: Directory): AgencyCode | undefined {
  const { message } = event;
  if (message.prevhash === undefined) return agencyInName(message.subject);
  switch (splitType(message.type)?.name) {
    case 'custody-accepted':
      return splitSource(message.source)?.name as AgencyCode | undefined;
    case 'rehomed':
      return namedAgency(event);
    case 'opinion-requested':
      return askedAgency(event);
    case 'identity-check-requested':
      return askedAdapter(event, directory);
    default:
      return undefined;
  }
}

/** `data.agency` of `opinion-requested`. */
export function askedAgency({ message }: SealedMessage): AgencyCode | undefined {
  const agency = message.data['agency'];
  return typeof agency === 'string' && isAgencyCode(agency) ? agency : undefined;
}

/** The population adapter, when the check is asked of the population database and not of a card or a paper. */
export function askedAdapter({ message }: SealedMessage, directory: Directory): AgencyCode | undefined {
  const service = message.data['service'];
  if (typeof service !== 'string' || !service.startsWith('population')) return undefined;
  const at = message.recordedtime as Instant;
  return adapterFor(directory, 'population-adapter', agencyInName(message.subject), at);
}
