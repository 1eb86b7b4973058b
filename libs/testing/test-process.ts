/** One process of a test's node: what the gateway wires, on real databases and keys, with the broker and the clocks of the test. */
import { parseCalendar } from '#libs/calendar';
import { openEventStore } from '#libs/event-store-postgres';
import { createIds, followKeyCustody, openMarkFile, sha256, verifyAllEd25519, verifyEd25519 } from '#libs/key-custody';
import { instantToMs, msToInstant, type NodeId } from '#libs/kernel';
import { parseProcedures } from '#libs/procedures';
import {
  DirectoryDesk,
  DossierShelf,
  Doorbell,
  LifeGuard,
  OnceInAWhile,
  type Clock,
  type NodeServices,
} from '#libs/use-cases';
import { openVault } from '#libs/vault';
import { openContracts } from '../../apps/gateway/wiring/contracts.ts';
import type { MemoryBroker } from './memory-broker.ts';
import type { TestClock } from './test-clock.ts';
import { readReference, type TestRegistrar } from './test-registrar.ts';
import type { PlacedNode } from './test-statements.ts';

const TEN_YEARS_MS = 3653 * 86_400_000;

export interface Reported {
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
export interface ProcessOf {
  readonly world: {
    readonly broker: MemoryBroker;
    readonly registrar: Pick<TestRegistrar, 'trusted'>;
    readonly clock: TestClock;
    readonly wallClock: Clock;
  };
  readonly wanted: PlacedNode & { readonly autoAccept?: NodeServices['autoAccept'] };
  readonly reports: Reported[];
  readonly ledgerUrl: string;
  readonly vaultUrl: string;
}

export async function openProcess({
  world,
  wanted,
  reports,
  ledgerUrl,
  vaultUrl,
}: ProcessOf): Promise<{ services: NodeServices; desk: DirectoryDesk }> {
  const { clock, wallClock } = world;
  const life = new LifeGuard(openMarkFile(wanted.keysDir), (event) => void reports.push(event));
  const keys = life.guard(followKeyCustody(wanted.keysDir, clock, 0));
  const [store, vault] = await Promise.all([
    openEventStore({ url: ledgerUrl, softwareVersion: 'test', watch: life }),
    openVault({ url: vaultUrl, custody: keys }),
  ]);
  const desk = new DirectoryDesk(world.registrar.trusted);
  const contracts = openContracts();
  const services: NodeServices = {
    node: wanted.node as NodeId,
    store,
    life,
    vault,
    keys,
    sender: world.broker.sender(),
    clock,
    wallClock,
    ids: createIds(),
    contracts,
    sha256,
    verify: verifyEd25519,
    verifyAll: verifyAllEd25519,
    procedures: parseProcedures(readReference('procedures.json'), readReference('rules.json')),
    calendar: parseCalendar(readReference('working-calendar.json')),
    directory: () => desk.current,
    autoAccept: wanted.autoAccept ?? [],
    logOriginHost: 'lienthong.example',
    believed: new Set(),
    erasableFrom: (endedAt) => msToInstant(instantToMs(endedAt) + TEN_YEARS_MS),
    shelf: new DossierShelf({ store, contracts }),
    bell: new Doorbell(),
    lately: new OnceInAWhile(),
    report: (event) => {
      reports.push(event);
    },
  };
  // Nothing was ever published by a node that a test has just made.
  await life.prove(store);
  await desk.restore(services);
  return { services, desk };
}
