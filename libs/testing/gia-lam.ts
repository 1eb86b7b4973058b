/**
 * Gia Lâm for integration specs of the application layer: one world of its nodes for a file, a fresh dossier for each test,
 * and what the desks do with it. {@link giaLam} registers the hooks of the file that calls it; what it gives is there from
 * the first test on.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import type { DossierCommandName } from '#libs/dossier';
import { systemClock } from '#libs/key-custody';
import type { Hash, JsonObject, SealedMessage, Subject } from '#libs/kernel';
import { openStored, type Acted, type OutcomeRead, type OutgoingRecord, type StreamHead } from '#libs/use-cases';
import { exchangeAll } from './exchange-all.ts';
import {
  act,
  acts,
  historyAt,
  laterThan,
  namesAt,
  newDossier,
  nodeAt,
  outcomeOf,
  type ActWanted,
} from './test-acts.ts';
import { TestClock } from './test-clock.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld, type TestWorldWanted } from './test-node.ts';

export const COMMUNE = 'H26.129.05';
/** Another commune, at the same node. */
export const NEIGHBOUR = 'H26.129.06';
export const DISTRICT = 'H26.129';
export const CITY = 'H26';
export const PORTAL = 'H26.901';
export const DAY_MS = 86_400_000;

/** What an agency asks, with these members beside those of the contract's example. */
export const by = (agency: string, data: object = {}): ActWanted => ({ agency, data: { ...data } });

/** The nodes of Gia Lâm; every agency accepts what is forwarded to it. */
export const ACCEPTING = GIALAM.map((one) => ({ ...one, autoAccept: 'all' as const }));
const ADAPTERS = ['H26.901', 'H26.902', 'H26.903'];
/** The same nodes, the adapters of the city at one that is away: the city's own node is owed no opening for them. */
export const ADAPTERS_AWAY = {
  nodes: ACCEPTING.map((one) => (one.agencies.includes(CITY) ? { ...one, agencies: [CITY] } : one)),
  absent: [{ node: 'city-adapters', agencies: ADAPTERS }],
};

export interface Sent {
  /** Of the command. */
  readonly hash: Hash;
  readonly outcome: () => Promise<OutcomeRead>;
}
export interface GiaLam {
  readonly world: TestWorld;
  readonly commune: TestNode;
  readonly district: TestNode;
  readonly city: TestNode;
  /** The dossier of this test, of the commune; not filed yet. */
  readonly subject: Subject;
  /** Real time of all nodes; moves only by the test. */
  readonly wall: TestClock;
  /** `data` of a `forward`, due in a day. */
  readonly leg: (to: string, reason?: string) => object;
  /** The commune's to the district. */
  readonly forward: () => ActWanted;
  readonly act: (command: DossierCommandName, wanted?: ActWanted) => Promise<Acted>;
  readonly acts: (...steps: readonly [DossierCommandName, ActWanted?][]) => Promise<void>;
  /** A command that leaves the node it is entered at. */
  readonly send: (agency: string, command: DossierCommandName, data?: object) => Promise<Sent>;
  /** Filed at the commune and forwarded; the district has not answered. */
  readonly forwardedToDistrict: () => Promise<void>;
  /** As {@link forwardedToDistrict}, and accepted by hand. */
  readonly atDistrict: () => Promise<void>;
  readonly exchange: () => Promise<void>;
  /** As long a wait as lets nodes ask again. */
  readonly wait: (ms: number) => Promise<void>;
  /** Whatever carries these types, such as `outcome.`, does not arrive in this test any more. */
  readonly lose: (...types: readonly string[]) => void;
  /** Events of the main branch as a node holds it; of another dossier, if one is named. */
  readonly mainAt: (node: TestNode, of?: Subject) => Promise<readonly SealedMessage[]>;
  readonly headAt: (node: TestNode) => Promise<StreamHead | undefined>;
  /** Expects the same bytes at every node; gives the names of the events. */
  readonly same: () => Promise<readonly string[]>;
  /** A statement that suspends the agency for this dossier and names the city its rehomer. */
  readonly suspension: (agency: string) => OutgoingRecord;
  /** States the {@link suspension}; every node reads it. */
  readonly suspend: (agency: string) => Promise<void>;
}

