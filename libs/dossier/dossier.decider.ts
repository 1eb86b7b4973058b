/**
 * The decision: a pure function of command, state and context. Promises, tried by `dossier.decider.spec.ts` and
 * `dossier.properties.spec.ts`: it never throws on a command that fits its schema; what it gives is understood by
 * `evolve`; it refuses for the situation exactly where `allowedCommands` does not offer the command; a refusal changes
 * nothing and says what may be asked instead.
 */
import { askerOf, findObstacle } from './admission.ts';
import { answerPetition, correct, erasePersonalData, filePetition, link, rateSatisfaction } from './after.decider.ts';
import { allowedCommands } from './allowed-commands.ts';
import type { DecisionContext } from './context.ts';
import { acceptCustody, declineCustody, forward, recall, rehome, releaseCustody } from './custody.decider.ts';
import { dispatchResult, markResultReady, refuse, resolve, returnResult, stop, withdraw } from './end.decider.ts';
import type { DossierState, FiledState } from './filed.state.ts';
import type { DossierCommand } from './generated/commands.ts';
import type { DossierEvent } from './generated/events.ts';
import { recordIdentityCheck, requestIdentityCheck } from './identity.decider.ts';
import { fileDossier, receiveDossier, refuseIntake } from './intake.decider.ts';
import { recordPayment, requestFee, waiveFee } from './money.decider.ts';
import { addComponent, digitiseComponent, provideSupplement, requestSupplement } from './papers.decider.ts';
import { refuse as refuseCommand, refusalMessage, type Decided, type Refusal } from './refusal.ts';
import { ofTheTypeTakenOver } from './taking-over.ts';
import { extendDueDate } from './time.decider.ts';
import {
  assignStep,
  completeStep,
  finishTask,
  giveOpinion,
  markOpinionOverdue,
  requestOpinion,
  startProcessing,
} from './work.decider.ts';

export type Decision = { readonly events: readonly DossierEvent[] } | { readonly refused: Refusal };

/**
 * What comes of a command: events in their open form (personal values in clear, to be committed before they are signed),
 * at least one; or a refusal with a stable code, both sentences, and what the same agency may ask for instead.
 */
export function decide(command: DossierCommand, state: DossierState, context: DecisionContext): Decision {
  const decided =
    findObstacle(command, state, context) ?? ofTheTypeTakenOver(decideAdmitted(command, state, context), context);
  if (!('code' in decided)) return { events: decided };
  const allowed = allowedCommands(state, askerOf(context));
  return { refused: { ...decided, message: refusalMessage(decided), allowed } };
}

function decideAdmitted(command: DossierCommand, state: DossierState, context: DecisionContext): Decided {
  if (state.situation !== 'NotFiled') return decideFiled(command, state, context);
  return command.type === 'file-dossier' ? fileDossier(command.data, context) : refuseCommand('DOSSIER_UNKNOWN');
}

// eslint-disable-next-line complexity, max-lines-per-function -- one line for each command, exhaustive
function decideFiled(command: DossierCommand, state: FiledState, context: DecisionContext): Decided {
  switch (command.type) {
    case 'file-dossier':
      return refuseCommand('DOSSIER_EXISTS');
    case 'receive-dossier':
      return receiveDossier(command.data, state, context);
    case 'refuse-intake':
      return refuseIntake(command.data);
    case 'add-component':
      return addComponent(command.data, state);
    case 'digitise-component':
      return digitiseComponent(command.data, state);
    case 'request-supplement':
      return requestSupplement(command.data, state, context);
    case 'provide-supplement':
      return provideSupplement(command.data, state, context);
    case 'request-identity-check':
      return requestIdentityCheck(command.data, state, context);
    case 'record-identity-check':
      return recordIdentityCheck(command.data, state);
    case 'request-fee':
      return requestFee(command.data, state, context);
    case 'record-payment':
      return recordPayment(command.data, state, context);
    case 'waive-fee':
      return waiveFee(command.data, state, context);
    case 'start-processing':
      return startProcessing(command.data);
    case 'assign-step':
      return assignStep(command.data, state, context);
    case 'complete-step':
      return completeStep(command.data, state);
    case 'request-opinion':
      return requestOpinion(command.data, state, context);
    case 'give-opinion':
      return giveOpinion(command.data, state, context);
    case 'finish-task':
      return finishTask(command.data, state, context);
    case 'mark-opinion-overdue':
      return markOpinionOverdue(command.data, state, context);
    case 'forward':
      return forward(command.data, state, context);
    case 'accept-custody':
      return acceptCustody(command.data, state, context);
    case 'decline-custody':
      return declineCustody(command.data, state);
    case 'recall':
      return recall(command.data, state);
    case 'release-custody':
      return releaseCustody(command.data, state, context);
    case 'rehome':
      return rehome(command.data, state, context);
    case 'extend-due-date':
      return extendDueDate(command.data, state, context);
    case 'resolve':
      return resolve(command.data);
    case 'refuse':
      return refuse(command.data, context);
    case 'stop':
      return stop(command.data, state, context);
    case 'withdraw':
      return withdraw(command.data, state);
    case 'mark-result-ready':
      return markResultReady(command.data, state, context);
    case 'dispatch-result':
      return dispatchResult(command.data, state, context);
    case 'return-result':
      return returnResult(command.data, state, context);
    case 'link':
      return link(command.data, state, context);
    case 'rate-satisfaction':
      return rateSatisfaction(command.data, state);
    case 'file-petition':
      return filePetition(command.data, state, context);
    case 'answer-petition':
      return answerPetition(command.data, state, context);
    case 'erase-personal-data':
      return erasePersonalData(command.data, state, context);
    case 'correct':
      return correct(command.data, context);
  }
}
