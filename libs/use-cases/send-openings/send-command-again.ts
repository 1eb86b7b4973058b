import { recordKeyOf } from '#libs/exchange';
import type { Hash, SealedMessage } from '#libs/kernel';
import { recordOf } from '../exchange-messages.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import type { CommandWay, OpeningDue } from '../ports/index.ts';
import { sealOpenings } from './send-openings.ts';

export const commandOpenings = (command: Hash): readonly OpeningDue[] => [
  { event: command, pointers: 'all', purpose: 'command' },
];

/** A command that the receiver may have had before, with its openings, sent at once and beside the line. Rejects when the broker does not take it. */
export async function sendCommandAgain(
  services: NodeServices,
  { hash, message, bytes }: Pick<SealedMessage, 'hash' | 'message' | 'bytes'>,
  { to, hops }: CommandWay,
): Promise<void> {
  const openings = await sealOpenings(services, to, commandOpenings(hash));
  await services.sender.send(mailboxOf(to), [
    ...openings.sealed.map((sealed) => recordOf(services.node, sealed.bytes)),
    recordOf(recordKeyOf(message.subject), bytes, hops),
  ]);
}