/** `ownWall`: the test moves real time, too. */
export function giaLam({ ownWall = false, ...wanted }: Partial<TestWorldWanted> & { ownWall?: boolean } = {}): GiaLam {
  jest.setTimeout(60_000);
  const wall = new TestClock(systemClock.now());
  let opened: TestWorld | undefined;
  let subject = newDossier(COMMUNE);
  const world = (): TestWorld => {
    if (!opened) throw new Error('the world of the test is not open yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await openTestWorld({ nodes: GIALAM, ...(ownWall ? { wall } : {}), ...wanted });
  }, 60_000);
  afterAll(() => opened?.close());
  beforeEach(() => {
    subject = newDossier(COMMUNE);
  });
  afterEach(() => opened?.broker.disturb());
  return {
    get world() {
      return world();
    },
    get commune() {
      return nodeAt(world(), COMMUNE);
    },
    get district() {
      return nodeAt(world(), DISTRICT);
    },
    get city() {
      return nodeAt(world(), CITY);
    },
    get subject() {
      return subject;
    },
    get wall() {
      if (!ownWall) throw new Error('the nodes of this test have the real clock');
      return wall;
    },
    ...desks(world, () => subject),
    ...exchanges(world, ownWall ? wall : undefined),
    ...readings(world, () => subject),
    ...statements(world, () => subject),
  };
}

type World = () => TestWorld;
type Current = () => Subject;

function desks(
  world: World,
  subject: Current,
): Pick<GiaLam, 'leg' | 'forward' | 'act' | 'acts' | 'send' | 'forwardedToDistrict' | 'atDistrict'> {
  const leg = (to: string, reason = 'route') => ({
    to,
    reason,
    step: 'appraise',
    legDueAt: laterThan(world().clock.now(), DAY_MS),
  });
  const forward = () => by(COMMUNE, leg(DISTRICT));
  const forwardedToDistrict = async () => {
    await acts(world(), subject(), ['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchangeAll(world().nodes);
  };
  return {
    leg,
    forward,
    act: (command, wanted) => act(world(), command, subject(), wanted),
    acts: (...steps) => acts(world(), subject(), ...steps),
    send: async (agency, command, data = {}) => {
      world().clock.advance(60_000);
      const acted = await act(world(), command, subject(), by(agency, data));
      if (acted.kind !== 'sent') throw new Error(`${command} was not sent: ${JSON.stringify(acted)}`);
      return { hash: acted.command, outcome: () => outcomeOf(world(), agency, acted) };
    },
    forwardedToDistrict,
    atDistrict: async () => {
      await forwardedToDistrict();
      await acts(world(), subject(), ['accept-custody', by(DISTRICT)]);
      await exchangeAll(world().nodes);
    },
  };
}

function exchanges(world: World, wall: TestClock | undefined): Pick<GiaLam, 'exchange' | 'wait' | 'lose'> {
  const exchange = async () => {
    await exchangeAll(world().nodes);
  };
  return {
    exchange,
    wait: async (ms) => {
      if (!wall) throw new Error('the nodes of this test have the real clock');
      wall.advance(ms);
      await exchange();
    },
    lose: (...types) => {
      const isLost = (value: Uint8Array | null): boolean =>
        types.some((type) => Buffer.from(value ?? '').includes(`"type":"vn.lienthong.${type}`));
      world().broker.disturb((records) => records.filter(({ value }) => !isLost(value)));
    },
  };
}

function readings(world: World, subject: Current): Pick<GiaLam, 'mainAt' | 'headAt' | 'same'> {
  return {
    mainAt: async ({ services }, of = subject()) => (await services.store.readStream(of, 'main')).map(openStored),
    headAt: ({ services }) => services.store.findHead(subject()),
    same: async () => {
      const [first, ...others] = await Promise.all(world().nodes.map((node) => historyAt(node, subject())));
      for (const other of others) expect(other).toEqual(first);
      return namesAt(nodeAt(world(), COMMUNE), subject());
    },
  };
}

function statements(world: World, subject: Current): Pick<GiaLam, 'suspension' | 'suspend'> {
  const suspension = (agency: string): OutgoingRecord => {
    const { registrar } = world();
    const stated = registrar.last(agency);
    const one = { from: '2023-06-01', streams: [subject()], rehomer: CITY, legalBasis: 'QĐ 1/2023' };
    const suspensions = [...((stated['suspensions'] ?? []) as JsonObject[]), one];
    return registrar.state('agency', { ...stated, suspensions });
  };
  return { suspension, suspend: (agency) => world().publish(suspension(agency)) };
}
