import { findAgencyAt, superiorsOf } from '#libs/directory';
import type { AgencyCode, Instant } from '#libs/kernel';
import { procedureRules, type BoundProcedures } from '#libs/procedures';
import type { NodeServices } from '../node-services.ts';

/** The catalogue with the calendar of `agency`, at the time of the decision or of the question. */
export function procedureRulesAt(
  { procedures, calendar, directory: current }: Pick<NodeServices, 'procedures' | 'calendar' | 'directory'>,
  agency: AgencyCode,
  at: Instant,
): BoundProcedures {
  const directory = current();
  return procedureRules({
    procedures,
    calendar,
    agency,
    at,
    findAgency: (code) => {
      const found = findAgencyAt(directory, code, at);
      return found && { level: found.level, superiors: superiorsOf(directory, code, at) };
    },
  });
}
