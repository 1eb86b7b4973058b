import type { CommandRoute } from '#libs/exchange';
import type { NodeServices } from '../node-services.ts';
import type { CommandWay } from '../ports/index.ts';
import { commandOpenings, sendCommandAgain } from '../send-openings/send-command-again.ts';
import { refuse } from './outcomes.ts';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';

/** Wire format 2.1: header `lt-hops`, more than 8 is `TOO_MANY_HOPS`. */
const MAX_HOPS = 8;

/**
 * Custody is elsewhere: the command goes to the node that may decide it, with its openings, and is that node's to answer
 * from then on. One that began here waits for its outcome (`AnswersAwaited`); having come back, it goes on like any other.
 */
export async function passOn(
  services: NodeServices,
  command: RecordedCommand,
  route: CommandRoute,
): Promise<CommandFate> {
  const { sealed, stored } = command;
  if (stored.arrival.kind === 'local' && stored.arrival.hops === undefined) {
    await owe(services, command, { to: route.node, hops: 0 });
    services.bell.ring();
    return 'kept';
  }
  const expiredAt = sealed.message.expirytime ?? '';
  if (services.clock.now() > expiredAt) return refuse(services, command, { code: 'EXPIRED', details: { expiredAt } });
  const way: CommandWay = { to: route.node, hops: (stored.arrival.hops ?? 0) + 1 };
  if (way.hops > MAX_HOPS) return refuse(services, command, { code: 'TOO_MANY_HOPS', details: {} });
  // It has been that way before and has a number on that line, which keeps its hops: sent at once with those of today. A
  // failure leaves it waiting here, to be tried again.
  if (await services.store.wasSentTo(way.to, sealed.hash)) await sendCommandAgain(services, sealed, way);
  else await owe(services, command, way);
  await services.store.markPassedOn(sealed.hash, way);
  services.bell.ring();
  return 'passed-on';
}

async function owe(services: NodeServices, { sealed }: RecordedCommand, { to, hops }: CommandWay): Promise<void> {
  const delivery = { receiver: to, message: sealed.hash, openings: commandOpenings(sealed.hash) };
  await services.store.append({
    messages: [],
    streams: [],
    deliveries: [{ ...delivery, ...(hops > 0 ? { hops } : {}) }],
  });
}
