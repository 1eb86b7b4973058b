/** A simulated world: nodes, their broker, a registrar, one time and one chance. */
import { nodeStatementOf, type KeyMember } from '#libs/directory';
import { sha256 } from '#libs/key-custody';
import { msToInstant, type AgencyCode, type JsonObject, type NodeId } from '#libs/kernel';
import { formatVkey, NOTE_SIGNATURE, verifierKey } from '#libs/ledger';
import type { OutgoingRecord } from '#libs/use-cases';
import { agencyStatements, TestRegistrar } from '../../libs/testing/test-registrar.ts';
import { Dice } from './dice.ts';
import { layoutOf, type NodeLayout } from './layout.ts';
import { KEYS_FROM, keysFor, referenceFor, type SimKeys } from './reference.ts';
import { SimNetwork } from './sim-network.ts';
import { SimNode } from './sim-node.ts';
import { VirtualTime } from './virtual-time.ts';

export interface Reported {
  readonly node: NodeId;
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** 09:00 of Wednesday 14 June 2023 in Viet Nam. */
const START_MS = Date.parse('2023-06-14T02:00:00.000Z');
/** A node looks after its work about as often as a gateway does; longer when nothing happens. */
const TURN_MS = [300, 2_000] as const;

export class World {
  readonly time = new VirtualTime(START_MS);
  readonly dice: Dice;
  readonly network: SimNetwork;
  readonly registrar = new TestRegistrar();
  readonly nodes: SimNode[] = [];
  readonly statements: OutgoingRecord[] = [];
  readonly reports: Reported[] = [];
  private statedMs = 0;
  /** Agencies that nobody has stated anything about yet. */
  private readonly late = new Map<AgencyCode, JsonObject>();
  private readonly homes = new Map<AgencyCode, SimNode>();

  private constructor(seed: string) {
    this.dice = new Dice(seed);
    this.network = new SimNetwork(this.time, this.dice.part('network'));
  }

  static async open(seed: string, count: number, late: readonly AgencyCode[] = []): Promise<World> {
    const world = new World(seed);
    const layout = layoutOf(count);
    world.stateAll(layout, late);
    for (const one of layout) await world.addNode(one);
    return world;
  }

  get agencies(): readonly AgencyCode[] {
    return [...this.homes.keys()];
  }

  isStated(agency: AgencyCode): boolean {
    return !this.late.has(agency);
  }

  /** The first statement about an agency that came late: its node acts for it when it has read it, others believe it then. */
  join(agency: AgencyCode): void {
    const data = this.late.get(agency);
    this.late.delete(agency);
    if (data) this.publish(data, 60_000);
  }

  homeOf(agency: string): SimNode | undefined {
    return this.homes.get(agency as AgencyCode);
  }

  /** A later statement: nodes read it at their own times. */
  publish(data: JsonObject, sightMs: number, name: 'agency' | 'node' = 'agency'): void {
    this.statedMs = Math.max(this.statedMs + 1, this.time.nowMs);
    const at = msToInstant(this.statedMs);
    this.statements.push(this.registrar.state(name, data, at));
    const count = this.statements.length;
    for (const node of this.nodes)
      this.time.after(this.dice.fraction() * sightMs, () => {
        node.statementsInSight = Math.max(node.statementsInSight, count);
      });
  }

  /** The registrar states the log of a life that was begun. */
  private stateLife(node: NodeId, life: number, publicKey: Uint8Array): void {
    const data = this.registrar.last(node) as JsonObject & { logs: readonly LogMember[] };
    if (data.logs.some((log) => log.life === life)) return;
    this.publish({ ...data, logs: [...data.logs, logOf(node, life, publicKey)] }, 20_000, 'node');
  }

  private async addNode({ node, agencies }: NodeLayout): Promise<void> {
    const dice = this.dice.part(`node ${node}`);
    const made: SimNode = new SimNode(
      {
        node,
        agencies,
        keys: keysFor(
          node,
          agencies,
          this.time.clock(() => made.skewMs),
        ).custody,
        autoAccept: dice.isLess(0.5) ? 'all' : [],
      },
      {
        time: this.time,
        network: this.network,
        dice,
        reference: referenceFor(this.registrar.trusted),
        statements: this.statements,
        lifeBegun: (...begun) => this.stateLife(...begun),
        report: (by, code, details) => this.reports.push({ node: by, code, ...(details && { details }) }),
      },
    );
    made.statementsInSight = this.statements.length;
    this.nodes.push(made);
    for (const agency of agencies) this.homes.set(agency, made);
    await made.start();
    this.keepTurning(made, dice.part('turns'));
  }

  private keepTurning(node: SimNode, dice: Dice): void {
    const next = (): void =>
      this.time.after(dice.between(...TURN_MS), async () => {
        await node.turn();
        next();
      });
    next();
  }

  private stateAll(layout: readonly NodeLayout[], late: readonly AgencyCode[]): void {
    const clock = this.time.clock();
    const keys = new Map(layout.map(({ node, agencies }) => [node, keysFor(node, agencies, clock)]));
    const homes = new Map(layout.flatMap(({ node, agencies }) => agencies.map((agency) => [agency, node] as const)));
    const signing = new Map([...homes].map(([agency, node]) => [agency, signingKeys(keys.get(node), agency)]));
    const known = new Set<string>([...homes.keys()].flatMap((code) => [code, code.split('.').slice(0, 2).join('.')]));
    this.statements.push(...layout.map(({ node }) => this.registrar.state('node', nodeData(node, keys.get(node)))));
    for (const [code, data] of agencyStatements(homes, signing))
      if (late.includes(code as AgencyCode)) this.late.set(code as AgencyCode, data);
      else if (known.has(code)) this.statements.push(this.registrar.state('agency', data));
  }
}

const member = ({ label, publicKey }: SimKeys['published']['log'], alg: KeyMember['alg']): KeyMember => ({
  label,
  alg,
  publicKey,
  validFrom: KEYS_FROM,
});
const signingKeys = (keys: SimKeys | undefined, owner: string): readonly KeyMember[] =>
  (keys?.published.signing ?? []).filter((key) => key.owner === owner).map((key) => member(key, 'Ed25519'));

function nodeData(node: NodeId, keys: SimKeys | undefined): JsonObject {
  const publicKey = Buffer.from(keys?.published.log.publicKey ?? '', 'base64url');
  return nodeStatementOf({
    node,
    baseUrl: `https://${node}.lienthong.example`,
    signingKeys: signingKeys(keys, node),
    encryptionKeys: (keys?.published.encryption ?? []).map((key) => member(key, 'X25519')),
    logs: [logOf(node, 1, publicKey)],
  });
}

type LogMember = JsonObject & Parameters<typeof nodeStatementOf>[0]['logs'][number];

function logOf(node: NodeId, life: number, publicKey: Uint8Array): LogMember {
  const origin = `lienthong.example/${node}/${life}`;
  const vkey = formatVkey(verifierKey({ name: origin, type: NOTE_SIGNATURE, publicKey }, sha256));
  return { life, origin, vkey, from: '2023-01-01' };
}
