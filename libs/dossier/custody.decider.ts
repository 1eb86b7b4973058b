/**
 * Custody (design 4). Who may ask and who may write is settled before (`admission.ts`); here stands whether the transfer
 * makes sense. A dossier is never forwarded to where nobody is, and never released where nobody could take it up.
 */
import { agencyInHand, type AgencyCode, type Instant } from '#libs/kernel';
import { askerOf } from './admission.ts';
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { DossierFacts } from './facts.state.ts';
import type { FiledState } from './filed.state.ts';
import type {
  AcceptCustodyData,
  DeclineCustodyData,
  ForwardData,
  RecallData,
  RehomeData,
  ReleaseCustodyData,
} from './generated/commands.ts';
import { isReceivingAgency } from './parties.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';
import { BEFORE_RECEIPT, ENDED } from './situation-groups.ts';
import { situationKey, type SituationKey } from './situation.state.ts';

export function forward(data: ForwardData, state: FiledState, context: DecisionContext): Decided {
  const { to } = data;
  const { facts } = state;
  const custodian = agencyInHand(facts.hand);
  if (to === custodian) return refuse('FORWARD_TO_SELF', { to });
  if (!context.directory.isValid(to)) return refuse('AGENCY_NOT_VALID', { agency: to });
  const fault = findFaultOfReason(data, state, context);
  if (fault) return fault;
  const legDueAt = legDue(data, facts, context);
  if (legDueAt === undefined) return refuse('DEADLINE_MISSING', { what: data.step });
  const leadAgency = data.leadAgency ?? facts.leadAgency ?? custodian;
  const directoryVersion = context.directory.version;
  return [{ type: 'forwarded', data: { ...stated(data), legDueAt, leadAgency, directoryVersion } }];
}

/** By the command, else by the route; a leg that the route does not know is due with what is due next. */
function legDue(data: ForwardData, facts: DossierFacts, { procedures, time }: DecisionContext): Instant | undefined {
  const ofRoute = () => procedures.findDeadlines(facts.procedure, facts.channel)?.legDue(time, data.to, data);
  return data.legDueAt ?? ofRoute() ?? facts.due?.dueAt ?? facts.intakeAnswerDueAt;
}

const includes = (keys: readonly SituationKey[], state: FiledState) => keys.includes(situationKey(state));

/**
 * The end goes back to the one-stop unit that received the dossier, and nowhere else (Art 19(7)); before that it is
 * returned only to who had it; before receipt there is no route yet, only the wrong door (Art 18(3)).
 */
function findFaultOfReason(
  { to, reason }: ForwardData,
  state: FiledState,
  context: DecisionContext,
): Refused | undefined {
  const notHere = refuse('FORWARD_REASON_NOT_ALLOWED', { reason, situation: state.situation });
  const target = { ...askerOf(context), agency: to };
  if (includes(ENDED, state)) {
    if (reason !== 'return') return notHere;
    const { receivingAgency } = state.facts;
    return isReceivingAgency(target, state.facts) ? undefined : refuse('NOT_THE_RECEIVING_AGENCY', { receivingAgency });
  }
  if (reason === 'route') return includes(BEFORE_RECEIPT, state) ? notHere : undefined;
  if (reason === 'wrong-competence') return undefined;
  const hadIt = state.facts.custodians.some((agency) => agency === to || context.directory.succeeds(to, agency));
  return hadIt ? undefined : refuse('RETURN_TO_STRANGER', { to });
}

/** Not while an opening is missing: an agency accepts what it can read. */
export function acceptCustody(
  { actor }: AcceptCustodyData,
  { facts }: FiledState,
  { opened }: DecisionContext,
): Decided {
  const missing = opened?.missing ?? [];
  if (missing.length > 0) return refuse('OPENINGS_MISSING', { missing });
  return [{ type: 'custody-accepted', data: { from: forwarder(facts), ...defined({ actor }) } }];
}

export const declineCustody = (data: DeclineCustodyData, { facts }: FiledState): Decided => [
  { type: 'custody-declined', data: { ...stated(data), from: forwarder(facts) } },
];

/** A command to the agency named: it answers by declining, so the hand moves by one event only. */
export const recall = (data: RecallData, { facts }: FiledState): Decided => [
  { type: 'custody-declined', data: { ...stated(data), from: forwarder(facts), reason: 'recalled' } },
];

const forwarder = ({ hand }: FiledState['facts']) => (hand.kind === 'transit' ? hand.from : agencyInHand(hand));

export function releaseCustody(data: ReleaseCustodyData, { facts }: FiledState, context: DecisionContext): Decided {
  const agency = agencyInHand(facts.hand);
  const { directory, dossier } = context;
  if (directory.findRehomer(agency, dossier) === undefined) return refuse('NO_REHOMER', { agency });
  return [{ type: 'custody-released', data: { ...stated(data), directoryVersion: directory.version } }];
}

export const rehome = (data: RehomeData, { facts }: FiledState, context: DecisionContext): Decided =>
  rehomedFrom(agencyInHand(facts.hand), data, context);

/** From the hand alone. */
export function rehomedFrom(from: AgencyCode, data: RehomeData, { directory }: DecisionContext): Decided {
  if (!directory.isValid(data.to)) return refuse('AGENCY_NOT_VALID', { agency: data.to });
  const directoryVersion = data.directoryVersion ?? directory.version;
  return [{ type: 'rehomed', data: { ...stated(data), from, directoryVersion } }];
}
