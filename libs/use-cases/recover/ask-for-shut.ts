/**
 * The vault may have been put back, too: openings of events that this node wrote, or that its agencies need for what is in
 * their hands, are asked of those who were sent them. They come when they come: nobody's signature waits for them.
 */
import { committedPointers } from '#libs/exchange';
import { nodeOf } from '#libs/directory';
import {
  agencyInHand,
  splitSource,
  type AgencyCode,
  type Hash,
  type NodeId,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import { eachAlone } from '../each-alone.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 1000;
/** Hashes in one question, well below what a message may hold. */
const ASKED_AT_ONCE = 500;

/** Gives how many events are shut. */
export async function askForShut(services: NodeServices): Promise<number> {
  const shut = new Map<NodeId, Hash[]>();
  let count = 0;
  for (let after = -1; ;) {
    const page = await services.store.readLog(after, PAGE);
    const last = page.at(-1);
    if (!last) break;
    after = last.logIndex;
    for (const { event, holders } of await shutIn(
      services,
      page.filter((one) => one.class === 'event').map(openStored),
    )) {
      count += 1;
      for (const holder of holders) shut.set(holder, [...(shut.get(holder) ?? []), event]);
    }
  }
  await eachAlone(services, [...shut], {
    work: async ([holder, events]) => {
      for (let at = 0; at < events.length; at += ASKED_AT_ONCE)
        await sendExchange(services, holder, 'openings-wanted', {
          events: events.slice(at, at + ASKED_AT_ONCE),
          purpose: 'recovery',
        });
    },
    name: ([holder]) => `openings-wanted/${holder}`,
  });
  return count;
}

async function shutIn(
  services: NodeServices,
  events: readonly SealedMessage[],
): Promise<readonly { readonly event: Hash; readonly holders: readonly NodeId[] }[]> {
  const personal = events.filter((event) => committedPointers(event).length > 0);
  if (personal.length === 0) return [];
  const open = await services.vault.findPointers(personal.map(({ hash }) => hash));
  const lacking = personal.filter((event) => committedPointers(event).length > (open.get(event.hash)?.length ?? 0));
  const found: { event: Hash; holders: readonly NodeId[] }[] = [];
  for (const event of lacking) {
    const holders = await holdersOf(services, event);
    if (holders.length > 0) found.push({ event: event.hash, holders });
  }
  return found;
}

/** Nodes of the other parties, when this node wrote the event or has the dossier in hand. */
async function holdersOf(services: NodeServices, { message }: SealedMessage): Promise<readonly NodeId[]> {
  const subject = message.subject as Subject;
  const head = await services.store.findHead(subject);
  if (!head) return [];
  const at = services.clock.now();
  const home = (agency: AgencyCode): NodeId | undefined => nodeOf(services.directory(), agency, at);
  const author = home(splitSource(message.source)?.name as AgencyCode);
  const custodian = head.hand && home(agencyInHand(head.hand));
  if (author !== services.node && custodian !== services.node) return [];
  const erased = await services.vault.erasedSubjects(subject);
  if (erased.size > 0) return [];
  const parties = new Set(head.parties.map(home));
  return [...parties].filter((node) => node !== undefined && node !== services.node) as NodeId[];
}
