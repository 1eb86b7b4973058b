/** Which situations provide for an event: those in which a command that leads to it is possible. */
import { COMMAND_TABLE } from './command-table.ts';
import { DOSSIER_EVENT_NAMES, type DossierEventName } from './generated/events.ts';
import { IN_HAND } from './situation-groups.ts';
import type { SituationKey } from './situation.state.ts';

/**
 * What no command states by itself: a due date is reckoned again after a wait has ended, in whatever situation that leaves
 * the dossier, or because the calendar was changed.
 */
const OF_THEMSELVES: Partial<Record<DossierEventName, readonly SituationKey[]>> = { 'due-date-recomputed': IN_HAND };

function situationsOf(event: DossierEventName): readonly SituationKey[] {
  const rows = Object.values(COMMAND_TABLE).filter((row) => row.events.includes(event));
  return [...new Set([...rows.flatMap((row) => row.in), ...(OF_THEMSELVES[event] ?? [])])];
}

/**
 * Taken more widely than commands are: `unless` is a rule of this program's decider, and a dossier is not parked because
 * another agency's program orders its work otherwise. `receive-dossier` follows filing, `received` may also begin.
 */
export const SITUATIONS_OF_EVENT: Readonly<Record<DossierEventName, readonly SituationKey[]>> = Object.fromEntries(
  DOSSIER_EVENT_NAMES.map((event) => [event, situationsOf(event)]),
) as unknown as Record<DossierEventName, readonly SituationKey[]>;
