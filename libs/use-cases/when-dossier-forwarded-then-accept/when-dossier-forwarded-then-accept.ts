/**
 * Custody accepted without a hand, where the agency has set it so (design 4): not while a required opening is missing; then
 * the missing ones are asked for after ten seconds, of the node that forwarded, and again with every pause.
 */
import { decide, type DossierCommand } from '#libs/dossier';
import { findLastKnown } from '#libs/directory';
import { DomainError, splitType, type AgencyCode, type Hash, type JsonObject, type Subject } from '#libs/kernel';
import { headOf, planOn } from '../act-on-dossier/act-on-dossier.ts';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import { missingOpenings } from '../decide/missing-openings.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 500;
const ASK_AFTER_MS = 10_000;

export class AcceptanceDesk {
  private readonly services: NodeServices;
  /** When the openings of a dossier were found missing, or last asked for, in real milliseconds. */
  private readonly missingSince = new Map<Subject, number>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Accepts what can be accepted now. Gives how many dossiers changed hands. */
  async acceptWaiting(own: readonly AgencyCode[], nowMs: number): Promise<number> {
    const agencies =
      this.services.autoAccept === 'all' ? own : own.filter((agency) => this.services.autoAccept.includes(agency));
    if (agencies.length === 0) return 0;
    const waiting = await this.services.store.listInTransitTo(agencies, PAGE);
    let accepted = 0;
    for (const { subject } of waiting) {
      if (await this.acceptOne(subject, nowMs)) accepted += 1;
    }
    if (accepted > 0) this.services.bell.ring();
    return accepted;
  }

  private async acceptOne(subject: Subject, nowMs: number): Promise<boolean> {
    const loaded = await this.services.shelf.load(subject);
    const { head, state } = loaded;
    if (loaded.parked || head?.hand?.kind !== 'transit' || state.situation !== 'InTransit') return false;
    const missing = await missingOpenings(this.services, loaded);
    if (missing.length > 0) {
      await this.askFor(loaded, missing, nowMs);
      return false;
    }
    this.missingSince.delete(subject);
    return accept(this.services, loaded, head.hand.to);
  }

  private async askFor({ subject, head }: LoadedDossier, missing: readonly Hash[], nowMs: number): Promise<void> {
    const since = this.missingSince.get(subject) ?? nowMs;
    if (nowMs - since < ASK_AFTER_MS) {
      this.missingSince.set(subject, since);
      return;
    }
    this.missingSince.set(subject, nowMs);
    if (head?.hand?.kind !== 'transit') return;
    const node = findLastKnown(this.services.directory(), head.hand.from, this.services.clock.now())?.node;
    if (node === undefined || node === this.services.node) return;
    await sendExchange(this.services, node, 'openings-wanted', { events: [...missing], purpose: 'acceptance' });
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
