/**
 * Who may see personal values of a dossier (design 8): those who handle it. A clerk, officer or head of the agency that
 * received it or has it in hand sees all; of an agency asked for an opinion or a task, what was named for it
 * (`data.fields`) and the question itself; a privacy officer of an agency with a part in it sees all. Watching over a node is no reason.
 *
 * Proved by `may-reveal.spec.ts`.
 */
import { successorsOf } from '#libs/directory';
import { ASKING_FIELDS, coveredBy, fieldsNamed } from '#libs/exchange';
import { splitType, type AgencyCode, type Hash, type SealedMessage } from '#libs/kernel';
import type { StreamHead } from '../ports/index.ts';
import { agenciesIn, partsOf, type Place } from '../read-dossier/jurisdiction.ts';

export interface Revealer {
  readonly agency: AgencyCode;
  readonly roles: readonly string[];
}
/** `all`, or what the agency was asked, time by time; empty: nothing. */
export type Sight = 'all' | readonly Asked[];
interface Asked {
  readonly event: Hash;
  /** Pointers that were named, each with what lies below it. */
  readonly fields: readonly string[];
}

const HANDLERS = ['clerk', 'officer', 'head'];

/** `events`: those of the main branch. */
export function sightOf(
  head: Pick<StreamHead, 'parties' | 'hand'>,
  { agency, roles }: Revealer,
  { place, events }: { readonly place: Place; readonly events: readonly SealedMessage[] },
): Sight {
  const isOneOf = (agencies: readonly AgencyCode[]): boolean =>
    agencies.some((one) => one === agency || successorsOf(place.directory, one, place.at).includes(agency));
  if (roles.includes('privacy-officer') && isOneOf(partsOf(head))) return 'all';
  if (!roles.some((role) => HANDLERS.includes(role))) return [];
  const [receiving] = head.parties;
  const handling = [...(receiving === undefined ? [] : [receiving]), ...(head.hand ? agenciesIn(head.hand) : [])];
  return isOneOf(handling) ? 'all' : askedOf(agency, events);
}

const askedOf = (agency: AgencyCode, events: readonly SealedMessage[]): readonly Asked[] =>
  events
    .filter(({ message: { type, data } }) => splitType(type)?.name === 'opinion-requested' && data['agency'] === agency)
    .map((event) => ({ event: event.hash, fields: fieldsNamed(event) }));

/** Of the pointers that an event commits to, those in sight. */
export function inSight(sight: Sight, hash: Hash, pointers: readonly string[]): readonly string[] {
  if (sight === 'all') return pointers;
  const fields = sight.flatMap((asked) => (asked.event === hash ? [...asked.fields, ...ASKING_FIELDS] : asked.fields));
  return coveredBy(pointers, fields);
}
