/**
 * A receipt says how far the receiver holds our line (wire format 2.2). One that says word for word what the one before said,
 * and leaves numbers open that were sent, asks for them: whoever has lost its mailbox sends such (`ask-for-lines`), and gets
 * them at once. For what is merely slow the ten seconds of the relay are soon enough, so a line is sent again at a peer's
 * word once in a while. Proved by `mailbox-gap.int.spec.ts` (gateway), `ask-for-lines.int.spec.ts`.
 */
import { isSaidAgain, namesNothing, numbersOpen, readReceipt } from '#libs/exchange';
import { instantToMs, type JsonObject, type NodeId } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { weighReceipt } from './weigh-receipt.ts';

/** False: the data are not what the name demands. */
export async function applyReceipt(
  services: NodeServices,
  { peer, data }: { readonly peer: NodeId; readonly data: JsonObject },
): Promise<boolean> {
  const receipt = readReceipt(data);
  if (!receipt) return false;
  const { line } = receipt;
  const deliveries = await services.store.deliveries();
  const own = deliveries.find((delivery) => delivery.peer === peer && delivery.line === line);
  // Asked of everybody by one that has lost its mailbox: nothing is owed it here.
  if (!own && namesNothing(receipt)) return true;
  await weighReceipt(services, { peer, receipt, highest: own?.highest ?? 0 });
  await services.store.applyReceipt(peer, receipt);
  if (!own || !isSaidAgain(receipt, own)) return true;
  const numbers = numbersOpen(receipt, own.sent);
  const nowMs = instantToMs(services.wallClock.now());
  if (numbers.length === 0 || !services.lately.note(`line/${peer}/${line}`, nowMs)) return true;
  await services.store.requestResend(peer, numbers, line);
  services.bell.ring();
  return true;
}
