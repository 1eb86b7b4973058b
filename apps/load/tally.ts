/** What has happened so far, counted from the answers of the nodes. */
import type { AgencyCode, Instant, LocalDate, Uuid } from '#libs/kernel';
import { Latencies } from './latencies.ts';
import type { DayPlan, PlannedDossier, PlannedStep } from './plan.ts';

export interface AgencyCounts {
  readonly agency: AgencyCode;
  readonly received: number;
  readonly forwarded: number;
  readonly settled: number;
  readonly commands: number;
}

export interface Snapshot {
  readonly workTime: Instant;
  readonly planned: number;
  readonly filed: number;
  readonly received: number;
  /** Transfers of custody. */
  readonly forwarded: number;
  /** Resolved, refused, refused at intake or withdrawn. */
  readonly settled: number;
  /** Filed and not settled. */
  readonly waiting: number;
  /** Commands answered. */
  readonly commands: number;
  /** Milliseconds from the first sending of a command to its outcome. */
  readonly p50: number;
  readonly p95: number;
  /** In the order of their codes. */
  readonly agencies: readonly AgencyCounts[];
  /** Requests sent again because a node was away or busy. */
  readonly retries: number;
  /** Commands that came too late for a transfer, as the plan allows. */
  readonly racesLost: number;
  /** Refusals that no plan foresees, and dossiers that could not go on. */
  readonly errors: number;
}

/** One kind of what should not have happened. */
export interface Unexpected {
  readonly command: string;
  /** Of the node; or `NODE_UNREACHABLE`, `NOT_ARRIVED`, `NOT_ANSWERED`, `FAILED`. */
  readonly code: string;
  readonly status: number;
  readonly count: number;
  /** The first one met. */
  readonly example: {
    readonly subject: string;
    readonly step: string;
    readonly agency: AgencyCode;
    readonly detail: string;
  };
}

export interface DaySummary extends Snapshot {
  readonly seed: string;
  readonly date: LocalDate;
  /** Ended by its signal, before all was done. */
  readonly aborted: boolean;
  readonly wallMs: number;
  /** Dossiers that were left where something unexpected happened. */
  readonly abandoned: readonly Uuid[];
  /** By command and code, most frequent first; empty after a good day. */
  readonly unexpected: readonly Unexpected[];
}

export interface Trouble {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
}

type Counted = 'received' | 'forwarded' | 'settled' | 'commands';

export class Tally {
  private readonly plan: DayPlan;
  private readonly latencies = new Latencies();
  private readonly agencies = new Map<AgencyCode, Record<Counted, number>>();
  private readonly unexpected = new Map<string, Unexpected>();
  private readonly abandoned = new Set<Uuid>();
  private filed = 0;
  private retries = 0;
  private racesLost = 0;

  constructor(plan: DayPlan) {
    this.plan = plan;
  }

  accepted(dossier: PlannedDossier, step: PlannedStep, ms: number): void {
    this.answered(step, ms);
    switch (step.command) {
      case 'file-dossier':
        this.filed += 1;
        if (step.data['receiveAtOnce'] === true) this.count(dossier.receivingAgency, 'received');
        return;
      case 'receive-dossier':
        return this.count(dossier.receivingAgency, 'received');
      case 'forward':
        return this.count(step.agency, 'forwarded');
      case 'refuse-intake':
      case 'resolve':
      case 'refuse':
      case 'withdraw':
        return this.count(step.writer, 'settled');
      default:
    }
  }

  raceLost(step: PlannedStep, ms: number): void {
    this.answered(step, ms);
    this.racesLost += 1;
  }

  retried(): void {
    this.retries += 1;
  }

  /** The dossier is not gone on with: what was planned next rests on what did not happen. */
  failed(dossier: PlannedDossier, step: PlannedStep, { code, status, detail }: Trouble): void {
    this.abandoned.add(dossier.id);
    const { command, key, agency } = step;
    const subject = `dossier/${dossier.receivingAgency}/${dossier.id}`;
    const known = this.unexpected.get(`${command} ${code}`) ?? {
      ...{ command, code, status, count: 0 },
      example: { subject, step: key, agency, detail },
    };
    this.unexpected.set(`${command} ${code}`, { ...known, count: known.count + 1 });
  }

  snapshot(workTime: Instant): Snapshot {
    const agencies = [...this.agencies]
      .map(([agency, counts]) => ({ agency, ...counts }))
      .sort((one, other) => (one.agency < other.agency ? -1 : 1));
    const sum = (counted: Counted): number => agencies.reduce((total, counts) => total + counts[counted], 0);
    const settled = sum('settled');
    return {
      workTime,
      planned: this.plan.dossiers.length,
      filed: this.filed,
      received: sum('received'),
      forwarded: sum('forwarded'),
      settled,
      waiting: this.filed - settled,
      commands: sum('commands'),
      p50: this.latencies.within(0.5),
      p95: this.latencies.within(0.95),
      agencies,
      retries: this.retries,
      racesLost: this.racesLost,
      errors: [...this.unexpected.values()].reduce((total, { count }) => total + count, 0),
    };
  }

  summary(end: { readonly workTime: Instant; readonly wallMs: number; readonly aborted: boolean }): DaySummary {
    const { workTime, wallMs, aborted } = end;
    const unexpected = [...this.unexpected.values()].sort((one, other) => other.count - one.count);
    const { seed, date } = this.plan;
    return { ...this.snapshot(workTime), seed, date, aborted, wallMs, abandoned: [...this.abandoned], unexpected };
  }

  private answered({ agency }: PlannedStep, ms: number): void {
    this.latencies.add(ms);
    this.count(agency, 'commands');
  }

  private count(agency: AgencyCode, counted: Counted): void {
    const counts = this.agencies.get(agency) ?? { received: 0, forwarded: 0, settled: 0, commands: 0 };
    counts[counted] += 1;
    this.agencies.set(agency, counts);
  }
}
