/**
 * A ledger in memory, for the simulation and for tests of what uses one. It passes `event-store.contract.ts`, the suite of
 * the real one. A ledger may have several stores open, as a database has several processes; `backup` and `restore` are what
 * an operator does to a database.
 */
import { DomainError, instantToMs, type Hash, type NodeId } from '#libs/kernel';
import type { Clock, DatabaseIdentity, EventStore } from '#libs/use-cases';
import { appendUnit, type AppendContext } from './ledger-append.ts';
import { border } from './ledger-border.ts';
import { lines } from './ledger-lines.ts';
import { lives } from './ledger-lives.ts';
import { outbox } from './ledger-outbox.ts';
import { reads, worklists } from './ledger-reads.ts';
import { recordBatch } from './ledger-record.ts';
import { counterKey, emptyLedger, type Checkpoint, type LedgerState } from './ledger-state.ts';

export interface MemoryLedgerWanted {
  /** Real time: appended_at, leases, the life of idempotency keys. */
  readonly clock: Clock;
  readonly softwareVersion?: string;
}

export class MemoryLedger {
  private state = emptyLedger();
  private identity = { system: 'memory', database: '1', timeline: 1 };
  private readonly wanted: MemoryLedgerWanted;

  constructor(wanted: MemoryLedgerWanted) {
    this.wanted = wanted;
  }

  /** A process's view of it. */
  open(): EventStore {
    return openOn(this.state, this.wanted, () => this.identity);
  }

  /** Of the log: for who looks after every step whether anything has happened. */
  get size(): number {
    return this.state.entries.length;
  }

  backup(): LedgerState {
    return structuredClone(this.state);
  }

  /** Stores opened before still see what was there: a process does not outlive its database. */
  restore(backup: LedgerState): void {
    this.state = structuredClone(backup);
  }

  /** A database made anew has another identity than the one whose name it bears. */
  makeAnew(): void {
    this.identity = { ...this.identity, database: String(Number(this.identity.database) + 1) };
  }
}

function openOn(
  state: LedgerState,
  { clock, softwareVersion = 'memory' }: MemoryLedgerWanted,
  identity: () => DatabaseIdentity,
): EventStore {
  const waiting = new Set<() => void>();
  let closed = false;
  const ring = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const context = (): AppendContext => {
    if (closed) throw new DomainError('STORE_CLOSED', 'the event store is closed');
    const now = clock.now();
    return { now, nowMs: instantToMs(now), softwareVersion };
  };
  const appendDeliveries = (receiver: NodeId, hashes: readonly Hash[]): void => {
    const deliveries = hashes.map((message) => ({ receiver, message }));
    appendUnit(state, { messages: [], streams: [], deliveries }, context());
  };
  return {
    async append(unit) {
      const verdict = appendUnit(state, unit, context());
      ring();
      return verdict;
    },
    async record(batch) {
      const verdict = recordBatch(state, batch, context());
      ring();
      return verdict;
    },
    ...reads(state),
    ...worklists(state),
    ...border(state),
    ...outbox(state, clock, appendDeliveries),
    ...lines(state, clock),
    ...lives(state, clock, identity),
    ...memories(state),
    appended: (ms) =>
      new Promise((resolve) => {
        if (closed) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiting.add(wake);
      }),
    async close() {
      closed = true;
      ring();
    },
  };
}

type Memories = Pick<
  EventStore,
  'nextNumber' | 'findPosition' | 'savePosition' | 'saveCheckpoint' | 'findCheckpoint' | 'readCheckpoints'
>;

function memories(state: LedgerState): Memories {
  const bySize = (): readonly Checkpoint[] => [...state.checkpoints.values()].toSorted((a, b) => a.size - b.size);
  return {
    async nextNumber(agency, name) {
      const next = (state.counters.get(counterKey(agency, name)) ?? 0) + 1;
      state.counters.set(counterKey(agency, name), next);
      return next;
    },
    findPosition: async (follower) => state.positions.get(follower) ?? -1,
    savePosition: async (follower, logIndex) => void state.positions.set(follower, logIndex),
    async saveCheckpoint(checkpoint) {
      if (!state.checkpoints.has(checkpoint.size)) state.checkpoints.set(checkpoint.size, checkpoint);
    },
    findCheckpoint: async () => bySize().at(-1),
    readCheckpoints: async (after, limit) =>
      bySize()
        .filter(({ size }) => size > after)
        .slice(0, limit),
  };
}
