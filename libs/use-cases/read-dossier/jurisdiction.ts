/**
 * Who may see a dossier at this node (design 13, G11): an agency with a part in it, whoever follows such an agency, its
 * superiors at every level, the portal's adapter of its city (it mirrors every dossier); and those who watch over the whole
 * node: operator, auditor, privacy officer. Personal values are another matter: `reveal-personal-data`.
 *
 * Proved by `jurisdiction.spec.ts`, a property over callers, dossiers and places.
 */
import { adapterFor, successorsOf, superiorsOf, type Directory } from '#libs/directory';
import type { AgencyCode, Hand, Instant } from '#libs/kernel';
import type { StreamHead } from '../ports/index.ts';

/** Agencies of the token that this node serves, and the roles of the token. */
export interface Reader {
  readonly agencies: readonly AgencyCode[];
  readonly roles: readonly string[];
}
export interface Place {
  readonly directory: Directory;
  readonly at: Instant;
}
type Parts = Pick<StreamHead, 'parties' | 'hand'>;

const OVERSEERS = ['operator', 'auditor', 'privacy-officer'];

/** Whether the reader watches over everything this node holds. */
export const overseesNode = ({ agencies, roles }: Reader): boolean =>
  agencies.length > 0 && roles.some((role) => OVERSEERS.includes(role));

export const mayRead = (head: Parts, reader: Reader, place: Place): boolean =>
  overseesNode(reader) || reader.agencies.some((agency) => hasSight(head, agency, place));

function hasSight(head: Parts, agency: AgencyCode, { directory, at }: Place): boolean {
  const parts = partsOf(head);
  const heirs = parts.flatMap((part) => successorsOf(directory, part, at));
  const involved = [...parts, ...heirs];
  if (involved.includes(agency)) return true;
  if (involved.some((one) => superiorsOf(directory, one, at).includes(agency))) return true;
  const [receiving] = parts;
  return receiving !== undefined && adapterFor(directory, 'national-portal-adapter', receiving, at) === agency;
}

/** Receiving agency first. */
export const partsOf = ({ parties, hand }: Parts): readonly AgencyCode[] => [
  ...new Set([...parties, ...(hand ? agenciesIn(hand) : [])]),
];

export function agenciesIn(hand: Hand): readonly AgencyCode[] {
  switch (hand.kind) {
    case 'held':
      return [hand.custodian];
    case 'transit':
      return [hand.from, hand.to];
    case 'released':
      return [hand.by];
  }
}

/**
 * The agencies whose dossiers a reader may list: its own and all below them, those they follow too; undefined: no bound.
 * A dossier has them among its parties.
 */
export function listScope(reader: Reader, { directory, at }: Place): readonly AgencyCode[] | undefined {
  if (overseesNode(reader)) return undefined;
  const own = new Set(reader.agencies);
  return [...directory.agencies.keys()].filter(
    (agency) =>
      own.has(agency) ||
      superiorsOf(directory, agency, at).some((superior) => own.has(superior)) ||
      successorsOf(directory, agency, at).some((heir) => own.has(heir)),
  );
}
