/**
 * A node of the simulation: a ledger, a vault and keys that last, and processes that do not. Each process has its own memory,
 * clock error and gate; what it does is what the roles of a gateway do, in an order that the dice choose.
 */
import {
  AcceptanceDesk,
  CHECKPOINTS_TOPIC,
  CheckpointSigner,
  CommandDesk,
  DeliveryMender,
  DirectoryDesk,
  OnceInAWhile,
  Doorbell,
  DossierShelf,
  ErasureDesk,
  GapDesk,
  heldAgainstPublished,
  ingestBatch,
  LifeGuard,
  LineDesk,
  mailboxOf,
  ownCheckpoints,
  CustodyDesk,
  RecoveryDesk,
  Relay,
  releaseHeld,
  sendReceipts,
  type KeyCustody,
  type LifeMark,
  type MailboxSender,
  type NodeServices,
  type OutgoingRecord,
  type PublishedCheckpoint,
} from '#libs/use-cases';
import { instantToMs, type AgencyCode, type NodeId, type Uuid } from '#libs/kernel';
import { MemoryLedger } from '../../libs/testing/memory-ledger/memory-event-store.ts';
import type { LedgerState } from '../../libs/testing/memory-ledger/ledger-state.ts';
import { MemoryVault, type VaultState } from '../../libs/testing/memory-vault.ts';
import type { Dice } from './dice.ts';
import { Gate, type Death } from './gate.ts';
import type { SimNetwork } from './sim-network.ts';
import type { Reference } from './reference.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimNodeWanted {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly keys: KeyCustody;
  readonly autoAccept: NodeServices['autoAccept'];
}
export interface Surroundings {
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly dice: Dice;
  readonly reference: Reference;
  /** Every statement so far; a node reads them in order, some later than others. */
  readonly statements: readonly OutgoingRecord[];
  lifeBegun(node: NodeId, life: number, publicKey: Uint8Array): void;
  report(node: NodeId, code: string, details?: Readonly<Record<string, unknown>>): void;
}

/** The vault is a database of its own: it is put back or not. */
export interface Backup {
  readonly ledger: LedgerState;
  readonly vault?: VaultState;
}

type Job = () => Promise<unknown>;

/** Statements read, and the gap in the mailbox that was told last. */
type Sight = { read: number; gap?: string | undefined };
interface Opened {
  readonly services: NodeServices;
  readonly desk: DirectoryDesk;
  readonly owner: string;
  readonly recovery: RecoveryDesk;
}

export interface SimProcess {
  readonly gate: Gate;
  readonly services: NodeServices;
  readonly desk: DirectoryDesk;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly recovery: RecoveryDesk;
}

const ASK_AFTER_MS = 10_000;
const LARGEST_BATCH = 40;

export class SimNode {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly ledger: MemoryLedger;
  readonly vault = new MemoryVault();
  /** When an older state of the ledger was put back. */
  readonly restoredAtMs: number[] = [];
  /** An older vault was put back, too: what came to no other node is lost. */
  isVaultOld = false;
  /** On a ledger that was put back, and not level with its peers yet: it knows old custodians. */
  isBehind = false;
  /** Beside the keys: no restore of the ledger reaches it. */
  mark: LifeMark | undefined;
  private readonly markKeeper = {
    find: () => this.mark,
    keep: (mark: LifeMark) => void (this.mark = mark),
  };
  skewMs = 0;
  deathOverNextAct: Death | undefined;
  /** How many statements of the directory have come into this node's sight. */
  statementsInSight = 0;
  private first: SimProcess | undefined;
  private second: SimProcess | undefined;
  private started = 0;
  private readonly wanted: SimNodeWanted;
  private readonly around: Surroundings;

  constructor(wanted: SimNodeWanted, around: Surroundings) {
    this.wanted = wanted;
    this.around = around;
    this.node = wanted.node;
    this.agencies = wanted.agencies;
    this.ledger = new MemoryLedger({ clock: around.time.clock(), softwareVersion: 'simulation' });
  }

