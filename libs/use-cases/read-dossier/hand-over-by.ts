import type { FiledState } from '#libs/dossier';
import { DomainError, type Instant } from '#libs/kernel';
import { procedureRulesAt } from '../decide/procedure-rules-at.ts';
import type { NodeServices } from '../node-services.ts';

/**
 * When the desk that received a dossier at the counter or by post must have handed it over to who settles it (Nghị định
 * 61/2018 Art 18(2)): while it lies there, received and neither begun nor forwarded. Undefined for what came online, which
 * goes at once, and where catalogue or calendar do not reach.
 */
export function handOverBy(
  services: Pick<NodeServices, 'procedures' | 'calendar' | 'directory'>,
  { situation, facts }: FiledState,
  now: Instant,
): Instant | undefined {
  const { hand, receivingAgency, receivedAt, procedure, channel } = facts;
  if (situation !== 'Received' || receivedAt === undefined) return undefined;
  if (hand.kind !== 'held' || hand.custodian !== receivingAgency) return undefined;
  try {
    return procedureRulesAt(services, receivingAgency, now).findDeadlines(procedure, channel)?.handOverBy(receivedAt);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CALENDAR_NOT_COVERED') return undefined;
    throw error;
  }
}
