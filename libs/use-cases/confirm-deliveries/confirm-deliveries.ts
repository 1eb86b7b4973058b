/**
 * Both ends of a line (design 6): receipts for what came in, and what to do about what a peer has not confirmed.
 * "Lag is 0" is not an answer; "holds 1…41,207 of 41,207, 2 refused" is.
 */
import { isReminderDue, receiptData, resendingAfter, type MissingSince } from '#libs/exchange';
import { eachAlone } from '../each-alone.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import type { DeliveryStatus } from '../ports/index.ts';
import { remindOnce, resendOnce } from '../relay-outbox/relay-outbox.ts';

/** Sends a receipt for every inbound line that changed. Gives how many. One that cannot be sent to delays no other. */
export async function sendReceipts(services: NodeServices): Promise<number> {
  const due = await services.store.receiptsDue();
  if (due.length === 0) return 0;
  const { size } = await services.store.logSize();
  await eachAlone(services, due, {
    work: async (inbound) => {
      await sendExchange(services, inbound.peer, 'receipt', receiptData({ ...inbound, logSize: size }));
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
}

/** Sends again what peers have been missing for 10 s, and reminds them of numbers that no receipt covers. */
export class DeliveryMender {
  private readonly services: NodeServices;
  private readonly watches = new Map<string, LineWatch>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  async mend(nowMs: number): Promise<void> {
    const lines = await this.services.store.deliveries();
    await eachAlone(this.services, lines, {
      work: (status) => this.mendLine(status, nowMs),
      name: ({ peer }) => `line/${peer}`,
    });
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
    while ((await resendOnce(this.services, status.peer)) > 0);
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
    watch.since = since;
    if (due.length > 0) await this.services.store.requestResend(status.peer, due, status.line);
  }
}