  /** What an operator does to a database: its processes end, and an older state stands under the same name. */
  putBack(backup: Backup, { isMarkLost, isMadeAnew }: { isMarkLost: boolean; isMadeAnew: boolean }): void {
    this.kill();
    this.ledger.restore(backup.ledger);
    if (backup.vault) {
      this.vault.restore(backup.vault);
      this.isVaultOld = true;
    }
    if (isMadeAnew) this.ledger.makeAnew();
    if (isMarkLost) this.mark = undefined;
    this.restoredAtMs.push(this.around.time.nowMs);
    this.isBehind = true;
  }

  /** `lienthong recover`, if it is called for; said again, it goes on. */
  async recover(): Promise<void> {
    await this.within(async ({ services, recovery }) => {
      const state = await services.life.look(services.store);
      if (state !== 'restored' && state !== 'recovering') return;
      const order = { by: 'operator', reason: 'backup-restored', without: [] };
      const life = await recovery.begin(this.published(services), {
        ...order,
        agency: this.node,
        correlationId: services.ids.uuid7(),
      });
      this.around.lifeBegun(this.node, life, services.keys.logKey().publicKey);
    });
  }

  /** What the broker keeps of this node's checkpoints; while it is away, nothing can be said. */
  private published(services: NodeServices): readonly PublishedCheckpoint[] {
    return ownCheckpoints(services, this.around.network.kept(CHECKPOINTS_TOPIC));
  }

  /** As a gateway does without a mark: the broker's word first. */
  private async prove(services: NodeServices): Promise<void> {
    const { life, store } = services;
    if (life.mark()) return void (await life.look(store));
    const why = await heldAgainstPublished(services, this.published(services));
    await (why ? life.disprove(store, why) : life.prove(store));
  }

  get processes(): readonly SimProcess[] {
    return [this.first, this.second].filter((process) => process !== undefined && !process.gate.isDead) as SimProcess[];
  }

  async start(which: 'first' | 'second' = 'first'): Promise<void> {
    if (this[which] && !this[which].gate.isDead) return;
    this.started += 1;
    const process = this.open(new Gate(), `${this.node}/${this.started}`);
    await this.prove(process.services);
    await process.desk.restore(process.services);
    await process.jobs['directory']?.();
    this[which] = process;
  }

  kill(): void {
    for (const process of this.processes) process.gate.kill();
  }

  /** What a clerk asks for. The process may be told to die over it. */
  act<T>(work: (process: SimProcess) => Promise<T>): Promise<{ readonly result: T } | undefined> {
    return this.within((process) => {
      if (this.deathOverNextAct) process.gate.killAt(this.deathOverNextAct);
      this.deathOverNextAct = undefined;
      return work(process);
    });
  }

  /** Runs in a process of this node; undefined where none lives, or it died over it. */
  async within<T>(work: (process: SimProcess) => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const process = this.around.dice.oneOf(this.processes);
    if (!process) return undefined;
    return Promise.race([work(process).then((result) => ({ result })), process.gate.died.then(() => undefined)]);
  }

  /** What each living process does in a while, all of them at once. */
  async turn(): Promise<void> {
    await Promise.all(this.processes.map((process) => this.turnOf(process)));
  }

  private async turnOf({ jobs, gate }: SimProcess): Promise<void> {
    const left = Object.keys(jobs);
    while (left.length > 0 && !gate.isDead) {
      const [name = ''] = left.splice(this.around.dice.between(0, left.length - 1), 1);
      await Promise.race([this.runJob(name, jobs[name] as Job), gate.died]);
    }
  }

  private async runJob(name: string, job: Job): Promise<void> {
    try {
      await job();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      this.around.report(this.node, 'JOB_FAILED', { job: name, code });
    }
  }

