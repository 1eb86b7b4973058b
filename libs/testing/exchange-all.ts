/** Carries records between the nodes of a test until nothing more happens: what relays, mailboxes and automations do. */
import { instantToMs } from '#libs/kernel';
import { AcceptanceDesk, answerCommands, ingestBatch, mailboxOf, relayOnce, sendReceipts } from '#libs/use-cases';
import type { TestNode } from './test-node.ts';

const PAGE = 500;
/** More rounds than any exchange of a test takes; a loop that never ends fails here instead of in a time-out. */
const ROUNDS = 200;

export interface Exchanged {
  /** Records handed to a mailbox. */
  readonly carried: number;
}

export async function exchangeAll(nodes: readonly TestNode[]): Promise<Exchanged> {
  const desks = new Map(nodes.map((node) => [node, new AcceptanceDesk(node.services)]));
  let carried = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    let moved = 0;
    const before = await sizes(nodes);
    for (const node of nodes) {
      moved += await turn(node, desks.get(node) as AcceptanceDesk);
    }
    carried += moved;
    if (moved === 0 && before === (await sizes(nodes))) return { carried };
  }
  throw new Error(`the nodes have not come to rest after ${ROUNDS} rounds`);
}

const sizes = async (nodes: readonly TestNode[]): Promise<string> =>
  (await Promise.all(nodes.map(async ({ services }) => (await services.store.logSize()).size))).join();

/** Records carried into this node's mailbox, and everything that follows from them at this node. */
async function turn({ services, node, agencies, world }: TestNode, desk: AcceptanceDesk): Promise<number> {
  const batch = world.broker.take(mailboxOf(node));
  if (batch) await ingestBatch(services, batch);
  for (const subject of await services.store.listUnanswered(PAGE)) await answerCommands(services, subject);
  await desk.acceptWaiting(agencies, instantToMs(services.wallClock.now()));
  await sendReceipts(services);
  while ((await relayOnce(services, `test/${node}`)) > 0);
  return batch?.records.length ?? 0;
}
