/**
 * Answers to exchange messages other than `openings` (wire format 2.2). All are idempotent; a lost answer is asked for
 * again. A peer is given only what it is entitled to: streams of which it is a recipient, openings of a duty it was given.
 */
import { readManifest, recipients } from '#libs/exchange';
import {
  DomainError,
  splitSource,
  splitType,
  type Hash,
  type JsonObject,
  type Message,
  type NodeId,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import { sendExchange } from '../exchange-messages.ts';
import type { ArrivedRecord } from '../ingest-mailbox/arrived.ts';
import { mailboxOf, type NodeServices } from '../node-services.ts';
import { sealOpenings } from '../send-openings/send-openings.ts';
import { recordOf } from '../exchange-messages.ts';
import type { HeldMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { noteErased } from './erased-arrived.ts';
import { answerHoldingsWanted, noteHoldings } from './holdings.ts';
import { findDuties } from './opening-duties.ts';
import { applyReceipt } from './receipt-arrived.ts';
import { lastWrittenBy } from './written-by.ts';

/**
 * Handles every exchange message of a batch, and those that the batch set free. A malformed one is reported, with its code,
 * and nothing else.
 */
export async function answerExchange(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  freed: readonly HeldMessage[] = [],
): Promise<void> {
  const fresh = arrived.flatMap(({ judged }) =>
    judged.ok && judged.sealed.class === 'exchange' && judged.tooEarly === undefined ? [judged.sealed] : [],
  );
  for (const sealed of [...fresh, ...freed.map(openStored)]) {
    // What arrived is recorded by now: whatever stands in the way of one answer must neither undo it nor stop the others.
    await answerOne(services, sealed).catch((error: unknown) => {
      const code = error instanceof DomainError ? error.code : error instanceof Error ? error.name : 'unknown';
      services.report({ code: 'EXCHANGE_NOT_ANSWERED', details: { from: sealed.message.source, code } });
    });
  }
}

async function answerOne(services: NodeServices, { message }: SealedMessage): Promise<void> {
  const peer = (splitSource(message.source)?.name ?? '') as NodeId;
  if (message.subject !== `exchange/${peer}/${services.node}`) {
    services.report({ code: 'EXCHANGE_NOT_FOR_US', details: { peer } });
    return;
  }
  const name = splitType(message.type)?.name ?? '';
  const handled = await answerNamed(services, { peer, name, data: message.data, message });
  if (!handled) services.report({ code: 'EXCHANGE_MALFORMED', details: { peer, name } });
}

interface Asked {
  readonly peer: NodeId;
  readonly name: string;
  readonly data: JsonObject;
  readonly message: Message;
}

/** False: the data are not what the name demands. */
async function answerNamed(services: NodeServices, asked: Asked): Promise<boolean> {
  switch (asked.name) {
    case 'openings':
      return true;
    case 'manifest':
      return applyManifest(services, asked);
    case 'receipt':
      return applyReceipt(services, asked);
    case 'resend-wanted':
      return answerResendWanted(services, asked);
    case 'openings-wanted':
      return answerOpeningsWanted(services, asked);
    case 'erased':
      return noteErased(services, asked);
    case 'holdings-wanted':
      return answerHoldingsWanted(services, asked);
    case 'holdings':
      return noteHoldings(services, asked);
    case 'openings-refused':
      services.report({ code: 'OPENINGS_REFUSED', details: { peer: asked.peer, why: asked.data['code'] } });
      return true;
    default:
      services.report({ code: 'EXCHANGE_NOT_ANSWERED', details: { peer: asked.peer, name: asked.name } });
      return true;
  }
}

async function applyManifest(services: NodeServices, { peer, data }: Asked): Promise<boolean> {
  const manifest = readManifest(data);
  if (!manifest) return false;
  await services.store.applyManifest(peer, manifest.line, manifest.first, manifest.hashes, manifest.highest);
  return true;
}

async function answerResendWanted(services: NodeServices, { peer, data }: Asked): Promise<boolean> {
  const { stream, from } = data as { stream?: unknown; from?: unknown };
  if (typeof stream !== 'string' || typeof from !== 'string' || !/^\d{10}$/.test(from)) return false;
  const subject = stream as Subject;
  const head = await services.store.findHead(subject);
  if (!head) return true;
  const mayHave = recipients(head.parties, head.hand, services.directory(), services.clock.now());
  const isRecipient = mayHave.has(peer) || head.receivers.includes(peer);
  const upTo = isRecipient ? undefined : await lastWrittenBy(services, peer, subject);
  if (isRecipient || upTo !== undefined) await services.store.requestStreamResend(peer, subject, Number(from), upTo);
  else services.report({ code: 'RESEND_REFUSED', details: { peer, subject } });
  return true;
}

/** Wire format 4: openings go to whom an event of the main branch gave a duty, and no further than that duty reaches. */
async function answerOpeningsWanted(services: NodeServices, { peer, data }: Asked): Promise<boolean> {
  const { events, purpose } = data as { events?: unknown; purpose?: unknown };
  if (!Array.isArray(events) || typeof purpose !== 'string') return false;
  const wanted = events.filter((hash): hash is Hash => typeof hash === 'string').slice(0, 1000);
  const due = await findDuties(services, peer, wanted);
  const { sealed, opened } = await sealOpenings(services, peer, due);
  if (sealed.length > 0)
    await services.sender.send(
      mailboxOf(peer),
      sealed.map(({ bytes }) => recordOf(services.node, bytes)),
    );
  const mayHave = new Set(due.map(({ event }) => event));
  const refused = wanted.filter((hash) => !opened.has(hash));
  const notHeld = refused.filter((hash) => mayHave.has(hash));
  const notEntitled = refused.filter((hash) => !mayHave.has(hash));
  await refuseOpenings(services, peer, { code: 'NOT_HELD', events: notHeld, purpose });
  await refuseOpenings(services, peer, { code: 'NOT_ENTITLED', events: notEntitled, purpose });
  return true;
}

interface RefusedOpenings {
  /** `NOT_HELD`: the peer may have them, and this node has none (never had, or has destroyed them). */
  readonly code: 'NOT_ENTITLED' | 'NOT_HELD';
  readonly events: readonly Hash[];
  readonly purpose: string;
}

/** In the register first, as what is given is (wire format 2.2). */
async function refuseOpenings(
  services: NodeServices,
  peer: NodeId,
  { code, events, purpose }: RefusedOpenings,
): Promise<void> {
  if (events.length === 0) return;
  const refusedAt = services.clock.now();
  // Of what this node does not hold there is nothing to say, and anybody could ask for any hash.
  const held = [...(await services.store.findByHash(events)).keys()];
  await services.vault.recordRefused(held.map((event) => ({ event, receiver: peer, purpose, code, refusedAt })));
  await sendExchange(services, peer, 'openings-refused', { events: [...events], code });
}
