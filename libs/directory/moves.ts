/** Agencies that have moved from one node to another (design 2): the intervals of their statements, read over time. */
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { findAgency, findAgencyAt } from './agencies.ts';
import type { Directory } from './directory.ts';

export interface Move {
  readonly agency: AgencyCode;
  /** The node that serves it now. */
  readonly to: NodeId;
  /** Since when that node serves it. */
  readonly since: Instant;
}

/** Agencies that `node` has served and that another node serves at `at`, in order of their codes. */
export function movesFrom(directory: Directory, node: NodeId, at: Instant): readonly Move[] {
  return [...directory.agencies.keys()].toSorted().flatMap((agency) => {
    const now = findAgencyAt(directory, agency, at);
    if (now?.node === undefined || !formerNodesOf(directory, agency, at).includes(node)) return [];
    return [{ agency, to: now.node, since: now.from }];
  });
}

/** Nodes that have served the agency and do not at `at`, the latest first. What it once held may still be there. */
export function formerNodesOf(directory: Directory, agency: AgencyCode, at: Instant): readonly NodeId[] {
  const now = findAgencyAt(directory, agency, at)?.node;
  const begun = (findAgency(directory, agency)?.intervals ?? []).filter(({ from }) => from <= at);
  const nodes = begun.toSorted((a, b) => (a.from < b.from ? 1 : -1)).map(({ node }) => node);
  return [...new Set(nodes)].filter((node) => node !== undefined && node !== now) as readonly NodeId[];
}
