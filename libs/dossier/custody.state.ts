/**
 * Changes of hand (design 4). The hand itself is computed by the kernel's `handAfter`, as at the border; here stands what
 * else changes: the leg, who was custodian, and the return to the situation that the transfer interrupted.
 */
import type { AgencyCode } from '#libs/kernel';
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { DossierFacts } from './facts.state.ts';
import { moveTo, type FiledState } from './filed.state.ts';
import type { Leg, RestingSituation } from './situation.state.ts';

function withoutFacts({ facts: _facts, ...situation }: RestingSituation & { facts: DossierFacts }): RestingSituation {
  return situation;
}
/** The situation that is, or was, interrupted. */
function resting(state: FiledState): RestingSituation {
  return state.situation === 'InTransit' || state.situation === 'Released' ? state.then : withoutFacts(state);
}
const withCustodian = (facts: DossierFacts, agency: AgencyCode): readonly AgencyCode[] =>
  facts.custodians.includes(agency) ? facts.custodians : [...facts.custodians, agency];

export function forwarded(state: FiledState, event: RecordedEventOf<'forwarded'>): FiledState {
  const { to, reason, step, stepNumber, legDueAt, leadAgency } = event.data;
  const leg: Leg = {
    from: event.author,
    to,
    reason,
    step,
    ...defined({ stepNumber }),
    leadAgency,
    dueAt: legDueAt,
    forwardedAt: event.time,
  };
  return moveTo(state, { situation: 'InTransit', leg, then: resting(state) });
}

export function custodyAccepted(state: FiledState, event: RecordedEventOf<'custody-accepted'>): FiledState {
  const custodians = withCustodian(state.facts, event.author);
  if (state.situation !== 'InTransit') return moveTo(state, resting(state), { custodians });
  const leg = { ...state.leg, acceptedAt: event.time };
  return moveTo(state, state.then, { leg, leadAgency: leg.leadAgency, custodians });
}

/** Declined or recalled: as it was before `forwarded`. */
export const custodyDeclined = (state: FiledState): FiledState => moveTo(state, resting(state));

export const custodyReleased = (state: FiledState, event: RecordedEventOf<'custody-released'>): FiledState =>
  moveTo(state, { situation: 'Released', since: event.time, then: resting(state) });

export function rehomed(state: FiledState, event: RecordedEventOf<'rehomed'>): FiledState {
  const { leg: _leg, ...facts } = state.facts;
  return { ...resting(state), facts: { ...facts, custodians: withCustodian(state.facts, event.data.to) } };
}
