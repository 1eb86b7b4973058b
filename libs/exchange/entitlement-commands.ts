/**
 * Who may send which command to a custodian's node (wire format 2.1). Whoever is no party is answered `NOT_A_PARTY`; whether
 * the situation allows what is asked is the decider's matter. Commands are about dossiers: of another stream nobody is a party.
 */
import { adaptersAbove, adapterFor, successorsOf, type Directory } from '#libs/directory';
import { agencyInName, splitSource, type AgencyCode, type Hand, type Instant } from '#libs/kernel';
import { kindOf } from './branches-graph.ts';

/** What the custodian's node knows of the dossier; for an unknown one only `subject`. */
export interface CommandSituation {
  readonly subject: string;
  readonly hand?: Hand;
  /** Every agency that was custodian so far. */
  readonly custodians: readonly AgencyCode[];
  /** Agencies with an opinion or a task asked of them. */
  readonly asked: readonly AgencyCode[];
}
export interface CommandAsked {
  /** Name in the type, e.g. `record-payment`. */
  readonly name: string;
  readonly source: string;
}

const OF_PARTIES = new Set([
  'file-dossier',
  'provide-supplement',
  'record-payment',
  'withdraw',
  'rate-satisfaction',
  'file-petition',
]);
const OF_ASKED = new Set(['give-opinion', 'finish-task']);

export function mayCommand(
  command: CommandAsked,
  situation: CommandSituation,
  directory: Directory,
  at: Instant,
): boolean {
  const source = splitSource(command.source);
  if (source?.kind !== 'agency' || kindOf(situation.subject) !== 'dossier') return false;
  const agency = source.name as AgencyCode;
  if (OF_PARTIES.has(command.name)) return isParty(agency, situation, directory, at);
  if (OF_ASKED.has(command.name)) return situation.asked.includes(agency);
  if (command.name === 'recall') return situation.hand?.kind === 'transit' && situation.hand.from === agency;
  if (command.name === 'record-identity-check')
    return adapterFor(directory, 'population-adapter', agencyInName(situation.subject), at) === agency;
  return false;
}

/** The agency in the stream's name or its successor, an agency that was custodian, an adapter of the city. */
function isParty(agency: AgencyCode, situation: CommandSituation, directory: Directory, at: Instant): boolean {
  const first = agencyInName(situation.subject);
  return (
    agency === first ||
    situation.custodians.includes(agency) ||
    successorsOf(directory, first, at).includes(agency) ||
    adaptersAbove(directory, first, at).includes(agency)
  );
}
