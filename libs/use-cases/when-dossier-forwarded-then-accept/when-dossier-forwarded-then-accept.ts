/**
 * Custody accepted without a hand, where the agency has set it so (design 4): not while a required opening is missing; then
 * the missing ones are asked for after ten seconds, of the node that forwarded first, and again with growing pauses. Proved
 * by `one-dossier-three-nodes.int.spec.ts` and `late-and-lost.int.spec.ts`.
 */
import { decide, type DossierCommand } from '#libs/dossier';
import { agencySource, DomainError, splitType, type AgencyCode, type JsonObject, type Subject } from '#libs/kernel';
import { headOf, planOn } from '../act-on-dossier/plan-on.ts';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import { missingOpenings } from '../decide/missing-openings.ts';
import { OpeningsWatch } from '../decide/openings-watch.ts';
import type { NodeServices } from '../node-services.ts';
import { eachAlone } from '../each-alone.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 500;
/** Dossiers remembered as complete; one forgotten is looked at again. */
const REMEMBERED = 20_000;

export class AcceptanceDesk {
  private readonly services: NodeServices;
  private readonly watch: OpeningsWatch;
  /** Revision at which nothing was missing, of dossiers that wait for a hand. */
  private readonly complete = new Map<Subject, number>();

  constructor(services: NodeServices) {
    this.services = services;
    this.watch = new OpeningsWatch(services);
  }

  /** Accepts what can be accepted now, and asks for openings that whoever accepts will need. Gives how many changed hands. */
  async acceptWaiting(own: readonly AgencyCode[]): Promise<number> {
    if (own.length === 0) return 0;
    const waiting = await this.services.store.listInTransitTo(own, PAGE);
    let accepted = 0;
    await eachAlone(this.services, waiting, {
      work: async (head) => {
        if (await this.look(head)) accepted += 1;
      },
      name: ({ subject }) => subject,
    });
    if (accepted > 0) this.services.bell.ring();
    return accepted;
  }

  private async look({ subject, revision, hand }: StreamHead): Promise<boolean> {
    if (hand?.kind !== 'transit') return false;
    if (!this.acceptsAlone(hand.to) && this.complete.get(subject) === revision) return false;
    const loaded = await this.services.shelf.load(subject);
    return loaded.parked || loaded.state.situation !== 'InTransit' ? false : this.lookAt(loaded);
  }

  private async lookAt(loaded: LoadedDossier): Promise<boolean> {
    const { subject, head } = loaded;
    if (head?.hand?.kind !== 'transit') return false;
    const missing = await missingOpenings(this.services, loaded);
    if (missing.length > 0) {
      const source = agencySource(head.hand.from);
      await this.watch.note({ key: subject, subject, events: missing, source, head, purpose: 'custody' });
      return false;
    }
    this.watch.forget(subject);
    if (this.acceptsAlone(head.hand.to)) return accept(this.services, loaded, head.hand.to);
    this.remember(subject, head.revision);
    return false;
  }

  private acceptsAlone(agency: AgencyCode): boolean {
    const { autoAccept } = this.services;
    return autoAccept === 'all' || autoAccept.includes(agency);
  }

  private remember(subject: Subject, revision: number): void {
    if (this.complete.size >= REMEMBERED) this.complete.clear();
    this.complete.set(subject, revision);
  }
}

/** False: somebody else changed the dossier, or the decider refuses; it is looked at again. */
async function accept(services: NodeServices, loaded: LoadedDossier, agency: AgencyCode): Promise<boolean> {
  const forwarded = await findForwarded(services, loaded);
  const ask: Ask = {
    command: { type: 'accept-custody', data: {} } as unknown as DossierCommand,
    requester: agency,
    writer: agency,
    roles: ['automation'],
    occurredAt: services.clock.now(),
  };
  const decision = decide(ask.command, loaded.state, await contextFor(services, loaded, ask));
  if ('refused' in decision) {
    services.report({
      code: 'ACCEPTANCE_REFUSED',
      details: { subject: loaded.subject, refusal: decision.refused.code },
    });
    return false;
  }
  const planned = await planOn(services, loaded, {
    writer: agency,
    facts: decision.events as unknown as readonly { type: string; data: JsonObject }[],
    occurredAt: ask.occurredAt,
    actor: { authtype: 'system', authid: 'auto-accept' },
    origin: {
      correlationId: forwarded.message.correlationid as never,
      cause: { id: forwarded.message.id, hash: forwarded.hash },
    },
  });
  await services.vault.put(planned.disclosures);
  const verdict = await services.store.append(planned.unit);
  if (verdict.kind !== 'appended') return false;
  services.shelf.keep(services.shelf.after(loaded, headOf(planned.unit, loaded), planned.events));
  return true;
}

async function findForwarded(
  services: NodeServices,
  { subject }: LoadedDossier,
): Promise<ReturnType<typeof openStored>> {
  const main = (await services.store.readStream(subject, 'main')).map(openStored);
  const forwarded = main.findLast(({ message }) => splitType(message.type)?.name === 'forwarded');
  if (!forwarded) throw new DomainError('INTERNAL', 'a dossier in transit has a forwarded event', { subject });
  return forwarded;
}
