/**
 * Both ends of a line (design 6): receipts for what came in, and what to do about what a peer has not confirmed.
 * "Lag is 0" is not an answer; "holds 1…41,207 of 41,207, 2 refused" is.
 */
import {
  isReminderDue,
  pauseBefore,
  receiptData,
  resendingAfter,
  RetryBudget,
  type MissingSince,
} from '#libs/exchange';
import { instantToMs, type NodeId } from '#libs/kernel';
import { eachAlone } from '../each-alone.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { GrowingPauses } from '../growing-pauses.ts';
import type { DeliveryStatus, InboundStatus } from '../ports/index.ts';
import { remindOnce, resendOnce } from '../relay-outbox/relay-outbox.ts';
import { NOTHING_STOPPED, type StopSwitches } from '../stop-loops/stop-switches.ts';

/** A peer that cannot be sent to is asked for ever more rarely; a receipt waits as a changed line, whose state it tells. */
const PAUSES = { firstMs: 500, longestMs: 60_000 };
/** Receipts in all. */
const RECEIPTS = { most: 500, perSecond: 200 };

/** What a process remembers of the receipts it could not send. */
export class ReceiptPace {
  readonly pauses = new GrowingPauses(PAUSES);
  private readonly budget = new RetryBudget(RECEIPTS);

  /** Whether one may go to the peer now. */
  allows({ peer }: Pick<InboundStatus, 'peer'>, nowMs: number): boolean {
    return !this.pauses.waits(peer, nowMs) && this.budget.take(nowMs);
  }
}

/** Sends a receipt for every inbound line that changed. Gives how many. One that cannot be sent to delays no other. */
export async function sendReceipts(services: NodeServices, pace = new ReceiptPace()): Promise<number> {
  const nowMs = instantToMs(services.wallClock.now());
  const due = (await services.store.receiptsDue()).filter((line) => pace.allows(line, nowMs));
  if (due.length === 0) return 0;
  const { size } = await services.store.logSize();
  await eachAlone(services, due, {
    work: async (inbound) => {
      pace.pauses.putOff(inbound.peer, nowMs);
      await sendExchange(services, inbound.peer, 'receipt', receiptData({ ...inbound, logSize: size }));
      pace.pauses.forget(inbound.peer);
      await services.store.markReceiptSent(inbound.peer, inbound.line, inbound.contiguousUpTo);
    },
    name: ({ peer }) => `receipt/${peer}`,
  });
  return due.length;
}

/** What was last done about a line, in real milliseconds; kept by the role as long as it runs. */
interface LineWatch {
  since: MissingSince;
  lastManifestMs: number;
  /** When it was last sent again, on which receipt, and how often on that one. */
  resent?: { readonly atMs: number; readonly receiptAt: string | undefined; readonly times: number };
}

/** Batches sent again in all: a peer that has lost everything is served, and the new is served beside it. */
const RESENDS = { most: 40, perSecond: 10 };

/** A peer that says nothing is asked by one number whether it is there. */
const PROBES = { firstMs: 10_000, longestMs: 600_000 };

/** Sends again what peers have been missing for 10 s, and reminds them of numbers that no receipt covers. To a
 * peer that has said nothing since it was last sent all it misses goes one number, ever more rarely: it may merely be away, and
 * finds everything in its mailbox when it is back; its answer to that number has the rest sent. What is sent again goes to one peer
 * after the other, a batch at a time, so that one that misses much takes nothing from one that misses little.
 */
export class DeliveryMender {
  private readonly services: NodeServices;
  private readonly stops: Pick<StopSwitches, 'isStopped'>;
  private readonly watches = new Map<string, LineWatch>();
  private lastServed: NodeId | undefined;
  private readonly resends = new RetryBudget(RESENDS);

  constructor(services: NodeServices, stops: Pick<StopSwitches, 'isStopped'> = NOTHING_STOPPED) {
    this.services = services;
    this.stops = stops;
  }

  async mend(nowMs: number): Promise<void> {
    const all = await this.services.store.deliveries();
    const lines = all.filter(({ peer }) => !this.stops.isStopped({ loop: 'deliveries', peer }));
    await eachAlone(this.services, lines, {
      work: (status) => this.mendLine(status, nowMs),
      name: ({ peer }) => `line/${peer}`,
    });
    await this.sendAgain([...new Set(lines.map(({ peer }) => peer))].sort(), nowMs);
  }

  private async mendLine(status: DeliveryStatus, nowMs: number): Promise<void> {
    const key = `${status.peer}/${status.line}`;
    const watch = this.watches.get(key) ?? { since: new Map(), lastManifestMs: nowMs };
    this.watches.set(key, watch);
    await this.resend(status, watch, nowMs);
    if (isReminderDue({ ...status, lastManifestMs: watch.lastManifestMs }, nowMs)) {
      watch.lastManifestMs = nowMs;
      await remindOnce(this.services, status.peer, status.line, status.contiguousUpTo);
    }
  }

  /** Rounds over the peers, beginning after the one that the last budget ended with. */
  private async sendAgain(peers: readonly NodeId[], nowMs: number): Promise<void> {
    const at = peers.findIndex((peer) => peer === this.lastServed) + 1;
    let left = [...peers.slice(at), ...peers.slice(0, at)];
    while (left.length > 0) {
      const more: NodeId[] = [];
      for (const peer of left) {
        if (!this.resends.take(nowMs)) return;
        this.lastServed = peer;
        if ((await this.resendTo(peer)) > 0) more.push(peer);
      }
      left = more;
    }
  }

  /** What cannot be sent is due again, and stops no other peer's. */
  private async resendTo(peer: NodeId): Promise<number> {
    let sent = 0;
    await eachAlone(this.services, [peer], {
      work: async () => {
        sent = await resendOnce(this.services, peer);
      },
      name: () => `resend/${peer}`,
    });
    return sent;
  }

  private async resend(status: DeliveryStatus, watch: LineWatch, nowMs: number): Promise<void> {
    const receipt = {
      line: status.line,
      contiguousUpTo: status.contiguousUpTo,
      missing: status.missing,
      refused: status.refused,
      logSize: 0,
    };
    const { due, since } = resendingAfter(receipt, status.sent, { since: watch.since, nowMs });
    const { resent } = watch;
    const { receiptAt } = status;
    if (due.length === 0 || !resent || resent.receiptAt !== receiptAt) {
      watch.since = since;
      if (due.length === 0) return;
      watch.resent = { atMs: nowMs, receiptAt, times: 0 };
      await this.services.store.requestResend(status.peer, due, status.line);
    } else if (nowMs - resent.atMs >= pauseBefore(status.peer, resent.times + 1, PROBES)) {
      watch.resent = { atMs: nowMs, receiptAt, times: resent.times + 1 };
      await this.services.store.requestResend(status.peer, due.slice(0, 1), status.line);
    }
  }
}
