/**
 * A dossier as this node knows it: the fold of its main branch, kept in memory by the hash of its last event. Where the
 * fold cannot go on (wire format 6, stage 8) or the stream is forked, the dossier is parked: read, but not decided on.
 */
import { fold, initialState, type DossierState, type RecordedEvent } from '#libs/dossier';
import { foldVerdict } from '#libs/exchange';
import {
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { Contracts, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

export interface ParkedAt {
  readonly code: 'FORK' | 'NOT_UNDERSTOOD';
  /** First event that the fold does not take; absent at a fork. */
  readonly event?: Hash;
}
export interface LoadedDossier {
  readonly subject: Subject;
  readonly head?: StreamHead;
  readonly state: DossierState;
  readonly parked?: ParkedAt;
  /** Events of the main branch. */
  readonly mainHashes: ReadonlySet<Hash>;
}

/** Least recently used dossiers leave first; a state is some kilobytes. */
const KEPT = 20_000;

export class DossierShelf {
  private readonly services: Pick<NodeServices, 'store' | 'contracts'>;
  private readonly kept = new Map<Subject, LoadedDossier>();

  constructor(services: Pick<NodeServices, 'store' | 'contracts'>) {
    this.services = services;
  }

  async load(subject: Subject): Promise<LoadedDossier> {
    const head = await this.services.store.findHead(subject);
    if (!head) return { subject, state: initialState, mainHashes: new Set() };
    const kept = this.kept.get(subject);
    if (kept?.head?.revision === head.revision) return kept;
    const events = (await this.services.store.readStream(subject, 'main')).map(openStored);
    const loaded = {
      subject,
      head,
      ...foldMain(this.services.contracts, events),
      ...(head.fork ? { parked: { code: 'FORK' as const } } : {}),
      mainHashes: new Set(events.map(({ hash }) => hash)),
    };
    if (events.at(-1)?.hash === head.hash || head.fork) this.keep(loaded);
    return loaded;
  }

  /** As it was last seen here, without a look into the ledger: others may have written to it since. */
  remembered(subject: Subject): LoadedDossier | undefined {
    return this.kept.get(subject);
  }

  /**
   * The dossier after events that this node is about to append; kept once they are. Without reading anything back. A fold
   * that stands still stands where it stood.
   */
  after(before: LoadedDossier, head: StreamHead, events: readonly SealedMessage[]): LoadedDossier {
    const { state, parked } = before.parked ? before : foldOnto(this.services.contracts, before.state, events);
    const mainHashes = new Set([...before.mainHashes, ...events.map(({ hash }) => hash)]);
    return { subject: before.subject, head, state, mainHashes, ...(parked ? { parked } : {}) };
  }

  /** The next look folds it anew. */
  forget(subject: Subject): void {
    this.kept.delete(subject);
  }

  keep(loaded: LoadedDossier): void {
    this.kept.delete(loaded.subject);
    this.kept.set(loaded.subject, loaded);
    if (this.kept.size > KEPT) {
      const oldest = this.kept.keys().next();
      if (!oldest.done) this.kept.delete(oldest.value);
    }
  }
}

export interface Folded {
  readonly state: DossierState;
  readonly parked?: ParkedAt;
}
export const foldMain = (contracts: Contracts, events: readonly SealedMessage[]): Folded =>
  foldOnto(contracts, initialState, events);

export function foldOnto(contracts: Contracts, from: DossierState, events: readonly SealedMessage[]): Folded {
  const stranger = events.findIndex((event) => foldVerdict(event, contracts) !== undefined);
  const understood = stranger < 0 ? events : events.slice(0, stranger);
  const { state, applied, parked } = fold(understood.map(recordedEvent), from);
  const stop = parked ? understood[applied] : events[stranger];
  return stop ? { state, parked: { code: 'NOT_UNDERSTOOD', event: stop.hash } } : { state };
}

/** An event as the fold meets it; its data have passed the committed schema. */
export function recordedEvent({ message, hash }: SealedMessage): RecordedEvent {
  return {
    type: splitType(message.type)?.name,
    data: message.data,
    hash,
    author: (splitSource(message.source)?.name ?? '') as AgencyCode,
    time: message.time as Instant,
    recordedTime: message.recordedtime as Instant,
  } as unknown as RecordedEvent;
}
