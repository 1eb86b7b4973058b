import { decide, type DossierCommand } from '#libs/dossier';
import { instantToMs, type Uuid } from '#libs/kernel';
import { planOn, type PlannedFacts } from '../act-on-dossier/plan-on.ts';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import { findRehoming } from '../decide/find-rehoming.ts';
import { GrowingPauses } from '../growing-pauses.ts';
import type { NodeServices } from '../node-services.ts';
import type { CommandFate, Placed, RecordedCommand } from './recorded-command.ts';

/** Said again after an hour, then ever more rarely: it waits for a person, who was told. */
const PAUSES = { firstMs: 3_600_000, longestMs: 86_400_000 };

/**
 * A dossier of an ended agency is left alone; the first command for it makes the rehomer's node write `rehomed` to the
 * agency that follows, as a whole or by the selector that the dossier falls under; then the command goes there (design 4).
 * Where no rule decides, a person of the rehomer does (`rehome`), and the command waits: `REHOMING_LEFT_TO_A_PERSON` is
 * reported with the reason, which the dossier shows too (`awaitingAssignment`).
 */
export class Rehomer {
  private readonly services: NodeServices;
  private readonly told = new GrowingPauses(PAUSES);

  constructor(services: NodeServices) {
    this.services = services;
  }

  async rehomeFirst(command: RecordedCommand, placed: Placed): Promise<CommandFate> {
    const rehoming = findRehoming(this.services, placed.loaded);
    if ('left' in rehoming) return this.leave(placed, rehoming.left.why);
    return this.rehome(command, placed, rehoming.command);
  }

  private async rehome({ sealed }: RecordedCommand, placed: Placed, rehome: DossierCommand): Promise<CommandFate> {
    const { services } = this;
    const { loaded, route } = placed;
    const now = services.clock.now();
    const writer = route.agency;
    const ask: Ask = { command: rehome, requester: writer, writer, roles: ['automation'], occurredAt: now };
    const decision = decide(ask.command, loaded.state, await contextFor(services, loaded, ask));
    if ('refused' in decision) return this.leave(placed, decision.refused.code);
    const planned = await planOn(services, loaded, {
      writer,
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

  private leave({ loaded: { subject }, route }: Placed, reason: string): CommandFate {
    const isNew = !this.told.has(subject);
    const isDue = this.told.findDue(subject, instantToMs(this.services.wallClock.now())) !== undefined;
    if (isNew || isDue)
      this.services.report({
        code: 'REHOMING_LEFT_TO_A_PERSON',
        details: { subject, agency: route.agency, reason },
      });
    return 'kept';
  }
}
