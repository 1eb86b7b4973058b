/** From judged records to what the ledger is asked to do in one transaction. */
import {
  admitAll,
  deliveriesOfBranches,
  EMPTY_GRAPH,
  graphWith,
  HOLD_BOUNDS,
  judgeInOrder,
  QUARANTINE_BOUNDS,
  type Arrived,
  type Judged,
  type Recorded,
  type StreamGraph,
} from '#libs/exchange';
import type { Hash, SealedMessage, Subject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, Arrival, HeldMessage, IngestBatch, QuarantinedMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import type { ArrivedRecord, IngestSummary } from './arrived.ts';

export interface IngestPlan {
  readonly batch: IngestBatch;
  /** Recorded by this plan, by hash: openings may be checked against them before they are in the ledger. */
  readonly recorded: ReadonlyMap<Hash, SealedMessage>;
  /** Exchange messages that waited for an event which is recorded now. */
  readonly freedExchange: readonly HeldMessage[];
  readonly summary: IngestSummary;
}

type Candidate = Arrived & { readonly arrival: Arrival; readonly recordKey: string };

export async function planRecords(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  alsoReleased: readonly number[] = [],
): Promise<IngestPlan> {
  const candidates = arrived.flatMap(candidateOf);
  const waiting = await findWaiting(
    services,
    candidates.map(({ sealed }) => sealed.hash),
  );
  const events = waiting.filter(({ subject }) => !subject.startsWith('exchange/'));
  const judged = await judge(services, candidates, events.map(openStored));
  const desk = new Desk(services, { candidates, heldBefore: waiting });
  await desk.loadGraphs(judged);
  for (const one of judged) desk.enter(one);
  for (const one of arrived) desk.enterRefused(one);
  return desk.plan(alsoReleased);
}

function candidateOf({ judged, arrival, record }: ArrivedRecord): readonly Candidate[] {
  if (!judged.ok || judged.sealed.class === 'exchange' || judged.sealed.class === 'directory') return [];
  const recordKey = record.key ? new TextDecoder().decode(record.key) : '';
  return [
    {
      sealed: judged.sealed,
      arrival,
      recordKey,
      ...(judged.tooEarly === undefined ? {} : { tooEarly: judged.tooEarly }),
    },
  ];
}

/** Held messages that wait for one of these, and those that wait for them. */
async function findWaiting(services: NodeServices, hashes: readonly Hash[]): Promise<readonly HeldMessage[]> {
  const found = new Map<Hash, HeldMessage>();
  for (let asked = hashes; asked.length > 0;) {
    const children = (await services.store.findHeldWaitingFor(asked)).filter(({ hash }) => !found.has(hash));
    for (const child of children) found.set(child.hash, child);
    asked = children.map(({ hash }) => hash);
  }
  return [...found.values()];
}

async function judge(
  services: NodeServices,
  candidates: readonly Candidate[],
  waiting: readonly SealedMessage[],
): Promise<readonly Judged[]> {
  const all = [...candidates.map(({ sealed }) => sealed), ...waiting];
  if (all.length === 0) return [];
  const subjects = [
    ...new Set(all.filter((sealed) => sealed.class === 'event').map((sealed) => sealed.message.subject as Subject)),
  ];
  const [graphs, ids] = await Promise.all([
    services.store.loadGraphs(subjects),
    services.store.findIds(all.map(({ message }) => ({ source: message.source, id: message.id }))),
  ]);
  const unlinked = all.flatMap(({ message }) => (message.prevhash === undefined ? [] : [message.prevhash as Hash]));
  const hashes = await findForeign(services, unlinked, graphs);
  return judgeInOrder(candidates, { graphs, known: { ids, hashes }, directory: services.directory(), waiting });
}

/** Hashes named as predecessors that are recorded, but not in the stream that names them. */
async function findForeign(
  services: NodeServices,
  named: readonly Hash[],
  graphs: ReadonlyMap<Subject, StreamGraph>,
): Promise<ReadonlySet<Hash>> {
  const own = new Set([...graphs.values()].flatMap(({ events }) => events.map(({ hash }) => hash)));
  const missing = named.filter((hash) => !own.has(hash));
  return missing.length === 0 ? new Set() : new Set((await services.store.findByHash(missing)).keys());
}

/** Collects what becomes of each message. One per attempt. */
class Desk {
  private readonly services: NodeServices;
  private readonly byHash: ReadonlyMap<Hash, Candidate>;
  private readonly heldBefore: ReadonlyMap<Hash, HeldMessage>;
  private readonly graphs = new Map<Subject, StreamGraph>();
  private readonly units: AppendUnit[] = [];
  private readonly recorded = new Map<Hash, SealedMessage>();
  private readonly arrivals = new Map<Hash, Arrival>();
  private readonly held: HeldMessage[] = [];
  private readonly quarantined: QuarantinedMessage[] = [];
  private readonly unheld: Hash[] = [];
  private duplicates = 0;

  constructor(
    services: NodeServices,
    { candidates, heldBefore }: { candidates: readonly Candidate[]; heldBefore: readonly HeldMessage[] },
  ) {
    this.services = services;
    this.byHash = new Map(candidates.map((candidate) => [candidate.sealed.hash, candidate]));
    this.heldBefore = new Map(heldBefore.map((message) => [message.hash, message]));
  }

  /** Only streams with more than one branch need their events again, to see whom a fork or a loss concerns. */
  async loadGraphs(judged: readonly Judged[]): Promise<void> {
    const branched = judged.filter(({ judgement }) => judgement.kind === 'recorded' && judgement.stream?.head.branched);
    const subjects = [...new Set(branched.map(({ sealed }) => sealed.message.subject as Subject))];
    if (subjects.length === 0) return;
    for (const [subject, graph] of await this.services.store.loadGraphs(subjects)) this.graphs.set(subject, graph);
  }

  enter({ sealed, judgement }: Judged): void {
    const before = this.heldBefore.get(sealed.hash);
    if (before && judgement.kind !== 'held') this.unheld.push(sealed.hash);
    switch (judgement.kind) {
      case 'duplicate':
        this.duplicates += 1;
        return;
      case 'recorded':
        this.enterRecorded(sealed, judgement);
        return;
      case 'held':
        if (!before) this.enterHeld(sealed, judgement);
        return;
      case 'quarantined':
        this.quarantined.push({
          ...this.whence(sealed),
          stage: judgement.stage,
          code: judgement.code,
          hash: sealed.hash,
          source: sealed.message.source,
          subject: sealed.message.subject,
          type: sealed.message.type,
          bytes: sealed.bytes,
        });
    }
  }

  private enterRecorded(sealed: SealedMessage, recorded: Recorded): void {
    const subject = sealed.message.subject as Subject;
    this.recorded.set(sealed.hash, sealed);
    this.arrivals.set(sealed.hash, this.whence(sealed).arrival);
    const graph = graphWith(this.graphs.get(subject) ?? EMPTY_GRAPH, sealed, recorded);
    if (this.graphs.has(subject)) this.graphs.set(subject, graph);
    const sending = { ownNode: this.services.node, directory: this.services.directory() };
    this.units.push({
      messages: [{ sealed, effect: recorded.effect }],
      streams: recorded.stream ? [{ subject, ...recorded.stream }] : [],
      deliveries: recorded.stream?.head.branched ? deliveriesOfBranches(sealed, { graph, recorded }, sending) : [],
    });
  }

  private enterHeld(sealed: SealedMessage, held: Extract<Judged['judgement'], { kind: 'held' }>): void {
    this.held.push({
      ...this.whence(sealed),
      hash: sealed.hash,
      reason: held.reason,
      subject: sealed.message.subject as Subject,
      source: sealed.message.source,
      ...(held.waitsFor ? { waitsFor: held.waitsFor } : {}),
      ...(held.until ? { until: held.until } : {}),
      heldSince: this.services.wallClock.now(),
      bytes: sealed.bytes,
    });
  }

  enterRefused({ judged, record, arrival }: ArrivedRecord): void {
    if (judged.ok) return;
    const { ok: _, ...refused } = judged;
    const recordKey = record.key ? new TextDecoder().decode(record.key).slice(0, 200) : '';
    this.quarantined.push({ ...refused, arrival, recordKey, bytes: record.value ?? new Uint8Array() });
  }

  private whence(sealed: SealedMessage): { arrival: Arrival; recordKey: string } {
    const { arrival, recordKey } = this.byHash.get(sealed.hash) ?? this.heldBefore.get(sealed.hash) ?? {};
    return { arrival: arrival ?? { kind: 'local' }, recordKey: recordKey ?? '' };
  }

  async plan(released: readonly number[]): Promise<IngestPlan> {
    const newlyHeld = await this.notYetHeld();
    const holdCounts = newlyHeld.length > 0 ? await this.services.store.countHeld() : undefined;
    const held = holdCounts ? admitAll(holdCounts, newlyHeld, HOLD_BOUNDS) : { admitted: [], dropped: [] };
    const quarantined = await this.admitQuarantined();
    const freedExchange = [...this.heldBefore.values()].filter(
      ({ subject, waitsFor }) => subject.startsWith('exchange/') && waitsFor && this.recorded.has(waitsFor),
    );
    return {
      recorded: this.recorded,
      freedExchange,
      batch: {
        units: this.units,
        arrivals: this.arrivals,
        held: held.admitted,
        quarantined: quarantined.admitted,
        unheld: [...this.unheld, ...freedExchange.map(({ hash }) => hash)],
        released,
      },
      summary: {
        recorded: this.units.length,
        duplicates: this.duplicates,
        held: held.admitted.length,
        quarantined: quarantined.admitted.length,
        dropped: held.dropped.length + quarantined.dropped.length,
      },
    };
  }

  private async notYetHeld(): Promise<readonly HeldMessage[]> {
    if (this.held.length === 0) return [];
    const known = await this.services.store.isHeld(this.held.map(({ hash }) => hash));
    return this.held.filter(({ hash }) => !known.has(hash));
  }

  private async admitQuarantined(): Promise<{
    admitted: readonly QuarantinedMessage[];
    dropped: readonly QuarantinedMessage[];
  }> {
    if (this.quarantined.length === 0) return { admitted: [], dropped: [] };
    const counts = await this.services.store.countQuarantine();
    const named = this.quarantined.map((message) => ({ ...message, source: message.source ?? 'unreadable' }));
    return admitAll(counts, named, QUARANTINE_BOUNDS);
  }
}
