/** Who may ask for what (wire format 2.1). Roles of persons are another matter: `roles.ts`. */
import { agencyInHand, agencyInName, type AgencyCode, type Subject } from '#libs/kernel';
import type { Capacity } from './command-row.ts';
import { COMMAND_TABLE } from './command-table.ts';
import type { DossierFacts } from './facts.state.ts';
import type { DossierState, FiledState } from './filed.state.ts';
import type { DossierCommandName } from './generated/commands.ts';
import type { DirectoryRules } from './reference-rules.ts';

export interface Asker {
  readonly agency: AgencyCode;
  readonly dossier: Subject;
  readonly directory: DirectoryRules;
}

/** Whether the agency continues, or is, one of these. */
const continues = ({ agency, directory }: Asker, predecessors: readonly AgencyCode[]): boolean =>
  predecessors.some((predecessor) => predecessor === agency || directory.succeeds(agency, predecessor));

/** The receiving one-stop unit or its successor: where results are returned. */
export const isReceivingAgency = (asker: Asker, facts: DossierFacts): boolean =>
  continues(asker, [facts.receivingAgency]);

/**
 * The agency in the stream's name or its successor, an agency that was custodian, an adapter of the city. No successor of a
 * former custodian (ADR 0007).
 */
function isOnFilingSide(asker: Asker, state: DossierState): boolean {
  const first = agencyInName(asker.dossier);
  return (
    continues(asker, [first]) ||
    (state.situation !== 'NotFiled' && state.facts.custodians.includes(asker.agency)) ||
    asker.directory.adapterServices(asker.agency, first).length > 0
  );
}

const custodianOf = ({ facts }: FiledState): AgencyCode | undefined =>
  facts.hand.kind === 'held' ? facts.hand.custodian : undefined;

/** An agency without a node cannot send a command: its answer comes on paper, and the custodian writes it down. */
export const mayAnswerFor = (asker: Asker, asked: AgencyCode, state: FiledState): boolean =>
  asker.agency === asked || (asker.agency === custodianOf(state) && !asker.directory.hasNode(asked));

/** Whether an agency may ask for a command in this state of the dossier, whatever the situation says. */
export function mayCommand(command: DossierCommandName, asker: Asker, state: DossierState): boolean {
  if (state.situation === 'NotFiled') return command === 'file-dossier' && isOnFilingSide(asker, state);
  return isIn[COMMAND_TABLE[command].capacity](asker, state);
}

const isIn: Readonly<Record<Capacity, (asker: Asker, state: FiledState) => boolean>> = {
  custodian: ({ agency }, state) => agency === custodianOf(state),
  'filing-side': isOnFilingSide,
  'agency-asked': (asker, state) =>
    Object.values(state.facts.opinions).some((opinion) => mayAnswerFor(asker, opinion.agency, state)),
  'agency-named': ({ agency }, state) => state.situation === 'InTransit' && agency === state.leg.to,
  forwarder: ({ agency }, state) => state.situation === 'InTransit' && agency === state.leg.from,
  'population-adapter': ({ agency, directory, dossier }) =>
    directory.adapterServices(agency, agencyInName(dossier)).includes('population-adapter'),
  rehomer: ({ agency, directory, dossier }, state) =>
    agency === directory.findRehomer(agencyInHand(state.facts.hand), dossier),
};

/**
 * Whether the agency has any part in the dossier: others are answered `NOT_A_PARTY`, whatever they ask. Who continues the
 * agency in whose hand it is, or the receiving one, is heard: its first command makes the dossier move to it (design 4).
 */
export function isParty(asker: Asker, state: DossierState): boolean {
  if (isOnFilingSide(asker, state)) return true;
  if (state.situation === 'NotFiled') return false;
  const { facts } = state;
  return (
    continues(asker, [facts.receivingAgency, agencyInHand(facts.hand)]) ||
    Object.values(facts.opinions).some(({ agency }) => agency === asker.agency) ||
    mayCommand('rehome', asker, state)
  );
}
