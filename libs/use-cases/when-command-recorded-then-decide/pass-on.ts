import type { CommandRoute } from '#libs/exchange';
import { recordKeyOf } from '#libs/exchange';
import { recordOf } from '../exchange-messages.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import type { OpeningDue } from '../ports/index.ts';
import { sealOpenings } from '../send-openings/send-openings.ts';
import { refuse } from './outcomes.ts';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';

/** Wire format 2.1: header `lt-hops`, more than 8 is `TOO_MANY_HOPS`. */
const MAX_HOPS = 8;

/**
 * Custody is elsewhere: the command goes to the node that may decide it, with its openings, and is that node's to answer
 * from then on. An originator sends only to the node it first sent to, which answers from memory or passes on (wire format
 * 2.1), and keeps the command until it has heard: should the dossier come here meanwhile, it is decided here.
 */
export async function passOn(
  services: NodeServices,
  command: RecordedCommand,
  route: CommandRoute,
): Promise<CommandFate> {
  const { sealed, stored } = command;
  if (stored.arrival.kind === 'local') return sendFirst(services, command, route);
  const expiredAt = sealed.message.expirytime ?? '';
  if (services.clock.now() > expiredAt) return refuse(services, command, { code: 'EXPIRED', details: { expiredAt } });
  const hops = (stored.arrival.hops ?? 0) + 1;
  if (hops > MAX_HOPS) return refuse(services, command, { code: 'TOO_MANY_HOPS', details: {} });
  if (await services.store.wasSentTo(route.node, sealed.hash)) await sendAgain(services, command, { route, hops });
  else await owe(services, command, { route, hops });
  await services.store.markPassedOn(sealed.hash);
  services.bell.ring();
  return 'passed-on';
}

const openingsOf = ({ sealed }: RecordedCommand): readonly OpeningDue[] => [
  { event: sealed.hash, pointers: 'all', purpose: 'command' },
];

/** Recorded here while the dossier was in a hand of this node, and not sent to anybody yet. */
async function sendFirst(services: NodeServices, command: RecordedCommand, route: CommandRoute): Promise<CommandFate> {
  if (await services.store.wasSent(command.sealed.hash)) return 'kept';
  await owe(services, command, { route, hops: 0 });
  services.bell.ring();
  return 'kept';
}

interface Way {
  readonly route: CommandRoute;
  readonly hops: number;
}

async function owe(services: NodeServices, command: RecordedCommand, { route, hops }: Way): Promise<void> {
  const delivery = { receiver: route.node, message: command.sealed.hash, openings: openingsOf(command) };
  await services.store.append({
    messages: [],
    streams: [],
    deliveries: [{ ...delivery, ...(hops > 0 ? { hops } : {}) }],
  });
}

/**
 * It has been that way before and has a number on that line, which keeps its hops: sent at once with the hops of today. A
 * failure leaves it waiting here, to be tried again.
 */
async function sendAgain(services: NodeServices, command: RecordedCommand, { route, hops }: Way): Promise<void> {
  const { sealed } = command;
  const openings = await sealOpenings(services, route.node, openingsOf(command));
  await services.sender.send(mailboxOf(route.node), [
    ...openings.sealed.map(({ bytes }) => recordOf(services.node, bytes)),
    recordOf(recordKeyOf(sealed.message.subject), sealed.bytes, hops),
  ]);
}
