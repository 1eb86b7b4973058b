/** Identity checks: asked with a dossier, an officer and a purpose; answered by the population adapter (domain 2). */
import type { DecisionContext } from './context.ts';
import { defined } from './defined.ts';
import type { FiledState } from './filed.state.ts';
import type { RecordIdentityCheckData, RequestIdentityCheckData } from './generated/commands.ts';
import { findLabelled } from './labelled.ts';
import { refuse, type Decided } from './refusal.ts';

export function requestIdentityCheck(
  data: RequestIdentityCheckData,
  { facts }: FiledState,
  { freshId }: DecisionContext,
): Decided {
  const { request = freshId, purpose = facts.procedure.code, person, service, checked, actor } = data;
  if (findLabelled(facts.identityChecks, request) !== undefined)
    return refuse('IDENTITY_CHECK_OPEN', { check: request });
  return [{ type: 'identity-check-requested', data: { person, request, service, purpose, checked, actor } }];
}

/** The first answer to a request stands; what the database said is in no event. */
export function recordIdentityCheck(data: RecordIdentityCheckData, { facts }: FiledState): Decided {
  const { person, request, service, result, checked, finding, reason, about, actor } = data;
  const asked = findLabelled(facts.identityChecks, request);
  if (asked === undefined || asked.finding !== undefined) return refuse('IDENTITY_CHECK_NOT_OPEN', { check: request });
  const answer = { person, request, service, ...defined({ about, actor }) };
  switch (result) {
    case 'confirmed':
      return checked === undefined
        ? refuse('INVALID', { fault: '/checked' })
        : [{ type: 'identity-confirmed', data: { ...answer, checked } }];
    case 'not-confirmed':
      return finding === undefined
        ? refuse('INVALID', { fault: '/finding' })
        : [{ type: 'identity-not-confirmed', data: { ...answer, finding } }];
    case 'failed':
      return reason === undefined
        ? refuse('INVALID', { fault: '/reason' })
        : [{ type: 'identity-check-failed', data: { ...answer, reason } }];
  }
}
