/**
 * `rehome` where the fold cannot go on. Custody is part of the format in every major version (wire format 6): whose hand a
 * dossier is in follows from the bytes alone, and so does who rehomes. Everything else of the state is neither needed for
 * the decision nor moved by it; the fold goes on past the `rehomed` once the program understands what comes before it.
 */
import { agencyInHand, type Hand } from '#libs/kernel';
import { findFaultInRole, findFaultInTime } from './admission.ts';
import type { DecisionContext } from './context.ts';
import { rehomedFrom } from './custody.decider.ts';
import type { Decision } from './dossier.decider.ts';
import type { DossierCommand } from './generated/commands.ts';
import { refuse, refusalMessage } from './refusal.ts';

/** `hand` as it is after the last event of the history that the `rehomed` will follow. Offers nothing instead. */
export function decideRehomeUnfolded(
  command: DossierCommand & { readonly type: 'rehome' },
  hand: Hand,
  context: DecisionContext,
): Decision {
  const inHand = agencyInHand(hand);
  const isRehomer = context.directory.findRehomer(inHand, context.dossier) === context.writer;
  const decided =
    findFaultInTime(context) ??
    findFaultInRole(command, context) ??
    (context.takesOver === undefined ? undefined : refuse('NOT_CUSTODIAN', { agency: context.writer })) ??
    (isRehomer ? rehomedFrom(inHand, command.data, context) : refuse('NOT_THE_REHOMER', { agency: context.writer }));
  return 'code' in decided
    ? { refused: { ...decided, message: refusalMessage(decided), allowed: [] } }
    : { events: decided };
}