  private open(gate: Gate, owner: string): SimProcess {
    const { time, network, reference } = this.around;
    const dice = this.around.dice.part(owner);
    const clock = time.clock(() => this.skewMs);
    const store = gate.guard(this.ledger.open());
    const life = new LifeGuard(this.markKeeper, ({ code, details }) => this.around.report(this.node, code, details));
    const desk = new DirectoryDesk(reference.trusted);
    const sender: MailboxSender = gate.guard(network.sender(this.node));
    const shelf = new DossierShelf({ store, contracts: reference.contracts });
    let lastMs = 0;
    const services: NodeServices = {
      node: this.node,
      store,
      life,
      vault: gate.guard(this.vault),
      keys: life.guard(this.wanted.keys),
      sender,
      clock,
      wallClock: clock,
      ids: {
        uuid7: () => {
          lastMs = Math.max(lastMs + 1, instantToMs(clock.now()));
          return dice.uuid7(lastMs) as Uuid;
        },
        randomBytes: (length) => dice.bytes(length),
      },
      contracts: reference.contracts,
      sha256: reference.sha256,
      verify: reference.verify,
      verifyAll: reference.verifyAll,
      procedures: reference.procedures,
      calendar: reference.calendar,
      directory: () => desk.current,
      autoAccept: this.wanted.autoAccept,
      logOriginHost: 'lienthong.example',
      believed: new Set(),
      // No retention, or nothing would be erased in the hour that a world lasts.
      erasableFrom: (endedAt) => endedAt,
      shelf,
      bell: new Doorbell(),
      lately: new OnceInAWhile(),
      report: ({ code, details }) => this.around.report(this.node, code, details),
    };
    const recovery = new RecoveryDesk(services);
    return { gate, services, desk, recovery, jobs: this.jobsOf({ services, desk, owner, recovery }) };
  }

  private jobsOf(opened: Opened): Readonly<Record<string, Job>> {
    const { services, owner, recovery } = opened;
    const sight: Sight = { read: 0 };
    const acceptance = new AcceptanceDesk(services);
    const commands = new CommandDesk(services);
    const erasures = new ErasureDesk(services);
    const gaps = new GapDesk(services);
    const lines = new LineDesk(services);
    const mender = new DeliveryMender(services);
    const custody = new CustodyDesk(services);
    const relay = new Relay(services, owner);
    const signer = new CheckpointSigner(services);
    const { life } = services;
    const takingIn =
      (job: Job): Job =>
      async () =>
        life.takesIn ? job() : undefined;
    const signing =
      (job: Job): Job =>
      async () =>
        life.signs ? job() : undefined;
    return {
      life: async () => {
        if ((await life.look(services.store)) === 'alive') this.isBehind = false;
      },
      recover: takingIn(() => recovery.turn()),
      ingest: takingIn(() => this.ingest(opened, lines, sight)),
      lines: takingIn(() => lines.ask()),
      directory: takingIn(() => this.readDirectory(opened, sight)),
      release: takingIn(() => releaseHeld(services)),
      answer: signing(() => commands.answerWaiting()),
      accept: signing(() => acceptance.acceptWaiting(this.agencies)),
      gaps: takingIn(() => gaps.ask(ASK_AFTER_MS)),
      receipts: takingIn(() => sendReceipts(services)),
      relay: takingIn(async () => {
        while ((await relay.turn()) > 0);
      }),
      mend: takingIn(() => mender.mend(instantToMs(services.wallClock.now()))),
      erase: signing(() => erasures.catchUp()),
      custody: signing(() => custody.catchUp()),
      sign: signing(() => signer.signOnce()),
    };
  }

  private async ingest({ services }: Opened, lines: LineDesk, sight: Sight): Promise<void> {
    const [{ network, dice }, topic] = [this.around, mailboxOf(this.node)];
    for (;;) {
      const offset = await services.store.findOffset(0);
      const gap = network.findGap(this.node, topic, offset);
      if (gap !== undefined && gap !== sight.gap) lines.noteGap();
      sight.gap = gap;
      const batch = network.read(this.node, topic, { offset, limit: dice.between(1, LARGEST_BATCH) });
      if (!batch) return;
      await ingestBatch(services, batch);
    }
  }

  /** What of the topic has come into this node's sight, in order; each process reads it from the start. */
  private async readDirectory({ services, desk }: Opened, sight: Sight): Promise<void> {
    const { statements, network } = this.around;
    if (network.isAway || network.cut.has(this.node)) return;
    const fresh = statements.slice(sight.read, this.statementsInSight);
    sight.read = this.statementsInSight;
    await desk.take(
      services,
      fresh.map(({ key, value }) => ({ key: Buffer.from(key), value })),
    );
    await desk.retryEarly(services);
  }
}
