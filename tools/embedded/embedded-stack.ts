/** The stack once its servers and its directory are there: nodes as processes, tokens, addresses, and an orderly end. */
import type { WorkClock } from '#libs/config';
import { DomainError, type AgencyCode, type NodeId } from '#libs/kernel';
import type { KafkaServer, PostgresServer, Stack as Servers } from '#tools/stack';
import type { DataFolder, EmbeddedRecord, NodeRecord } from './data-folder.ts';
import { gatewayEnvironment, type Variables } from './gateway-environment.ts';
import { issueToken } from './issuer.ts';
import { NodeProcess, type NodeEnd, type NodeStart } from './node-process.ts';
import type { NodeDatabases } from './postgres-place.ts';
import { signalServers } from './left-nodes.ts';
import { isPortFree, portTaken } from '../stack/ports.ts';
import { portVariable } from './topology.ts';
import { Restarts, type Crash } from './restarts.ts';
import type { RunPhase, StackOptions } from './stack-options.ts';
import { WorkClockKeeper } from './work-clock-keeper.ts';

interface Parts {
  readonly folder: DataFolder;
  readonly projectRoot: string;
  readonly servers: Servers;
  readonly options: StackOptions;
  readonly runPhase: RunPhase;
}

export class EmbeddedStack {
  readonly folder: DataFolder;
  private readonly parts: Parts;
  private readonly running = new Map<NodeId, NodeProcess>();
  /** Variables that a node was given besides the ordinary ones. */
  private readonly extras = new Map<NodeId, Variables>();
  /** Processes beside the first one of their node, ended ones too. */
  private readonly more = new Set<NodeProcess>();
  private added = 0;
  private readonly keeper: WorkClockKeeper;
  private readonly restarts: Restarts | undefined;
  private clock: WorkClock | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.folder = parts.folder;
    this.keeper = new WorkClockKeeper(parts.folder);
    this.clock = parts.options.workClock;
    const { onCrash } = parts.options;
    if (onCrash) this.restarts = new Restarts({ start: (node) => this.startAgain(node), onChange: onCrash });
  }

  get record(): EmbeddedRecord {
    const found = this.folder.findRecord();
    if (!found) throw new Error(`${this.folder.dir} is no longer there`);
    return found;
  }
  get nodes(): readonly NodeRecord[] {
    return this.record.nodes;
  }
  get urls(): ReadonlyMap<NodeId, string> {
    return new Map(this.nodes.map(({ node, url }) => [node, url]));
  }
  get databaseUrls(): ReadonlyMap<NodeId, NodeDatabases> {
    return new Map(this.nodes.map(({ node, databases }) => [node, databases]));
  }
  get workClock(): WorkClock | undefined {
    return this.clock;
  }
  /** Processes of nodes that have not ended. */
  get runningNodes(): readonly NodeId[] {
    return [...this.running].filter(([, process]) => process.running).map(([node]) => node);
  }

  /** The first process of a node, for signals of one's own. */
  findProcess(node: NodeId): NodeProcess | undefined {
    return this.running.get(node);
  }

  /** Ends of nodes that nobody asked for. */
  get crashes(): readonly Readonly<Crash>[] {
    return this.restarts?.crashes ?? [];
  }

  /** All nodes at once, on this clock from now on; resolves when all are ready. */
  async startNodes(workClock?: WorkClock): Promise<void> {
    if (workClock) this.clock = workClock;
    if (this.clock) this.keeper.begin(this.clock);
    await this.parts.runPhase('nodes', async () => {
      await Promise.all(this.nodes.map(({ node }) => this.startNode(node)));
    });
  }

  /**
   * Resolves when it is ready. `extra`: variables besides, or instead of, the ordinary ones. Rejects with `NodeFailed`, or
   * `PORT_IN_USE` when somebody took its port since it was chosen.
   */
  async startNode(node: NodeId, extra: Variables = {}): Promise<void> {
    const process = this.launchNode(node, extra);
    try {
      await process.ready();
    } catch (error) {
      const { port } = this.recordOf(node);
      if (process.running || (await isPortFree(port))) throw error;
      throw portTaken(portVariable(node), String(port), error);
    }
  }

  /** Starts the process and does not wait: for a broker or database that is away. */
  launchNode(node: NodeId, extra: Variables = {}): NodeProcess {
    this.extras.set(node, extra);
    // One that never was ready is told to whoever waits for its start.
    const started = this.launch(this.recordOf(node), extra, (end, wasReady) => wasReady && this.restarts?.ended(end));
    this.running.set(node, started);
    const { mark } = started;
    if (mark) this.folder.changeNode(node, (before) => ({ ...before, process: mark }));
    return started;
  }

  private launch(record: NodeRecord, extra: Variables, onEnd: NodeStart['onEnd'] = () => undefined): NodeProcess {
    const { folder, projectRoot } = this.parts;
    const clock = this.clock && { workClock: this.clock };
    const env = {
      ...gatewayEnvironment({ folder, record: this.record, node: record, projectRoot, ...clock }),
      ...extra,
    };
    const { node, url } = record;
    const { onRecovering } = this.parts.options;
    const told = onRecovering ? { onRecovering } : {};
    return new NodeProcess({ node, url, projectRoot, logFile: folder.logOf(node), env, onEnd, ...told });
  }

  /**
   * One more process of a node, at an address of its own; resolves when it is ready. It ends with the stack at the latest.
   * Rejects with `NodeFailed`.
   */
  async addProcess(node: NodeId, extra: Variables = {}): Promise<NodeProcess> {
    const record = this.recordOf(node);
    const port = await this.parts.servers.ports.choose(`${portVariable(node)} (${++this.added})`);
    const started = this.launch({ ...record, port, url: `http://127.0.0.1:${port}` }, extra);
    this.more.add(started);
    await started.ready();
    return started;
  }

  /** SIGTERM; resolves when it has drained and ended. */
  async stopNode(node: NodeId): Promise<NodeEnd | undefined> {
    return this.end(node, (process) => process.stop());
  }

  /** Any signal; resolves when it has ended. */
  async killNode(node: NodeId, signal: NodeJS.Signals = 'SIGKILL'): Promise<NodeEnd | undefined> {
    return this.end(node, (process) => process.kill(signal));
  }

  /** Until no node is on its way back after a crash. */
  async settled(): Promise<void> {
    await this.restarts?.settled();
  }

  /** Stops all nodes, then starts them on another clock. */
  async restartNodes(workClock: () => WorkClock): Promise<void> {
    await this.settled();
    await this.stopNodes();
    await this.startNodes(workClock());
  }

  /** Gives how each ended. */
  async stopNodes(): Promise<readonly NodeEnd[]> {
    const ends = await Promise.all([...this.running.keys()].map((node) => this.stopNode(node)));
    return ends.filter((end) => end !== undefined);
  }

  startKafka(): Promise<KafkaServer> {
    return this.parts.servers.startKafka();
  }
  stopKafka(): Promise<void> {
    return this.parts.servers.stopKafka();
  }
  startPostgres(): Promise<PostgresServer> {
    return this.parts.servers.startPostgres();
  }
  stopPostgres(): Promise<void> {
    return this.parts.servers.stopPostgres();
  }

  /** A bearer token of the embedded issuer. */
  token(
    roles: string | readonly string[],
    agencies: AgencyCode | readonly AgencyCode[],
    more: { readonly subject?: string; readonly ttlSeconds?: number } = {},
  ): Promise<string> {
    return issueToken(this.folder, {
      roles: typeof roles === 'string' ? [roles] : roles,
      agencies: typeof agencies === 'string' ? [agencies] : agencies,
      ...more,
    });
  }

  /** Nodes, then the broker, then the database; gives the data directory free. May be called again. Gives how nodes ended. */
  async stop(): Promise<readonly NodeEnd[]> {
    this.restarts?.stop();
    const ends = await this.stopNodes();
    await Promise.all([...this.more].map((process) => process.stop()));
    this.keeper.end();
    await this.parts.servers.stopAll();
    return ends;
  }

  /** At once: nodes are killed, servers are told to end; nothing is waited for, and the next start mends what is left. */
  abandon(): void {
    this.restarts?.stop();
    for (const process of [...this.running.values(), ...this.more]) process.signal('SIGKILL');
    this.keeper.end();
    signalServers(this.folder.dir);
  }

  private async startAgain(node: NodeId): Promise<void> {
    const process = this.launchNode(node, this.extras.get(node));
    await process.ready().catch(async (error: unknown) => {
      if (process.running) await process.kill('SIGKILL');
      throw error;
    });
  }

  private async end(node: NodeId, how: (process: NodeProcess) => Promise<NodeEnd>): Promise<NodeEnd | undefined> {
    const process = this.running.get(node);
    if (!process) return undefined;
    const ended = await how(process);
    this.running.delete(node);
    this.folder.changeNode(node, ({ process: _ended, ...before }) => before);
    return ended;
  }

  private recordOf(node: NodeId): NodeRecord {
    const found = this.nodes.find((one) => one.node === node);
    if (!found) throw new DomainError('NODE_UNKNOWN', `this stack has no node ${node}`, { node });
    return found;
  }
}
