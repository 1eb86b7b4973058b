/** What a peer holds of a node that lost something (wire format 2.2): asked in a recovery, and answered page by page. */
import { manifestData, type HeadFields } from '#libs/exchange';
import {
  agencySource,
  formatStreamSeq,
  instantToMs,
  isHash,
  type AgencyCode,
  type Instant,
  type JsonObject,
  type Message,
  type NodeId,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import { agenciesOf } from '../agencies-of.ts';
import { sendExchange, type ExchangeName } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { isInAftermath } from '../recover/aftermath.ts';
import { ordersOf } from '../recover/recovery-orders.ts';
import type { Holding, HoldingsOf, RecoveryWanted, StoredMessage } from '../ports/index.ts';
import { commandOpenings } from '../send-openings/send-command-again.ts';
import { openStored } from '../stored-messages.ts';

/** Streams on a page. The format allows 1000; so many names of the longest kind would not fit a message. */
const PAGE = 400;

interface Asked {
  readonly peer: NodeId;
  readonly data: JsonObject;
  readonly message: Message;
}

/** The streams in which the peer or an agency of its has a part, or has written, with every end of theirs. */
export async function answerHoldingsWanted(services: NodeServices, { peer, data, message }: Asked): Promise<boolean> {
  const { after } = data;
  if (after !== undefined && typeof after !== 'string') return false;
  const of = { node: peer, agencies: agenciesOf(services, peer) };
  const page = await services.store.listHoldings(of, after as Subject | undefined, PAGE);
  if (after === undefined) {
    await tellEnds(services, peer);
    await giveCommandsBack(services, peer, of.agencies);
  }
  const streams = [...page, ...(await aside(services, page, of))].map((one) => [
    one.subject,
    formatStreamSeq(one.streamseq),
    one.hash,
  ]);
  const last = page.at(-1);
  const next = page.length === PAGE && last ? { next: last.subject } : {};
  await sendExchange(services, peer, inAnswerTo('holdings', message), { streams, ...next });
  return true;
}

/** Where each line to the peer stands, in case it has lost all knowledge of it: what it misses, it says in its receipts. */
async function tellEnds(services: NodeServices, peer: NodeId): Promise<void> {
  for (const { peer: to, line, sent } of await services.store.deliveries()) {
    if (to !== peer || sent === 0) continue;
    const manifest = { line, first: sent, hashes: [], highest: sent };
    await sendExchange(services, peer, 'manifest', manifestData(manifest));
  }
}

/** Wire format 2.1: a command is remembered until a week after its expiry. */
const REMEMBERED_MS = 7 * 86_400_000;

/**
 * What its agencies have asked here, on the line to it: it knows again what it asked, and the outcomes have something to be
 * outcomes of. A command that has a number on the line already is not owed twice.
 */
async function giveCommandsBack(services: NodeServices, peer: NodeId, agencies: readonly AgencyCode[]): Promise<void> {
  const nowMs = instantToMs(services.clock.now());
  for (let after = -1; ;) {
    const page = await services.store.readCommandsOf(agencies.map(agencySource), after, PAGE);
    const last = page.at(-1);
    if (!last) return;
    const owed: StoredMessage[] = [];
    for (const stored of page)
      if (isRemembered(stored, nowMs) && !(await services.store.wasSentTo(peer, stored.hash))) owed.push(stored);
    const deliveries = owed.map(({ hash }) => ({ receiver: peer, message: hash, openings: commandOpenings(hash) }));
    if (deliveries.length > 0) await services.store.append({ messages: [], streams: [], deliveries });
    services.bell.ring();
    after = last.logIndex;
  }
}

/** Whether somebody may still ask about the command. */
export function isRemembered(stored: StoredMessage, nowMs: number): boolean {
  const { expirytime } = openStored(stored).message;
  return expirytime !== undefined && instantToMs(expirytime as Instant) + REMEMBERED_MS > nowMs;
}

/** Superseded events are part of a history, too. At most 1000 ends fit on a page. */
async function aside(services: NodeServices, page: readonly Holding[], of: HoldingsOf): Promise<readonly Holding[]> {
  if (page.length === 0) return [];
  const heads = await services.store.loadGraphs(page.map(({ subject }) => subject));
  return page
    .flatMap(({ subject, streamseq: end }) => {
      const { head, events = [] } = heads.get(subject) ?? {};
      const last = head && hasPart(head, of) ? Infinity : end;
      return events
        .filter(({ hash, streamseq }) => streamseq <= last && head?.superseded.includes(hash))
        .map(({ hash, streamseq }) => ({ subject, streamseq, hash }));
    })
    .slice(0, PAGE);
}

const hasPart = ({ receivers, parties, hand }: HeadFields, { node, agencies }: HoldingsOf): boolean =>
  (node !== undefined && receivers.includes(node)) ||
  (hand?.kind === 'transit' && agencies.includes(hand.to)) ||
  parties.some((agency) => agencies.includes(agency));

/** Only in a recovery, or not long after, and only what answers it: what is told of and not recorded is wanted, and the next page asked for. */
export async function noteHoldings(services: NodeServices, { peer, data, message }: Asked): Promise<boolean> {
  const told = readHoldings(data);
  if (!told) return false;
  if (services.life.state !== 'recovering' && !(await isInAftermath(services))) return true;
  if (!(await isAnswer(services, message))) return true;
  const { store } = services;
  const recorded = await store.findByHash(told.streams.map(({ hash }) => hash));
  const wanted = told.streams.filter(({ hash }) => !recorded.has(hash));
  await store.wantInRecovery(wanted.map((one): RecoveryWanted => ({ ...one, peer })));
  const { next } = told;
  await store.noteRecoveryPeer(peer, {
    streams: new Set(told.streams.map(({ subject }) => subject)).size,
    done: next === undefined,
    ...(next !== undefined && { after: next }),
  });
  if (next !== undefined) await sendExchange(services, peer, inAnswerTo('holdings-wanted', message), { after: next });
  return true;
}

const inAnswerTo = (name: string, { correlationid }: Message): ExchangeName =>
  correlationid === undefined ? name : { name, correlationId: correlationid as Uuid };

/**
 * The mailbox of an old database is read again, and in it stand answers that an earlier recovery has had: they know nothing of
 * what this node has done since. A peer that carries no correlation on is believed by its clock.
 */
async function isAnswer(services: NodeServices, { correlationid, recordedtime }: Message): Promise<boolean> {
  const ordered = await ordersOf(services).find();
  if (!ordered) return false;
  return correlationid === undefined ? recordedtime >= ordered.at : correlationid === ordered.correlationId;
}

function readHoldings({ streams, next }: JsonObject): { streams: readonly Holding[]; next?: Subject } | undefined {
  if (!Array.isArray(streams) || (next !== undefined && typeof next !== 'string')) return undefined;
  const read = (streams as readonly unknown[]).map(readHolding);
  if (read.some((one) => one === undefined)) return undefined;
  return { streams: read as Holding[], ...(next !== undefined && { next: next as Subject }) };
}

function readHolding(entry: unknown): Holding | undefined {
  const [subject, place, hash] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const fits = typeof subject === 'string' && typeof place === 'string' && typeof hash === 'string' && isHash(hash);
  if (!fits || !/^\d{10}$/.test(place)) return undefined;
  return { subject: subject as Subject, streamseq: Number(place), hash };
}
