/**
 * After a gap in the mailbox (retention passed us, the topic was made anew, another cluster) nobody knows what was lost. So
 * every node that may owe us something is asked for its line at once (design 6): by a receipt that says how far we hold it,
 * said twice, since the second says nothing new whatever the sender heard before, and is an answer to nothing
 * (`answer-peers/receipt-arrived.ts`). A node of which no manifest ever came may owe us one all the same: it is asked for line 1.
 *
 * States: quiet → noted → asking (those not reached yet, each with pauses that grow) → quiet. In memory: a process that dies
 * over it leaves the rest to the senders' own reminders. Proved by `ask-for-lines.int.spec.ts`.
 */
import { receiptData, type Receipt } from '#libs/exchange';
import { DomainError, instantToMs, type NodeId } from '#libs/kernel';
import { eachAlone } from '../each-alone.ts';
import { recordOf, sealExchange } from '../exchange-messages.ts';
import { GrowingPauses } from '../growing-pauses.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';

const PAUSES = { firstMs: 1_000, longestMs: 600_000 };
const NEVER_HEARD_OF = { line: 1, contiguousUpTo: 0, missing: [], refused: [] };

export class LineDesk {
  private readonly services: NodeServices;
  private readonly pauses = new GrowingPauses(PAUSES);
  private isNoted = false;
  private left = new Set<NodeId>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** The mailbox has lost something: everybody is asked at the next turn, which comes at once. */
  noteGap(): void {
    this.isNoted = true;
    this.services.bell.ring();
  }

  /** Gives how many nodes are still to be asked. */
  async ask(): Promise<number> {
    if (this.isNoted) await this.begin();
    if (this.left.size === 0) return 0;
    const { services } = this;
    const [inbound, { size: logSize }] = await Promise.all([services.store.inbound(), services.store.logSize()]);
    const nowMs = instantToMs(services.wallClock.now());
    const due = [...this.left].filter(
      (peer) => !this.pauses.has(peer) || this.pauses.findDue(peer, nowMs) !== undefined,
    );
    await eachAlone(services, due, {
      work: async (peer) => {
        const lines = inbound.filter((line) => line.peer === peer);
        const receipts = (lines.length > 0 ? lines : [NEVER_HEARD_OF]).map((line) => ({ ...line, logSize }));
        if (await this.askPeer(peer, receipts)) this.left.delete(peer);
        else this.pauses.findDue(peer, nowMs);
      },
      name: (peer) => `line/${peer}`,
    });
    return this.left.size;
  }

  private async begin(): Promise<void> {
    const { services } = this;
    const known = (await services.store.inbound()).map(({ peer }) => peer);
    this.left = new Set([...known, ...services.directory().nodes.keys()].filter((node) => node !== services.node));
    for (const peer of this.left) this.pauses.forget(peer);
    this.isNoted = false;
  }

  private async askPeer(peer: NodeId, receipts: readonly Receipt[]): Promise<boolean> {
    const { services } = this;
    const records = receipts.flatMap((receipt) =>
      [0, 1].map(() => recordOf(services.node, sealExchange(services, peer, 'receipt', receiptData(receipt)).bytes)),
    );
    try {
      await services.sender.send(mailboxOf(peer), records);
      return true;
    } catch (error) {
      const why = error instanceof DomainError ? error.code : 'UNEXPECTED';
      services.report({ code: 'LINE_NOT_ASKED', details: { peer, why } });
      return false;
    }
  }
}
