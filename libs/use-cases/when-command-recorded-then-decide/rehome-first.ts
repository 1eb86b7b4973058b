import { isValidAt, successionsOf } from '#libs/directory';
import { decide, type DossierCommand } from '#libs/dossier';
import { agencyInHand, type AgencyCode, type Instant, type Uuid } from '#libs/kernel';
import { planOn, type PlannedFacts } from '../act-on-dossier/plan-on.ts';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import type { NodeServices } from '../node-services.ts';
import type { CommandFate, Placed, RecordedCommand } from './recorded-command.ts';

/**
 * A dossier of an ended agency is left alone; the first command for it makes the rehomer's node write `rehomed` to the
 * agency that follows as a whole, then the command goes there (design 4). Where the succession is by parts, or nobody
 * follows (a suspension), a person decides where the dossier goes, and the command waits.
 */
export async function rehomeFirst(
  services: NodeServices,
  { sealed }: RecordedCommand,
  { loaded, route }: Placed,
): Promise<CommandFate> {
  const now = services.clock.now();
  const rehome = findRehoming(services, { loaded, route }, now);
  if (!rehome || loaded.parked) return 'kept';
  const ask: Ask = {
    command: rehome,
    requester: route.agency,
    writer: route.agency,
    roles: ['automation'],
    occurredAt: now,
  };
  const decision = decide(ask.command, loaded.state, await contextFor(services, loaded, ask));
  if ('refused' in decision) return 'kept';
  const planned = await planOn(services, loaded, {
    writer: route.agency,
    facts: decision.events as unknown as PlannedFacts,
    occurredAt: now,
    actor: { authtype: 'system', authid: 'rehome-ended' },
    origin: {
      correlationId: sealed.message.correlationid as Uuid,
      cause: { id: sealed.message.id, hash: sealed.hash },
    },
  });
  await services.vault.put(planned.disclosures);
  await services.store.append(planned.unit);
  services.bell.ring();
  // Whoever was quicker: the command is looked at again where the dossier is now.
  return 'conflict';
}

function findRehoming(services: NodeServices, { loaded, route }: Placed, now: Instant): DossierCommand | undefined {
  const directory = services.directory();
  const inHand: AgencyCode | undefined = loaded.head?.hand && agencyInHand(loaded.head.hand);
  const succession =
    inHand &&
    successionsOf(directory, inHand, now).find(({ kind, rehomer }) => kind === 'whole' && rehomer === route.agency);
  if (!succession || !isValidAt(directory, succession.to, now)) return undefined;
  const { to, legalBasis } = succession;
  return { type: 'rehome', data: { to, reason: 'succession', legalBasis } } as unknown as DossierCommand;
}
