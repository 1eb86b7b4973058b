import { DomainError, type AgencyCode, type Instant, type SealedMessage } from '#libs/kernel';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import type { Act } from './act.ts';
import { idFor } from './came-back.ts';
import { planEvents, type Actor, type Fact, type Origin, type PlannedUnit } from '../write-events/write-events.ts';

export type PlannedFacts = readonly Fact[];
export interface DecidedFacts {
  readonly writer: AgencyCode;
  readonly facts: PlannedFacts;
  readonly occurredAt: Instant;
  readonly actor: Actor;
  readonly origin: Origin;
}

/** What was decided, the first of it under the id of the request. */
export function factsOf(services: NodeServices, act: Act, events: readonly object[]): PlannedFacts {
  const facts = events as PlannedFacts;
  return facts.map((fact, at) => (at === 0 ? { ...fact, id: idFor(services, act) } : fact));
}

/** Events that extend the main branch of a dossier as it was loaded. */
export async function planOn(
  services: NodeServices,
  loaded: LoadedDossier,
  { writer, ...write }: DecidedFacts,
): Promise<PlannedUnit> {
  const stream = {
    ...(loaded.head ? { head: loaded.head } : {}),
    earlier: async (): Promise<readonly SealedMessage[]> =>
      (await services.store.readStream(loaded.subject, 'all')).map(openStored),
  };
  return planEvents(services, stream, { ...write, subject: loaded.subject, agency: writer });
}

/** The row of the ledger once the unit is appended. */
export function headOf(unit: AppendUnit, loaded: LoadedDossier): StreamHead {
  const change = unit.streams[0];
  if (!change) throw new DomainError('INTERNAL', 'a unit of events changes a stream');
  return {
    ...change.head,
    subject: loaded.subject,
    revision: change.expectedRevision + unit.messages.filter(({ sealed }) => sealed.class === 'event').length,
  };
}
