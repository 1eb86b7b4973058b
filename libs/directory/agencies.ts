/**
 * Questions to the directory about agencies, each at an instant: topology is data with validity, and an agency code alone
 * is no stable key (domain reference 6.4).
 */
import type { AgencyCode, Instant, NodeId, TerritoryCode } from '#libs/kernel';
import type { Directory } from './directory.ts';
import { covers, type AgencyInterval, type AgencyStatement, type NodeStatement } from './statement.ts';

export const findAgency = (directory: Directory, code: AgencyCode): AgencyStatement | undefined =>
  directory.agencies.get(code);

export const findNode = (directory: Directory, node: NodeId): NodeStatement | undefined => directory.nodes.get(node);

/** The agency as it is at `at`; undefined before it begins, after it ended, and where nobody stated about it. */
export const findAgencyAt = (directory: Directory, code: AgencyCode, at: Instant): AgencyInterval | undefined =>
  findAgency(directory, code)?.intervals.find((interval) => covers(interval, at));

export const isValidAt = (directory: Directory, code: AgencyCode, at: Instant): boolean =>
  findAgencyAt(directory, code, at) !== undefined;

/** The agency as it is at `at`, or as it last was before: what is left of an ended agency (its node, its superiors). */
export function findLastKnown(directory: Directory, code: AgencyCode, at: Instant): AgencyInterval | undefined {
  const current = findAgencyAt(directory, code, at);
  if (current) return current;
  const begun = (findAgency(directory, code)?.intervals ?? []).filter((interval) => interval.from <= at);
  return begun.reduce<AgencyInterval | undefined>(
    (last, interval) => (last && last.from > interval.from ? last : interval),
    undefined,
  );
}

/** The node that serves the agency at `at`; an agency has exactly one at a time. */
export const nodeOf = (directory: Directory, code: AgencyCode, at: Instant): NodeId | undefined =>
  findAgencyAt(directory, code, at)?.node;

/** Superiors at every level that exist at `at`, nearest first; for an ended agency those to which its last interval leads. */
export function superiorsOf(directory: Directory, code: AgencyCode, at: Instant): readonly AgencyCode[] {
  const seen = new Set<AgencyCode>([code]);
  const superiors: AgencyCode[] = [];
  let parent = findLastKnown(directory, code, at)?.parent;
  while (parent !== undefined && !seen.has(parent)) {
    seen.add(parent);
    if (isValidAt(directory, parent, at)) superiors.push(parent);
    parent = findLastKnown(directory, parent, at)?.parent;
  }
  return superiors;
}

const TOP_LEVELS = new Set(['city', 'province']);

/** The city or province above the agency (or the agency itself, if it is one) at `at`. */
export function findCityAbove(directory: Directory, code: AgencyCode, at: Instant): AgencyCode | undefined {
  return [code, ...superiorsOf(directory, code, at)].find((candidate) =>
    TOP_LEVELS.has(findAgencyAt(directory, candidate, at)?.level ?? ''),
  );
}

/**
 * The agency named for a service (`national-portal-adapter` …) in the city or province above `code` at `at`; of several the
 * one with the lowest code, so that the answer does not hang on the order in which statements were read.
 */
export const adapterFor = (
  directory: Directory,
  service: string,
  code: AgencyCode,
  at: Instant,
): AgencyCode | undefined => adaptersFor(directory, service, code, at)[0];

/** All agencies named for a service there, lowest code first. */
export const adaptersFor = (
  directory: Directory,
  service: string,
  code: AgencyCode,
  at: Instant,
): readonly AgencyCode[] =>
  (directory.byService.get(service) ?? [])
    .filter((adapter) => servicesFor(directory, adapter, code, at).includes(service))
    .toSorted();

/** What `adapter` is named for in the city or province above `code` at `at`; empty: it is no adapter of that city. */
export function servicesFor(
  directory: Directory,
  adapter: AgencyCode,
  code: AgencyCode,
  at: Instant,
): readonly string[] {
  const city = findCityAbove(directory, code, at);
  const interval = findAgencyAt(directory, adapter, at);
  return city !== undefined && interval?.parent === city ? interval.services : [];
}

/** The agency that a territory belongs to at `at`; territory codes are used again, so never without an instant. */
export const agencyOfTerritory = (
  directory: Directory,
  territory: TerritoryCode,
  at: Instant,
): AgencyCode | undefined =>
  (directory.byTerritory.get(territory) ?? []).find((code) =>
    findAgencyAt(directory, code, at)?.territories.some((part) => part.code === territory && covers(part, at)),
  );
