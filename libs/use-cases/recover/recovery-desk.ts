/**
 * From an old database to the next life (design 5, wire format 2.2 `holdings-wanted`). States: *restored* → `begin` (the
 * next life's number; its lines are begun, the log it links to is fixed, the order is on record) → turn after turn: every peer is asked, page by
 * page, what it holds of this node's; what is lacking is asked for again until it is recorded; the state of every line
 * coming in is told, so that its sender sends what is missing → level: codes move past those seen, erasures are carried out
 * on the vault, the node signs again.
 *
 * For an hour after, each peer is asked again every few minutes: a message of the lost state may have been on its way to it,
 * or waited in another partition of its mailbox.
 *
 * Promises: whatever a peer holds of this node's streams is here before it signs again, unless the operator says to go on
 * without that peer; every step may be done twice, by any process of the node, after a crash too; only exchange messages,
 * and that it recovers, are signed meanwhile, and what is held is relayed: a peer that recovers as well may wait for it.
 * Proved by `recover.int.spec.ts` and by simulated worlds.
 */
import { receiptData } from '#libs/exchange';
import { DomainError, formatStreamSeq, type NodeId } from '#libs/kernel';
import { eachAlone } from '../each-alone.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { PublishedCheckpoint } from '../life/published-checkpoints.ts';
import type { NodeServices } from '../node-services.ts';
import type { RecoveryPeer, RecoveryWanted } from '../ports/index.ts';
import { ErasureDesk } from '../when-personal-data-erased-then-destroy-keys/when-personal-data-erased-then-destroy-keys.ts';
import { isInAftermath, LATE_LOOK_MS } from './aftermath.ts';
import { ShutDesk } from './ask-for-shut.ts';
import { raiseCodes } from './raise-codes.ts';
import { ordersOf, type RecoveryOrder, type RecoveryOrdered, type RecoveryOrders } from './recovery-orders.ts';

/** A question that nobody answers is asked again after this long. */
const ASK_AGAIN_MS = 10_000;
const RESENDS = 500;

export interface RecoveryProgress {
  readonly state: NodeServices['life']['state'];
  readonly why?: string;
  readonly life: number;
  readonly peers: readonly Pick<RecoveryPeer, 'peer' | 'streams' | 'done'>[];
  /** Events told of and not recorded yet. */
  readonly wanted: number;
  /** Numbers of lines coming in that are still missing. */
  readonly missing: number;
}

export class RecoveryDesk {
  private readonly services: NodeServices;
  private readonly orders: RecoveryOrders;
  private readonly shut: ShutDesk;

  constructor(services: NodeServices) {
    this.services = services;
    this.orders = ordersOf(services);
    this.shut = new ShutDesk(services);
  }

  /**
   * Begins the next life, unless one is begun already; its first act is the order, on record. `published`: this node's
   * checkpoints that others keep. Throws `NOT_RESTORED` on a database that nothing speaks against, `INVALID`, `CONTENDED`.
   */
  async begin(published: readonly PublishedCheckpoint[], order: RecoveryOrder): Promise<number> {
    const { life, store } = this.services;
    const state = await life.look(store);
    if (state === 'alive')
      throw new DomainError('NOT_RESTORED', 'mark and database agree: there is nothing to recover');
    if (state !== 'recovering') await this.beginLife(published);
    await this.orders.order(order);
    return (await store.lifeFacts()).life;
  }

  private async beginLife(published: readonly PublishedCheckpoint[]): Promise<void> {
    const { life, store } = this.services;
    const next = await this.nextLife(published);
    const last = published.at(-1) ?? (await store.findCheckpoint());
    await store.beginLife(next, last?.note);
    await life.begun(store);
  }

  /** One more than every life that anybody knows of. */
  private async nextLife(published: readonly PublishedCheckpoint[]): Promise<number> {
    const { services } = this;
    const { life, store } = services;
    const stated = services.directory().nodes.get(services.node)?.logs ?? [];
    const known = [await store.lifeFacts(), ...published, ...stated].map((one) => one.life);
    return 1 + Math.max(life.mark()?.life ?? 0, ...known);
  }

