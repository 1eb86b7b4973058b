/** Two nodes of Gia Lâm for specs that kill a process at a named point, and what must hold afterwards. */
import pg from 'pg';
import type { NodeId } from '#libs/kernel';
import { verifyLedger } from '#libs/use-cases';
import { exchangeAll } from '../exchange-all.ts';
import { anyNode } from '../test-kafka.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestNode, type TestWorld } from '../test-node.ts';
import type { NodeErrand } from './errand.ts';
import type { Death } from './gate.ts';
import { mortalOf, untilDead } from './start-mortal.ts';

export const COMMUNE = 'H26.129.05';
export const UPPER = 'H26.129';

export interface KillWorld {
  readonly world: TestWorld;
  readonly communes: TestNode;
  readonly district: TestNode;
  /** The server's administrator in the ledger of the communes. */
  readonly admin: pg.Client;
  /** A process of the node does the errand, and dies on the way. */
  dies(node: TestNode, death: Death, errand: Omit<NodeErrand, 'node' | 'now'>): Promise<void>;
  /** Carries everything to its end; gives what is wrong then: faults of a ledger, and numbers that a node lacks. */
  findWrong(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export async function openKillWorld(): Promise<KillWorld> {
  const [lower, upper]: NodeId[] = [anyNode(), anyNode()];
  const world = await openTestWorld({
    nodes: [
      { node: lower as NodeId, agencies: GIALAM_COMMUNES },
      { node: upper as NodeId, agencies: [UPPER] },
    ],
    absent: [{ node: anyNode(), agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] }],
  });
  const [communes, district] = world.nodes as [TestNode, TestNode];
  const admin = new pg.Client(communes.ledgerDatabase.adminUrl);
  await admin.connect();
  return {
    world,
    communes,
    district,
    admin,
    dies: (node, death, errand) => untilDead({ node: mortalOf(node), now: world.clock.now(), ...errand, death }),
    findWrong: async () => {
      await exchangeAll(world.nodes);
      return (await Promise.all(world.nodes.map(wrongAt))).flat();
    },
    close: async () => {
      await admin.end();
      await world.close();
    },
  };
}

async function wrongAt({ services, world, node }: TestNode): Promise<readonly unknown[]> {
  const { faults } = await verifyLedger({ ...services, trusted: world.registrar.trusted });
  const lines = await services.store.inbound();
  const open = lines.filter(({ contiguousUpTo, highest }) => contiguousUpTo !== highest);
  return [...faults, ...open].map((what) => ({ node, what }));
}

export const at = (port: Death['port'], method: string, when: Death['when'], nth = 1): Death => ({
  port,
  method,
  when,
  nth,
});
