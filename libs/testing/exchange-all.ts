/** Carries records between the nodes of a test until nothing more happens: what relays, mailboxes and automations do. */
import {
  AcceptanceDesk,
  CommandDesk,
  DeliveryMender,
  GapDesk,
  ingestBatch,
  mailboxOf,
  MoveDesk,
  ownAgencies,
  RecoveryDesk,
  Relay,
  releaseHeld,
  sendReceipts,
} from '#libs/use-cases';
import { instantToMs } from '#libs/kernel';
import type { TestNode } from './test-node.ts';

/** More rounds than any exchange of a test takes; a loop that never ends fails here instead of in a time-out. */
const ROUNDS = 200;

export interface Exchanged {
  /** Records handed to a mailbox. */
  readonly carried: number;
}

interface Desks {
  readonly acceptance: AcceptanceDesk;
  readonly commands: CommandDesk;
  readonly gaps: GapDesk;
  readonly mender: DeliveryMender;
  readonly moves: MoveDesk;
  readonly recovery: RecoveryDesk;
  readonly relay: Relay;
}
/** As long as the node: they remember what they have asked for. */
const known = new WeakMap<TestNode, Desks>();
export function desksOf(node: TestNode): Desks {
  const { services } = node;
  const found = known.get(node) ?? {
    acceptance: new AcceptanceDesk(services),
    commands: new CommandDesk(services),
    gaps: new GapDesk(services),
    mender: new DeliveryMender(services),
    moves: new MoveDesk(services),
    recovery: new RecoveryDesk(services),
    relay: new Relay(services, `test/${node.node}`),
  };
  known.set(node, found);
  return found;
}

export async function exchangeAll(nodes: readonly TestNode[]): Promise<Exchanged> {
  let carried = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    let moved = 0;
    const before = await sizes(nodes);
    for (const node of nodes) moved += await turn(node);
    carried += moved;
    if (moved === 0 && !isOnTheWay(nodes) && before === (await sizes(nodes))) return { carried };
  }
  throw new Error(`the nodes have not come to rest after ${ROUNDS} rounds`);
}

const isOnTheWay = (nodes: readonly TestNode[]): boolean =>
  nodes.some(({ node, world }) => world.broker.waits(mailboxOf(node)));

const sizes = async (nodes: readonly TestNode[]): Promise<string> =>
  (await Promise.all(nodes.map(async ({ services }) => (await services.store.logSize()).size))).join();

/** Records carried into this node's mailbox, and everything that follows from them at this node. */
async function turn(node: TestNode): Promise<number> {
  const { services, world } = node;
  const { acceptance, commands, gaps, mender, moves, recovery, relay } = desksOf(node);
  if (!services.life.takesIn) return 0;
  const batch = world.broker.take(mailboxOf(node.node));
  if (batch) await (node.ingest ?? ingestBatch)(services, batch);
  await releaseHeld(services);
  await gaps.ask(ASK_AFTER_MS);
  await sendReceipts(services);
  await recovery.turn();
  if (services.life.signs) {
    await commands.answerWaiting();
    await acceptance.acceptWaiting(ownAgencies(services));
    await moves.catchUp();
  }
  await relay.turn();
  await mender.mend(instantToMs(services.wallClock.now()));
  return batch?.records.length ?? 0;
}
const ASK_AFTER_MS = 10_000;
