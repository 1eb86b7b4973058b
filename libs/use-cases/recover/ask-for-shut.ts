/**
 * The vault may have been put back, too: openings of events that this node wrote, or that its agencies need for what is in
 * their hands, are asked of those who were sent them. They come when they come: nobody's signature waits for them.
 * For an hour they are asked for again, since questions and answers get lost.
 */
import { committedPointers, recipients } from '#libs/exchange';
import { nodeOf } from '#libs/directory';
import {
  agencyInHand,
  instantToMs,
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

/** A question whose answer was lost, or that found its holder away, is asked again after this long. */
const ASK_AGAIN_MS = 120_000;

/** Reads the log once, and what comes to it later; what was shut is looked at again. Kept as long as the process lives. */
export class ShutDesk {
  private readonly services: NodeServices;
  private after = -1;
  private shut: ReadonlyMap<Hash, SealedMessage> = new Map();
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Gives how many events are shut, and asks for them unless it has not long ago. */
  async ask(): Promise<number> {
    const nowMs = instantToMs(this.services.wallClock.now());
    if (nowMs - this.askedMs < ASK_AGAIN_MS) return this.shut.size;
    this.askedMs = nowMs;
    const lacking = await shutIn(this.services, [...this.shut.values()]);
    for (;;) {
      const page = await this.services.store.readLog(this.after, PAGE);
      const last = page.at(-1);
      if (!last) break;
      lacking.push(...(await shutIn(this.services, page.filter((one) => one.class === 'event').map(openStored))));
      this.after = last.logIndex;
    }
    this.shut = new Map(lacking.map((one) => [one.event.hash, one.event]));
    await askHolders(this.services, lacking);
    return lacking.length;
  }
}

async function askHolders(services: NodeServices, lacking: readonly Shut[]): Promise<void> {
  const byHolder = new Map<NodeId, Hash[]>();
  for (const { event, holders } of lacking)
    for (const holder of holders) byHolder.set(holder, [...(byHolder.get(holder) ?? []), event.hash]);
  await eachAlone(services, [...byHolder], {
    work: async ([holder, events]) => {
      for (let at = 0; at < events.length; at += ASKED_AT_ONCE)
        await sendExchange(services, holder, 'openings-wanted', {
          events: events.slice(at, at + ASKED_AT_ONCE),
          purpose: 'recovery',
        });
    },
    name: ([holder]) => `openings-wanted/${holder}`,
  });
}

interface Shut {
  readonly event: SealedMessage;
  readonly holders: readonly NodeId[];
}

async function shutIn(services: NodeServices, events: readonly SealedMessage[]): Promise<Shut[]> {
  const personal = events.filter((event) => committedPointers(event).length > 0);
  if (personal.length === 0) return [];
  const open = await services.vault.findPointers(personal.map(({ hash }) => hash));
  const lacking = personal.filter((event) => committedPointers(event).length > (open.get(event.hash)?.length ?? 0));
  const found: Shut[] = [];
  for (const event of lacking) {
    const holders = await holdersOf(services, event);
    if (holders.length > 0) found.push({ event, holders });
  }
  return found;
}

/** Nodes of the other parties and of adapters, which were sent some of it; if this node wrote it or has the dossier in hand. */
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
  const others = recipients(head.parties, head.hand, services.directory(), at);
  return [...others].filter(([node, { role }]) => role !== 'superior' && node !== services.node).map(([node]) => node);
}
