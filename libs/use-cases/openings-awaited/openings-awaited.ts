/**
 * Openings that this node is entitled to as the custodian, or as the one a transfer names, and does not have: while they are
 * away nobody can read the dossier, or accept it (`OPENINGS_MISSING`). Looked for where they can be missing: dossiers on
 * their way here, and those whose custody came unasked. Whoever accepted had everything.
 *
 * Asked as often as one likes, it looks once in ten seconds of real time; what was found complete at some revision is not
 * looked at again. Proved by `openings-awaited.int.spec.ts` of the gateway.
 */
import { nodeOf } from '#libs/directory';
import { agencyInHand, instantToMs, splitType, type Hash, type Instant, type Subject } from '#libs/kernel';
import { missingOpenings } from '../decide/missing-openings.ts';
import type { NodeServices } from '../node-services.ts';
import { ownAgencies } from '../own-agencies.ts';
import { openStored } from '../stored-messages.ts';
import { UnaskedCustody } from '../when-custody-comes-unasked-then-ask-for-openings/unasked-custody.ts';

export interface OpeningsAwaited {
  /** Events of which some opening is not here. */
  readonly openings: number;
  readonly dossiers: number;
  /** Since when the one that has waited longest is awaited, in real time; absent: none is. */
  readonly oldestSince?: Instant;
}

/** Dossiers on their way here that one look goes through; the next one goes on behind them. */
const LOOKED_AT = 500;
const LOOK_AGAIN_MS = 10_000;
const REMEMBERED = 20_000;
const GIVES_CUSTODY = new Set(['forwarded', 'rehomed', 'custody-declined']);

export class OpeningsRegister {
  private readonly services: NodeServices;
  private readonly unasked: UnaskedCustody;
  private readonly complete = new Map<Subject, number>();
  private last: { readonly atMs: number; readonly found: Promise<OpeningsAwaited> } | undefined;

  constructor(services: NodeServices) {
    this.services = services;
    this.unasked = new UnaskedCustody(services);
  }

  /** Of the whole node, at most ten seconds old. */
  total(): Promise<OpeningsAwaited> {
    const nowMs = instantToMs(this.services.wallClock.now());
    if (this.last && nowMs - this.last.atMs < LOOK_AGAIN_MS) return this.last.found;
    const found = this.look();
    this.last = { atMs: nowMs, found };
    found.catch(() => (this.last = undefined));
    return found;
  }

  /** Of one dossier, now; none where it is in the hand of no agency of this node. */
  async awaitedFor(subject: Subject): Promise<readonly Hash[]> {
    const { services } = this;
    const loaded = await services.shelf.load(subject);
    const { head } = loaded;
    if (!head?.hand || head.hand.kind === 'released') return [];
    if (nodeOf(services.directory(), agencyInHand(head.hand), services.clock.now()) !== services.node) return [];
    if (this.complete.get(subject) === head.revision) return [];
    const missing = await missingOpenings(services, loaded);
    if (missing.length === 0) this.remember(subject, head.revision);
    return missing;
  }

  private async look(): Promise<OpeningsAwaited> {
    const onTheWay = await this.services.store.listInTransitTo(ownAgencies(this.services), LOOKED_AT);
    const subjects = new Set([...onTheWay.map(({ subject }) => subject), ...(await this.unasked.dossiers())]);
    let openings = 0;
    const since: Instant[] = [];
    for (const subject of subjects) {
      const missing = await this.awaitedFor(subject);
      if (missing.length === 0) this.unasked.forget(subject);
      else since.push(await this.awaitedSince(subject, missing));
      openings += missing.length;
    }
    const [oldestSince] = since.toSorted();
    return { openings, dossiers: since.length, ...(oldestSince === undefined ? {} : { oldestSince }) };
  }

  /** The later of what gave the custody and the first event that is shut, as they were recorded here. */
  private async awaitedSince(subject: Subject, missing: readonly Hash[]): Promise<Instant> {
    const main = await this.services.store.readStream(subject, 'main');
    const given = main.findLast((stored) => GIVES_CUSTODY.has(splitType(openStored(stored).message.type)?.name ?? ''));
    const [shut] = main
      .filter(({ hash }) => missing.includes(hash))
      .map(({ appendedAt }) => appendedAt)
      .toSorted();
    return [given?.appendedAt, shut]
      .filter((at) => at !== undefined)
      .toSorted()
      .at(-1) as Instant;
  }

  private remember(subject: Subject, revision: number): void {
    if (this.complete.size >= REMEMBERED) this.complete.clear();
    this.complete.set(subject, revision);
  }
}
