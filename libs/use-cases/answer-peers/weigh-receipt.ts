/**
 * A receipt against what this node has given (design 6). Above its own highest number: it was put back, if no mark speaks for
 * its database. Of a line that is over: where it ended, the peer is told, so that it does not wait for numbers of a lost state.
 */
import { manifestData, meaningOf, type Receipt } from '#libs/exchange';
import type { NodeId } from '#libs/kernel';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';

interface Weighed {
  readonly peer: NodeId;
  readonly receipt: Receipt;
  /** Of the numbers given on that line. */
  readonly highest: number;
}

export async function weighReceipt(services: NodeServices, { peer, receipt, highest }: Weighed): Promise<void> {
  const { store } = services;
  const { life } = await store.lifeFacts();
  const meaning = meaningOf(receipt, { line: life, highest });
  if (meaning === 'own-node-restored') {
    services.report({ code: 'RECEIPT_ABOVE_OWN', details: { peer, line: receipt.line } });
    await services.life.disprove(store, 'BEHIND_RECEIPT');
  }
  if (meaning === 'old-line' && receipt.missing.some(([, to]) => to > highest)) {
    const end = { line: receipt.line, first: Math.max(highest, 1), hashes: [], highest };
    await sendExchange(services, peer, 'manifest', manifestData(end));
  }
}
