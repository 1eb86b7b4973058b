/**
 * Openings that somebody waits for (a transfer, a command): asked for once they have been missing for ten seconds, then again
 * with growing pauses, of the likely holders in turn. Kept in memory: after a restart the ten seconds begin anew.
 */
import { likelyHolders } from '#libs/exchange';
import { DomainError, instantToMs, splitSource, type AgencyCode, type Hash, type Subject } from '#libs/kernel';
import { sendExchange } from '../exchange-messages.ts';
import { GrowingPauses } from '../growing-pauses.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

const PAUSES = { firstMs: 10_000, longestMs: 600_000 };
/** Hashes in one `openings-wanted` (its contract). */
const PER_QUESTION = 1000;

export interface OpeningsMissing {
  /** The stream, or the hash of a command. */
  readonly key: string;
  readonly subject: Subject;
  /** Events or commands to be opened. */
  readonly events: readonly Hash[];
  /** Source of the message that waits: its node is asked first. */
  readonly source: string;
  readonly head?: StreamHead;
  /** Code of the contract `openings-wanted`. */
  readonly purpose: 'custody' | 'command';
}
export class OpeningsWatch {
  private readonly services: NodeServices;
  private readonly pauses = new GrowingPauses(PAUSES);

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Whether it has been seen waiting. */
  has(key: string): boolean {
    return this.pauses.has(key);
  }

  forget(key: string): void {
    this.pauses.forget(key);
  }

  /** Notes that they are missing; asks when it is time. True: asked now. */
  async note(missing: OpeningsMissing): Promise<boolean> {
    const times = this.pauses.findDue(missing.key, instantToMs(this.services.wallClock.now()));
    if (times === undefined) return false;
    return this.ask(missing, times);
  }

  private async ask({ subject, source, head, events, purpose }: OpeningsMissing, times: number): Promise<boolean> {
    const { services } = this;
    const holders = likelyHolders(
      { subject, source },
      {
        directory: services.directory(),
        at: services.clock.now(),
        ownNode: services.node,
        parties: new Map([[subject, [...(await this.authorsOf(events)), ...(head?.parties ?? [])]]]),
      },
    );
    const holder = holders[times % Math.max(holders.length, 1)];
    if (holder === undefined) return false;
    try {
      for (let at = 0; at < events.length; at += PER_QUESTION) {
        const data = { events: events.slice(at, at + PER_QUESTION), purpose };
        await sendExchange(services, holder, 'openings-wanted', data);
      }
      return true;
    } catch (error) {
      // Asked again after the pause, of the next holder.
      const code = error instanceof DomainError ? error.code : 'UNEXPECTED';
      services.report({ code: 'OPENINGS_NOT_ASKED', details: { subject, holder, why: code } });
      return false;
    }
  }

  /** Who wrote what is shut can open it, be it no party any more: an agency that declined holds its own reasons. */
  private async authorsOf(events: readonly Hash[]): Promise<readonly AgencyCode[]> {
    const stored = await this.services.store.findByHash(events);
    const sources = [...stored.values()].map((one) => splitSource(openStored(one).message.source));
    return sources.flatMap((source) => (source?.kind === 'agency' ? [source.name as AgencyCode] : []));
  }
}
