import type { CommandRoute } from '#libs/exchange';
import { nodeOf } from '#libs/directory';
import { refusalMessage } from '#libs/dossier';
import type { NodeServices } from '../node-services.ts';
import { refusedUnit } from './outcomes.ts';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';

/** Wire format 2.1: header `lt-hops`, more than 8 is `TOO_MANY_HOPS`. */
const MAX_HOPS = 8;

/**
 * Custody has moved: the command goes to the node that may decide it, with its openings. One that began here counts its
 * first hop there. Handing over what was handed over before changes nothing.
 */
export async function passOn(
  services: NodeServices,
  command: RecordedCommand,
  route: CommandRoute,
): Promise<CommandFate> {
  const { sealed, stored } = command;
  const isOrigin = stored.arrival.kind === 'local';
  const hops = stored.arrival.kind === 'mailbox' ? (stored.arrival.hops ?? 0) + 1 : 0;
  if (hops > MAX_HOPS) return refuseHops(services, command);
  if (isOrigin && (await wasSent(services, command))) return 'passed-on';
  const openings = [{ event: sealed.hash, pointers: 'all' as const, purpose: 'command' }];
  await services.store.append({
    messages: [],
    streams: [],
    deliveries: [{ receiver: route.node, message: sealed.hash, openings, ...(hops > 0 ? { hops } : {}) }],
  });
  services.bell.ring();
  return 'passed-on';
}

/** An originator sends only to the node it first sent to, which answers from memory or passes on (wire format 2.1). */
async function wasSent(services: NodeServices, { sealed }: RecordedCommand): Promise<boolean> {
  const peers = await services.store.deliveries();
  for (const { peer } of peers) if (await services.store.wasSentTo(peer, sealed.hash)) return true;
  return false;
}

async function refuseHops(services: NodeServices, command: RecordedCommand): Promise<CommandFate> {
  const now = services.clock.now();
  const directory = services.directory();
  const writer = [...directory.agencies.keys()].find((agency) => nodeOf(directory, agency, now) === services.node);
  if (writer === undefined) return 'kept';
  const message = refusalMessage({ code: 'TOO_MANY_HOPS', details: {} });
  await services.store.append(refusedUnit(services, command, { writer, code: 'TOO_MANY_HOPS', message, allowed: [] }));
  return 'answered';
}
