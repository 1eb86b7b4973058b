/**
 * Which node a command goes to (design 4, wire format 2.1). Routing of a known dossier never reads the agency in its name:
 * it asks who holds it, and the directory at a time.
 */
import { findLastKnown, isValidAt, nodeOf, rehomersFor, successorsOf, type Directory } from '#libs/directory';
import { agencyInHand, agencyInName, type AgencyCode, type Hand, type Instant, type NodeId } from '#libs/kernel';
import { kindOf } from './branches-graph.ts';

export interface CommandRoute {
  readonly node: NodeId;
  /** The agency that decides there, or whose node takes the dossier over first. */
  readonly agency: AgencyCode;
  readonly why: 'custodian' | 'next' | 'rehomer' | 'receiving-agency' | 'successor';
}

/**
 * A known dossier: the custodian's node; in an open transfer that of the agency named, which keeps the command until it
 * accepts or declines; where that agency has ended, or released the dossier, the rehomer's node, which writes `rehomed` first.
 * An unknown one (`hand` undefined): the agency in its name or its successor. Undefined: the directory names no node,
 * or the stream is no dossier, which the grammar of a command's subject allows.
 */
export function routeCommand(
  directory: Directory,
  subject: string,
  hand: Hand | undefined,
  at: Instant,
): CommandRoute | undefined {
  if (kindOf(subject) !== 'dossier') return undefined;
  if (hand === undefined) return routeUnknown(directory, agencyInName(subject), at);
  const agency = agencyInHand(hand);
  if (hand.kind !== 'released' && isValidAt(directory, agency, at)) {
    return routeTo(nodeOf(directory, agency, at), agency, hand.kind === 'transit' ? 'next' : 'custodian');
  }
  return routeToRehomer(directory, { subject, agency }, at);
}

/** Where nobody is named to rehome, the node that served the agency last still answers. */
function routeToRehomer(
  directory: Directory,
  { subject, agency }: { readonly subject: string; readonly agency: AgencyCode },
  at: Instant,
): CommandRoute | undefined {
  for (const rehomer of rehomersFor(directory, agency, subject, at)) {
    const route = routeTo(nodeOf(directory, rehomer, at), rehomer, 'rehomer');
    if (route) return route;
  }
  return routeTo(findLastKnown(directory, agency, at)?.node, agency, 'custodian');
}

function routeUnknown(directory: Directory, agency: AgencyCode, at: Instant): CommandRoute | undefined {
  const own = routeTo(nodeOf(directory, agency, at), agency, 'receiving-agency');
  if (own) return own;
  for (const successor of successorsOf(directory, agency, at)) {
    const route = routeTo(nodeOf(directory, successor, at), successor, 'successor');
    if (route) return route;
  }
  return undefined;
}

const routeTo = (node: NodeId | undefined, agency: AgencyCode, why: CommandRoute['why']): CommandRoute | undefined =>
  node === undefined ? undefined : { node, agency, why };