  /** One round of questions; ends the recovery when all is level. For a while after, what came late is still looked for. */
  async turn(): Promise<void> {
    const { services } = this;
    const state = await services.life.look(services.store);
    if (state !== 'recovering' && !(await isInAftermath(services))) return;
    const ordered = await this.orders.find();
    if (!ordered) return;
    const peers = this.peersBut(ordered.without);
    await this.askPeers(peers, ordered, state === 'recovering' ? 'until told' : 'once more');
    await this.askForEvents();
    if (state !== 'recovering') await this.shut.ask();
    else if (await this.isLevel(peers, ordered.without)) await this.end();
  }

  async progress(): Promise<RecoveryProgress> {
    const { life, store } = this.services;
    const [facts, peers, wanted, inbound] = await Promise.all([
      store.lifeFacts(),
      store.recoveryPeers(0),
      store.countRecoveryWanted(),
      store.inbound(),
    ]);
    return {
      state: life.state,
      ...(life.reason ? { why: life.reason } : {}),
      life: facts.life,
      peers: peers.map(({ peer, streams, done }) => ({ peer, streams, done })),
      wanted,
      missing: inbound.reduce((sum, { highest, contiguousUpTo }) => sum + highest - contiguousUpTo, 0),
    };
  }

  /** Nodes that may hold something of this one's. */
  private peersBut(without: ReadonlySet<NodeId>): readonly NodeId[] {
    const { services } = this;
    return [...services.directory().nodes.keys()].filter((node) => node !== services.node && !without.has(node));
  }

  private async askPeers(
    peers: readonly NodeId[],
    { correlationId }: RecoveryOrdered,
    how: 'until told' | 'once more',
  ): Promise<void> {
    const { services } = this;
    const pauseMs = how === 'once more' ? LATE_LOOK_MS : ASK_AGAIN_MS;
    const known = new Map((await services.store.recoveryPeers(pauseMs)).map((peer) => [peer.peer, peer]));
    const due = peers.filter((peer) => {
      const asked = known.get(peer);
      return !asked || ((how === 'once more' || !asked.done) && !asked.askedLately);
    });
    await eachAlone(services, due, {
      work: async (peer) => {
        const after = known.get(peer)?.after;
        const wanted = { name: 'holdings-wanted', correlationId };
        await sendExchange(services, peer, wanted, after === undefined ? {} : { after });
        await this.tellLines(peer);
        await services.store.noteRecoveryPeer(peer, { streams: 0, done: false, ...(after && { after }) });
      },
      name: (peer) => `holdings-wanted/${peer}`,
    });
  }

  /** How far its lines are held in this state of the database: what is missing since, the peer sends again by itself. */
  private async tellLines(peer: NodeId): Promise<void> {
    const { services } = this;
    const { size } = await services.store.logSize();
    for (const line of await services.store.inbound())
      if (line.peer === peer) await sendExchange(services, peer, 'receipt', receiptData({ ...line, logSize: size }));
  }

  private async askForEvents(): Promise<void> {
    const { services } = this;
    const wanted = await services.store.takeRecoveryWanted(ASK_AGAIN_MS, RESENDS);
    const firsts = new Map<string, RecoveryWanted>();
    for (const one of wanted) {
      const key = `${one.peer}\n${one.subject}`;
      const before = firsts.get(key);
      if (!before || one.streamseq < before.streamseq) firsts.set(key, one);
    }
    await eachAlone(services, [...firsts.values()], {
      work: async ({ peer, subject, streamseq }) => {
        const head = await services.store.findHead(subject);
        const from = Math.min(streamseq, (head?.streamseq ?? 0) + 1);
        await sendExchange(services, peer, 'resend-wanted', { stream: subject, from: formatStreamSeq(from) });
      },
      name: ({ peer, subject }) => `resend-wanted/${peer}/${subject}`,
    });
  }

  private async isLevel(peers: readonly NodeId[], without: ReadonlySet<NodeId>): Promise<boolean> {
    const { store } = this.services;
    const done = new Set((await store.recoveryPeers(0)).filter((peer) => peer.done).map(({ peer }) => peer));
    if (!peers.every((peer) => done.has(peer)) || (await store.countRecoveryWanted()) > 0) return false;
    const lines = (await store.inbound()).filter(({ peer }) => !without.has(peer));
    return lines.every(({ highest, contiguousUpTo }) => contiguousUpTo >= highest);
  }

  private async end(): Promise<void> {
    const { services } = this;
    await raiseCodes(services);
    await new ErasureDesk(services).catchUp();
    await this.orders.complete();
    await services.store.endRecovery();
    await services.life.look(services.store);
    await this.shut.ask();
    services.bell.ring();
  }
}
