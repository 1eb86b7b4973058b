/** What becomes of commands, looked at when everything has had time to arrive: none is lost, none acts twice. */
import { splitType, type AgencyCode, type Hash, type Subject } from '#libs/kernel';
import { openStored, type EventStore } from '#libs/use-cases';
import type { Seen, Violation } from './seen.ts';
import type { Asked } from './people.ts';

export async function acknowledged(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = seen.people.waiting.map(({ act }) => ({
    invariant: 'who asks is answered',
    detail: `${act.command} of ${act.agency} about ${act.subject}`,
  }));
  for (const asked of seen.people.asked) {
    const { act, acknowledged } = asked;
    if (!acknowledged || acknowledged.kind === 'refused') continue;
    const store = storeOf(seen, act.agency);
    const hashes =
      acknowledged.kind === 'sent'
        ? [acknowledged.command]
        : acknowledged.answer.events.map(({ hash }) => hash as Hash);
    const there = await store.findByHash(hashes);
    if (there.size < new Set(hashes).size && !(await isExcused(seen, asked, hashes)))
      found.push({
        invariant: 'nothing acknowledged is lost',
        detail: `${act.command} of ${act.agency} about ${act.subject}`,
      });
  }
  return found;
}

/** A command that began on a ledger that is gone is with whom it was sent to, if it got there; an event with whoever has it. */
async function isExcused(seen: Seen, asked: Asked, hashes: readonly Hash[]): Promise<boolean> {
  if (asked.acknowledged?.kind === 'sent') return wentOverRestore(seen, asked);
  return wasNowhereElse(seen, asked, hashes);
}

/** Acknowledged before an older ledger was put back, and held by nobody but the one that is gone. */
async function wasNowhereElse(seen: Seen, asked: Asked, hashes: readonly Hash[]): Promise<boolean> {
  if (!wentOverRestore(seen, asked)) return false;
  for (const { store } of seen.observed) if ((await store.findByHash(hashes)).size > 0) return false;
  return true;
}

/** What a clerk asked of a node before, or while, its ledger was put back: its memory of requests went with it. */
const wentOverRestore = (seen: Seen, { act, askedAtMs }: Asked): boolean =>
  seen.world.homeOf(act.agency)?.restoredAtMs.some((at) => at >= askedAtMs) === true;

/** One act, one effect: however often it was asked for, sent, passed on, decided. */
export async function once(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const asked of seen.people.asked) {
    if (asked.acknowledged?.kind === 'sent')
      found.push(...(await answeredOnce(seen, asked, asked.acknowledged.command)));
    else found.push(...(await actedOnce(seen, asked)));
  }
  return found;
}

async function answeredOnce(seen: Seen, asked: Asked, command: Hash): Promise<Violation[]> {
  const { act } = asked;
  const { answers, effects } = await whatCameOf(seen, act.subject, command);
  const detail = `${act.command} of ${act.agency} about ${act.subject} (${command}): ${[...answers.keys()].join(' and ')}`;
  if (answers.size > 1) return [{ invariant: 'one answer', detail }];
  const [said] = answers.values();
  if (said === undefined)
    return (await waitsRightly(seen, act.subject)) || (await wasNowhereElse(seen, asked, [command]))
      ? []
      : [{ invariant: 'everything is answered', detail }];
  const heard = await storeOf(seen, act.agency).findCaused(command);
  if (!heard.some((stored) => stored.class === 'outcome') && !wentOverRestore(seen, asked))
    return [{ invariant: 'who asked hears the answer', detail }];
  const isSaid = new Set(said);
  return [...effects].every((hash) => isSaid.has(hash)) ? [] : [{ invariant: 'done as answered', detail }];
}

interface Came {
  /** Different words, with the events they speak of. */
  readonly answers: ReadonlyMap<string, readonly Hash[]>;
  /** On a main branch, at any node. */
  readonly effects: ReadonlySet<Hash>;
}
async function whatCameOf({ observed }: Seen, subject: Subject, command: Hash): Promise<Came> {
  const answers = new Map<string, readonly Hash[]>();
  const effects = new Set<Hash>();
  for (const { store } of observed) {
    const superseded = new Set((await store.findHead(subject))?.superseded);
    for (const stored of await store.findCaused(command)) {
      const { type, data } = openStored(stored).message;
      const name = splitType(type)?.name;
      if (stored.class === 'outcome')
        answers.set(JSON.stringify([name, data['code'], data['events']]), (data['events'] ?? []) as Hash[]);
      else if (name !== 'rehomed' && !superseded.has(stored.hash)) effects.add(stored.hash);
    }
  }
  return { answers, effects };
}

/** The dossier is on its way and nobody has answered, or it is parked. */
async function waitsRightly(seen: Seen, subject: Subject): Promise<boolean> {
  const heads = await Promise.all(seen.observed.map(({ store }) => store.findHead(subject)));
  return heads.some((head) => head?.fork === true || (head?.hand && head.hand.kind !== 'held'));
}

async function actedOnce(seen: Seen, asked: Asked): Promise<Violation[]> {
  if (wentOverRestore(seen, asked)) return [];
  const { act, acknowledged } = asked;
  const store = storeOf(seen, act.agency);
  const events = (await store.readStream(act.subject, 'all')).map(openStored);
  const mine = events.filter(
    ({ message }) => message.correlationid === act.correlationId && message.causationhash === undefined,
  );
  const expected = acknowledged?.kind === 'answered' ? acknowledged.answer.events.length : 0;
  if (mine.length === expected) return [];
  return [
    {
      invariant: 'effects once',
      detail: `${act.command} about ${act.subject}: ${mine.length} events, ${expected} acknowledged`,
    },
  ];
}

function storeOf(seen: Seen, agency: AgencyCode): EventStore {
  const home = seen.world.homeOf(agency);
  return (seen.observed.find(({ node }) => node === home) as Seen['observed'][number]).store;
}
