import type { DossierView } from '#libs/http-api';
import { warningsOf, type DossierRead } from '#libs/use-cases';

export function viewOfDossier(
  { subject, state, head, superseded, parked, allowed, workingDaysLeft, handOverBy, awaitingAssignment }: DossierRead,
  openingsAwaited: number,
): DossierView {
  const { facts, situation } = state;
  const { hand, dossierCode, due } = facts;
  return {
    subject,
    situation,
    ...(dossierCode === undefined ? {} : { dossierCode }),
    receivingAgency: facts.receivingAgency,
    ...(hand.kind === 'held' ? { custodian: hand.custodian } : {}),
    ...(hand.kind === 'transit' ? { inTransit: { from: hand.from, to: hand.to } } : {}),
    ...(due === undefined ? {} : { dueAt: due.dueAt }),
    ...(workingDaysLeft === undefined ? {} : { workingDaysLeft }),
    ...(handOverBy === undefined ? {} : { handOverBy }),
    ...(parked === undefined ? {} : { parked: parked.code }),
    ...awaited(openingsAwaited),
    ...(awaitingAssignment === undefined ? {} : { awaitingAssignment }),
    head,
    allowed,
    superseded,
    ...warningsOf(state),
    facts,
  };
}

const awaited = (openings: number): Pick<DossierView, 'openingsAwaited'> =>
  openings === 0 ? {} : { openingsAwaited: openings };
