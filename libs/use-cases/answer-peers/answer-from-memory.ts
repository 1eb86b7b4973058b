/**
 * An originator that has heard no answer sends its command again to the node it first sent to, which answers from memory
 * (wire format 2.1). So does whoever passed one on twice. Sent at once and not durably: what gets lost is asked for again.
 */
import { findLastKnown } from '#libs/directory';
import { recordKeyOf } from '#libs/exchange';
import { splitSource, type AgencyCode } from '#libs/kernel';
import { recordOf } from '../exchange-messages.ts';
import type { KnownRecord } from '../ingest-mailbox/recorded-before.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

export async function answerFromMemory(services: NodeServices, known: readonly KnownRecord[]): Promise<void> {
  const commands = new Map(
    known.filter(({ stored }) => stored.class === 'command').map(({ stored }) => [stored.hash, stored]),
  );
  for (const command of commands.values()) {
    const caused = await services.store.findCaused(command.hash);
    const outcomes = caused.filter((stored) => stored.class === 'outcome' && stored.arrival.kind === 'local');
    if (outcomes.length === 0) continue;
    const { message } = openStored(command);
    const requester = splitSource(message.source)?.name as AgencyCode;
    const node = findLastKnown(services.directory(), requester, services.clock.now())?.node;
    if (node === undefined || node === services.node) continue;
    const key = recordKeyOf(message.subject);
    const records = outcomes.map(({ bytes }) => recordOf(key, bytes));
    await services.sender.send(mailboxOf(node), records).catch((error: unknown) => {
      services.report({ code: 'ANSWER_NOT_REPEATED', details: { node, error } });
    });
  }
}
