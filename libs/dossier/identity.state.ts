/** Identity checks: found, not confirmed and failed stay apart (domain 2.6). */
import type { RecordedEventOf } from './dossier.events.ts';
import type { IdentityCheck } from './facts.state.ts';
import { learn, type FiledState } from './filed.state.ts';
import { findLabelled } from './labelled.ts';

type Answered =
  | RecordedEventOf<'identity-confirmed'>
  | RecordedEventOf<'identity-not-confirmed'>
  | RecordedEventOf<'identity-check-failed'>;

export function identityCheckRequested(
  state: FiledState,
  event: RecordedEventOf<'identity-check-requested'>,
): FiledState {
  const { person, service, request } = event.data;
  const check: IdentityCheck = { person, service, requestedAt: event.time };
  return learn(state, { identityChecks: { ...state.facts.identityChecks, [request]: check } });
}

const FINDING = {
  'identity-confirmed': 'confirmed',
  'identity-not-confirmed': 'not-confirmed',
  'identity-check-failed': 'failed',
} as const;

export function identityAnswered(state: FiledState, event: Answered): FiledState {
  const { person, service, request } = event.data;
  const asked = findLabelled(state.facts.identityChecks, request) ?? { person, service, requestedAt: event.time };
  return learn(state, {
    identityChecks: { ...state.facts.identityChecks, [request]: { ...asked, finding: FINDING[event.type] } },
  });
}
