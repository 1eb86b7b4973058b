import {
  deliveriesOfBranches,
  deliveriesOfReturned,
  EMPTY_GRAPH,
  graphWith,
  type Judged,
  type PassedAlone,
  type Recorded,
  type StreamGraph,
} from '#libs/exchange';
import type { Hash, SealedMessage, Subject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, Arrival, HeldMessage, QuarantinedMessage } from '../ports/index.ts';
import { admitHeld, admitQuarantined } from './admission.ts';
import type { ArrivedRecord, Candidate, IngestPlan } from './arrived.ts';

interface Around {
  readonly candidates: readonly Candidate[];
  /** Held, and waiting for one of the candidates. */
  readonly waiting: readonly HeldMessage[];
  /** Held, and themselves judged again. */
  readonly heldBefore: readonly HeldMessage[];
}

/** Collects what becomes of each message. One per attempt. */
export class PlanDesk {
  private readonly services: NodeServices;
  private readonly around: Around;
  private readonly byHash: ReadonlyMap<Hash, Candidate>;
  private readonly heldBefore: ReadonlyMap<Hash, HeldMessage>;
  private readonly graphs = new Map<Subject, StreamGraph>();
  private readonly units: AppendUnit[] = [];
  private readonly recorded = new Map<Hash, SealedMessage>();
  private readonly arrivals = new Map<Hash, Arrival>();
  private readonly held: HeldMessage[] = [];
  private readonly stillHeld: HeldMessage[] = [];
  private readonly quarantined: QuarantinedMessage[] = [];
  private readonly settled = new Set<Hash>();
  /** By stages 1 to 4. A forged copy has the hash of the real message: only what is judged again leaves the hold for it. */
  private readonly refusedAlone = new Set<Hash>();
  private duplicates = 0;

  constructor(services: NodeServices, around: Around) {
    this.services = services;
    this.around = around;
    this.byHash = new Map(around.candidates.map((candidate) => [candidate.sealed.hash, candidate]));
    this.heldBefore = new Map([...around.waiting, ...around.heldBefore].map((message) => [message.hash, message]));
  }

  /** Only streams with more than one branch need their events again, to see whom a fork or a loss concerns. */
  async loadGraphs(judged: readonly Judged[]): Promise<void> {
    const branched = judged.filter(({ judgement }) => judgement.kind === 'recorded' && judgement.stream?.head.branched);
    const subjects = [...new Set(branched.map(({ sealed }) => sealed.message.subject as Subject))];
    if (subjects.length === 0) return;
    for (const [subject, graph] of await this.services.store.loadGraphs(subjects)) this.graphs.set(subject, graph);
  }

  enter({ sealed, judgement }: Judged): void {
    if (judgement.kind !== 'held') this.settled.add(sealed.hash);
    switch (judgement.kind) {
      case 'duplicate':
        this.duplicates += 1;
        return;
      case 'recorded':
        this.enterRecorded(sealed, judgement);
        return;
      case 'held':
        this.enterHeld(sealed, judgement);
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
      deliveries: [
        ...(recorded.stream?.head.branched ? deliveriesOfBranches(sealed, { graph, recorded }, sending) : []),
        ...(this.isLaterLife ? deliveriesOfReturned(sealed, recorded, sending) : []),
      ],
    });
  }

  /** In its first life nothing of a node's own comes by the mailbox, but from who stole its key. */
  private get isLaterLife(): boolean {
    return (this.services.life.mark()?.life ?? 1) > 1;
  }

  private enterHeld(sealed: SealedMessage, held: Extract<Judged['judgement'], { kind: 'held' }>): void {
    const before = this.heldBefore.get(sealed.hash);
    const row: HeldMessage = {
      ...this.whence(sealed),
      hash: sealed.hash,
      reason: held.reason,
      subject: sealed.message.subject as Subject,
      source: sealed.message.source,
      ...(held.waitsFor ? { waitsFor: held.waitsFor } : {}),
      ...(held.until ? { until: held.until } : {}),
      heldSince: before?.heldSince ?? this.services.wallClock.now(),
      bytes: sealed.bytes,
    };
    (before ? this.stillHeld : this.held).push(row);
  }

  /** What stages 5 to 7 do not see: records refused before, and exchange messages, which are held when they come too early. */
  enterArrived(arrived: ArrivedRecord): void {
    const { judged, arrival, record } = arrived;
    const recordKey = record.key ? new TextDecoder().decode(record.key).slice(0, 200) : '';
    if (judged.ok) {
      if (judged.sealed.class === 'exchange') this.enterExchange(judged, { arrival, recordKey });
      return;
    }
    const { ok: _, ...refused } = judged;
    if (judged.hash) this.refusedAlone.add(judged.hash);
    this.quarantined.push({ ...refused, arrival, recordKey, bytes: record.value ?? new Uint8Array() });
  }

  private enterExchange({ sealed, tooEarly }: PassedAlone, whence: { arrival: Arrival; recordKey: string }): void {
    if (tooEarly === undefined) {
      this.settled.add(sealed.hash);
      return;
    }
    const { subject, source } = sealed.message;
    const before = this.heldBefore.get(sealed.hash);
    (before ? this.stillHeld : this.held).push({
      ...whence,
      hash: sealed.hash,
      reason: 'TOO_EARLY',
      subject: subject as Subject,
      source,
      until: tooEarly,
      heldSince: before?.heldSince ?? this.services.wallClock.now(),
      bytes: sealed.bytes,
    });
  }

  private whence(sealed: SealedMessage): { arrival: Arrival; recordKey: string } {
    const { arrival, recordKey } = this.byHash.get(sealed.hash) ?? this.heldBefore.get(sealed.hash) ?? {};
    return { arrival: arrival ?? { kind: 'local' }, recordKey: recordKey ?? '' };
  }

  async plan(): Promise<IngestPlan> {
    const { held, evicted, dropped } = await admitHeld(this.services, await this.notYetHeld());
    const refused = await admitQuarantined(this.services, this.quarantined);
    const freedExchange = this.around.waiting.filter(
      ({ subject, waitsFor }) => subject.startsWith('exchange/') && waitsFor && this.recorded.has(waitsFor),
    );
    const refusedAgain = this.around.heldBefore.filter(({ hash }) => this.refusedAlone.has(hash));
    const settled = [...this.heldBefore.values()].filter(({ hash }) => this.settled.has(hash));
    const gone = [...new Set([...settled, ...refusedAgain, ...freedExchange].map(({ hash }) => hash))];
    return {
      recorded: this.recorded,
      freedExchange,
      batch: {
        units: this.units,
        arrivals: this.arrivals,
        held: [...onePerHash(this.stillHeld), ...held],
        quarantined: refused.quarantined,
        unheld: gone,
        released: [],
        ...(evicted.size > 0 ? { evicted } : {}),
      },
      summary: {
        recorded: this.units.length,
        duplicates: this.duplicates,
        held: held.length,
        quarantined: refused.quarantined.length,
        dropped: dropped + refused.dropped,
      },
    };
  }

  private async notYetHeld(): Promise<readonly HeldMessage[]> {
    if (this.held.length === 0) return [];
    const known = await this.services.store.isHeld(this.held.map(({ hash }) => hash));
    return onePerHash(this.held.filter(({ hash }) => !known.has(hash)));
  }
}

/** A second copy of a held message is held, once. */
const onePerHash = (rows: readonly HeldMessage[]): readonly HeldMessage[] => [
  ...new Map(rows.map((row) => [row.hash, row])).values(),
];
