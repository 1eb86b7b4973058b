/**
 * What is asked of every command before its own decision, in this order: still in time, by somebody who may, about a
 * dossier that is there, as the asker knows it, taking over only what waits for it, in a situation that allows it, at the
 * agency that may write the answer.
 */
import { agencyInHand, agencyInName } from '#libs/kernel';
import { isAllowed } from './allowed-commands.ts';
import { COMMAND_TABLE } from './command-table.ts';
import type { DecisionContext } from './context.ts';
import type { DossierState, FiledState } from './filed.state.ts';
import type { DossierCommand } from './generated/commands.ts';
import { isParty, mayCommand, type Asker } from './parties.ts';
import { refuse, type Refused } from './refusal.ts';
import { ROLES_OF_COMMAND, roleMay } from './roles.ts';
import { findFaultOfTakingOver, takesOver } from './taking-over.ts';

export const askerOf = ({ requester, dossier, directory }: DecisionContext): Asker => ({
  agency: requester,
  dossier,
  directory,
});

/** Why a command is not admitted to its decision; undefined: it is. */
export function findObstacle(
  command: DossierCommand,
  state: DossierState,
  context: DecisionContext,
): Refused | undefined {
  return (
    findFaultInTime(context) ??
    findFaultInRole(command, context) ??
    (state.situation === 'NotFiled'
      ? findObstacleBeforeFiling(command, state, context)
      : findObstacleOnceFiled(command, state, context))
  );
}

export function findFaultInTime({ now, time, expiresAt }: DecisionContext): Refused | undefined {
  if (expiresAt !== undefined && now > expiresAt) return refuse('EXPIRED', { expiredAt: expiresAt });
  return time > now ? refuse('TIME_IN_FUTURE', { time }) : undefined;
}

export function findFaultInRole({ type }: DossierCommand, { roles }: DecisionContext): Refused | undefined {
  if (roles === undefined || roleMay(type, roles)) return undefined;
  return refuse('ROLE_NOT_ALLOWED', { command: type, roles: ROLES_OF_COMMAND[type] });
}

function findObstacleBeforeFiling(
  command: DossierCommand,
  state: DossierState,
  context: DecisionContext,
): Refused | undefined {
  if (command.type !== 'file-dossier') return refuse('DOSSIER_UNKNOWN', { dossier: context.dossier });
  if (!mayCommand(command.type, askerOf(context), state)) return refuse('NOT_A_PARTY', { agency: context.requester });
  // Place 1 is written by nobody but the agency in the name (wire format 6).
  const receivingAgency = agencyInName(context.dossier);
  return context.writer === receivingAgency ? undefined : refuse('NOT_THE_RECEIVING_AGENCY', { receivingAgency });
}

function findObstacleOnceFiled(
  command: DossierCommand,
  state: FiledState,
  context: DecisionContext,
): Refused | undefined {
  if (!isParty(askerOf(context), state)) return refuse('NOT_A_PARTY', { agency: context.requester });
  return (
    findStaleness(command, state) ??
    findFaultOfTakingOver(state, context) ??
    (isAllowed(command.type, state) ? undefined : notInThisSituation(command, state)) ??
    findFaultInWriter(command, state, context) ??
    findFaultInCapacity(command, state, context)
  );
}

function findStaleness({ data }: DossierCommand, { facts }: FiledState): Refused | undefined {
  const expected = 'expectedHash' in data ? data.expectedHash : undefined;
  return expected === undefined || expected === facts.head
    ? undefined
    : refuse('STALE', { expected, head: facts.head });
}

/** Says which situation stands in the way. */
function notInThisSituation(command: DossierCommand, state: FiledState): Refused {
  if (command.type === 'file-dossier') return refuse('DOSSIER_EXISTS');
  switch (state.situation) {
    case 'InTransit':
      return refuse('DOSSIER_IN_TRANSIT', { from: state.leg.from, to: state.leg.to, situation: state.situation });
    case 'Released':
      return refuse('DOSSIER_RELEASED', { by: agencyInHand(state.facts.hand), situation: state.situation });
    default:
      return refuse(command.type === 'provide-supplement' ? 'SUPPLEMENT_NOT_OPEN' : 'COMMAND_NOT_ALLOWED', {
        command: command.type,
        situation: state.situation,
      });
  }
}

/** The agency that would write must be the one that may. */
function findFaultInWriter(
  command: DossierCommand,
  state: FiledState,
  { writer, directory, dossier }: DecisionContext,
): Refused | undefined {
  const inHand = agencyInHand(state.facts.hand);
  if (command.type === 'rehome')
    return directory.findRehomer(inHand, dossier) === writer
      ? undefined
      : refuse('NOT_THE_REHOMER', { agency: writer });
  if (writer === inHand) return undefined;
  return state.situation === 'InTransit'
    ? refuse('NOT_THE_AGENCY_NAMED', { agency: writer, to: inHand })
    : refuse('NOT_CUSTODIAN', { agency: writer, custodian: inHand });
}

/** A party, but not in the capacity that this command asks for. */
function findFaultInCapacity(
  command: DossierCommand,
  state: FiledState,
  context: DecisionContext,
): Refused | undefined {
  if (mayCommand(command.type, askerOf(context), state) || takesOver(state, context)) return undefined;
  const details = { agency: context.requester, custodian: agencyInHand(state.facts.hand) };
  switch (COMMAND_TABLE[command.type].capacity) {
    case 'custodian':
      return refuse('NOT_CUSTODIAN', details);
    case 'rehomer':
      return refuse('NOT_THE_REHOMER', details);
    case 'agency-named':
      return refuse('NOT_THE_AGENCY_NAMED', { ...details, to: details.custodian });
    case 'agency-asked':
      return refuse('NOT_THE_AGENCY_ASKED', {
        ...details,
        asked: Object.values(state.facts.opinions).map((o) => o.agency),
      });
    case 'filing-side':
    case 'forwarder':
    case 'population-adapter':
      return refuse('NOT_A_PARTY', details);
  }
}
