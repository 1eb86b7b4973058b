/**
 * Openings that somebody waits for (a transfer, a command): asked for once they have been missing for ten seconds, then again
 * with growing pauses, of the likely holders in turn. Kept in memory: after a restart the ten seconds begin anew.
 */
import { likelyHolders } from '#libs/exchange';
import { DomainError, instantToMs, type Hash, type Subject } from '#libs/kernel';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';

const ASK_AFTER_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** Those watched longest leave first; their ten seconds begin anew. */
const WATCHED = 20_000;
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
interface Watched {
  /** Real milliseconds. */
  readonly nextMs: number;
  readonly times: number;
}

export class OpeningsWatch {
  private readonly services: NodeServices;
  private readonly watched = new Map<string, Watched>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Whether it has been seen waiting. */
  has(key: string): boolean {
    return this.watched.has(key);
  }

  forget(key: string): void {
    this.watched.delete(key);
  }

  /** Notes that they are missing; asks when it is time. True: asked now. */
  async note(missing: OpeningsMissing): Promise<boolean> {
    const { key } = missing;
    const nowMs = instantToMs(this.services.wallClock.now());
    const watched = this.watched.get(key);
    if (!watched) this.keep(key, { nextMs: nowMs + ASK_AFTER_MS, times: 0 });
    if (!watched || nowMs < watched.nextMs) return false;
    const { times } = watched;
    this.keep(key, { nextMs: nowMs + Math.min(ASK_AFTER_MS * 2 ** times, LONGEST_PAUSE_MS), times: times + 1 });
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
        parties: new Map(head ? [[subject, head.parties]] : []),
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

  private keep(key: string, watched: Watched): void {
    this.watched.delete(key);
    this.watched.set(key, watched);
    if (this.watched.size <= WATCHED) return;
    const oldest = this.watched.keys().next();
    if (!oldest.done) this.watched.delete(oldest.value);
  }
}
