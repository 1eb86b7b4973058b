/**
 * Copies of commands that this node has passed on: an originator that hears no answer sends its command again to the node it
 * first sent to (wire format 2.1). Each node leads the copy to where it passed the first one, so it comes to whoever has the
 * command now, and nobody else is asked. Hops grow from step to step, so a copy goes no way twice.
 *
 * Whoever may write to a mailbox can repeat a command, and each copy led on takes its openings along, which are rows of the
 * register for as long as the ledger. So a command is led on once in a while, which is all that its originator has use for;
 * what is left out costs nothing. Proved by `command-acts-once.int.spec.ts`.
 */
import { DomainError, instantToMs, type Hash } from '#libs/kernel';
import type { KnownRecord } from '../ingest-mailbox/recorded-before.ts';
import { hopsOf } from '../ingest-mailbox/recorded-before.ts';
import type { NodeServices } from '../node-services.ts';
import { sendCommandAgain } from '../send-openings/send-command-again.ts';
import { openStored } from '../stored-messages.ts';

export async function leadOn(services: NodeServices, known: readonly KnownRecord[]): Promise<void> {
  const shortest = new Map<Hash, KnownRecord>();
  for (const one of known.filter(({ stored }) => stored.class === 'command')) {
    const { hash } = one.stored;
    if (hopsOf(one.record) < hopsOf(shortest.get(hash)?.record ?? TOO_FAR)) shortest.set(hash, one);
  }
  const ways = await services.store.findWays([...shortest.keys()]);
  for (const [hash, way] of ways) {
    const { record, stored } = shortest.get(hash) as KnownRecord;
    if (hopsOf(record) >= way.hops || (await isAnswered(services, hash))) continue;
    if (!services.lately.note(`command/${hash}`, instantToMs(services.wallClock.now()))) continue;
    await sendCommandAgain(services, openStored(stored), way).catch((error: unknown) => {
      // Its originator asks again.
      const code = error instanceof DomainError ? error.code : 'UNEXPECTED';
      services.report({ code: 'COMMAND_NOT_LED_ON', details: { hash, to: way.to, why: code } });
    });
  }
}

const TOO_FAR = { headers: { 'lt-hops': '99' } };

/** By this node; what others say of it came here by no honest way. */
const isAnswered = async (services: NodeServices, command: Hash): Promise<boolean> =>
  (await services.store.findCaused(command)).some(
    ({ class: of, arrival }) => of === 'outcome' && arrival.kind === 'local',
  );
