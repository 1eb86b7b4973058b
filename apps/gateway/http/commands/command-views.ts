import type { CommandView } from '#libs/http-api';
import type { Hash } from '#libs/kernel';
import type { Answer, OutcomeRead } from '#libs/use-cases';

export const viewOfAnswer = (answer: Answer): CommandView => ({ status: 'accepted', ...answer });

/** Members of the outcome are those of the view. */
export const viewOfOutcome = (command: Hash, outcome: OutcomeRead): CommandView => ({
  command,
  events: [],
  ...outcome,
});
