/** What all ledgers hold, looked at when everything has had time to arrive. */
import { createHash } from 'node:crypto';
import { committedPointers } from '#libs/exchange';
import { splitType, type Hash, type Message, type SealedMessage, type Subject } from '#libs/kernel';
import { openStored, verifyLedger, type EventStore } from '#libs/use-cases';
import type { Seen, Violation } from './seen.ts';
import { referenceFor } from './reference.ts';

export async function delivered(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { node, store } of seen.observed) {
    for (const { peer, highest, contiguousUpTo, missing, refused } of await store.deliveries())
      if (contiguousUpTo !== highest || missing.length > 0 || refused.length > 0)
        found.push({
          invariant: 'everything is delivered',
          detail: `${node.node} → ${peer}: ${contiguousUpTo} of ${highest}, missing ${JSON.stringify(missing)}, refused ${JSON.stringify(refused)}`,
        });
    const held = await store.countHeld();
    if (held.total > 0)
      found.push({ invariant: 'nothing is held for ever', detail: `${node.node} holds ${held.total}` });
  }
  return found;
}

/**
 * Whoever is a recipient now holds what the custodian holds. A node that is none any more (its agency declined) holds the
 * history up to then, and never another one.
 */
export async function same(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const subject of seen.people.dossiers) {
    const copies = await copiesOf(seen, subject);
    if (copies.some(({ head }) => head?.fork === true)) continue;
    const longest = copies.toSorted((a, b) => b.main.length - a.main.length)[0];
    for (const { node, main, head } of copies) {
      const isPrefix = main.every((hash, at) => hash === longest?.main[at]);
      const isRecipient = longest?.head?.receivers.includes(node) === true && main.length > 0;
      if (isPrefix && (!isRecipient || main.length === longest?.main.length)) continue;
      const detail = `${subject}: ${node} holds ${main.length} (fork: ${head?.fork}), ${longest?.node} ${longest?.main.length}`;
      found.push({ invariant: 'one history everywhere', detail });
    }
  }
  return found;
}

function copiesOf(seen: Seen, subject: Subject) {
  return Promise.all(
    seen.observed.map(async ({ node: { node }, store }) => {
      const main = (await store.readStream(subject, 'main')).map(({ bytes }) => digestOf(bytes));
      return { node, main, head: await store.findHead(subject) };
    }),
  );
}

/** Custody by the letter of wire format 6, written once more: nobody wrote on a main branch who might not. */
export async function entitled({ observed, people }: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { node, store } of observed) {
    for (const subject of people.dossiers) {
      let hand: { holder?: string; from?: string } = {};
      for (const { message } of (await store.readStream(subject, 'main')).map(openStored)) {
        const author = message.source.split(':').at(-1) as string;
        const name = splitType(message.type)?.name ?? '';
        const isAnswer = name === 'custody-accepted' || name === 'custody-declined';
        const isOpen = hand.from !== undefined;
        if (name !== 'rehomed' && hand.holder !== undefined && (author !== hand.holder || isAnswer !== isOpen))
          found.push({
            invariant: 'only who may write writes',
            detail: `${subject} at ${node.node}: ${name} by ${author}`,
          });
        hand = handAfter(hand, { name, author, to: message.data['to'] as string });
      }
    }
  }
  return found;
}

function handAfter(
  before: { holder?: string; from?: string },
  { name, author, to }: { name: string; author: string; to: string },
): { holder?: string; from?: string } {
  if (name === 'forwarded') return { holder: to, from: author };
  if (name === 'custody-declined') return { holder: before.from as string };
  if (name === 'rehomed') return { holder: to };
  return { ...before, holder: author, ...(name === 'custody-accepted' && { from: undefined }) } as typeof before;
}

/** What was superseded is before the custodian, who has to answer it; the author's node saw to that. */
export async function presented({ observed, people }: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const subject of people.dossiers) {
    const heads = await Promise.all(observed.map(async (one) => ({ ...one, head: await one.store.findHead(subject) })));
    const custodian = heads.find(
      ({ node, head }) => head?.hand?.kind === 'held' && node.agencies.includes(head.hand.custodian),
    );
    const known = new Set(custodian?.head?.superseded);
    for (const { node, head } of heads)
      for (const hash of (custodian && !custodian.head?.fork && head?.superseded) || [])
        if (!known.has(hash))
          found.push({
            invariant: 'what is superseded comes before the custodian',
            detail: `${subject}: ${hash} of ${node.node}`,
          });
  }
  return found;
}

/**
 * A fork takes an agency that deceives two others, and nobody does here; but for two ways into one. A node whose ledger was
 * put back may have signed a place again before what it had signed there came to light, late. And a rehoming may come just
 * too late: the dossier had moved on when it was written, so it weighs nothing, and whom it named acts on it before that is
 * known. Then every recipient sees both branches, and nobody takes one for the history.
 */
export async function unforked({ observed, people }: Seen): Promise<Violation[]> {
  const found = await unseenForks({ observed, people });
  if (observed.some(({ node }) => node.restoredAtMs.length > 0)) return found;
  for (const { node, store } of observed)
    for (const subject of people.dossiers)
      if ((await store.findHead(subject))?.fork && !(await isOvertaken(store, subject)))
        found.push({ invariant: 'no fork without force', detail: `${subject} at ${node.node}` });
  return found;
}

/** Beside the rehoming another agency had accepted the dossier before it was written (wire format 6, *Branches*). */
async function isOvertaken(store: EventStore, subject: Subject): Promise<boolean> {
  const { events } = (await store.loadGraphs([subject])).get(subject) ?? { events: [] };
  return events
    .filter(({ name }) => name === 'rehomed')
    .some((rehomed) => {
      const beside = events.filter(({ hash, prevhash }) => prevhash === rehomed.prevhash && hash !== rehomed.hash);
      return events.some(
        ({ name, prevhash, recordedtime }) =>
          name === 'custody-accepted' &&
          recordedtime < rehomed.recordedtime &&
          beside.some(({ hash }) => hash === prevhash),
      );
    });
}

async function unseenForks({ observed, people }: Pick<Seen, 'observed' | 'people'>): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const subject of people.dossiers) {
    const heads = await Promise.all(
      observed.map(async ({ node, store }) => ({ node, head: await store.findHead(subject) })),
    );
    const forked = heads.find(({ head }) => head?.fork === true);
    for (const { node, head } of heads)
      if (forked?.head?.receivers.includes(node.node) && head?.fork !== true)
        found.push({ invariant: 'no fork unseen', detail: `${subject} at ${node.node}` });
  }
  return found;
}

/** The custodian can open every personal field of the dossier; one to whom it came unasked has asked for what it lacked. */
export async function readable(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { node, store } of seen.observed) {
    for (const subject of seen.people.dossiers) {
      const { hand, fork } = (await store.findHead(subject)) ?? {};
      if (fork || hand?.kind !== 'held' || !node.agencies.includes(hand.custodian)) continue;
      const main = (await store.readStream(subject, 'main')).map(openStored);
      if (main.some(({ message }) => splitType(message.type)?.name === 'personal-data-erased')) continue;
      const open = await node.vault.findPointers(main.map(({ hash }) => hash));
      const closed = main.filter((event) => committedPointers(event).length > (open.get(event.hash)?.length ?? 0));
      const shut = seen.world.nodes.some(({ isVaultOld }) => isVaultOld)
        ? await openElsewhere(seen, open, closed)
        : closed;
      if (shut.length > 0)
        found.push({
          invariant: 'the custodian can read',
          detail: `${subject} at ${node.node}: ${shut.length} of ${main.length} events shut, first ${shut[0]?.message.type}`,
        });
    }
  }
  return found;
}

/** Of fields that stood in a vault which was put back, and had gone to no other node, nobody has the openings any more. */
async function openElsewhere(
  { world }: Seen,
  open: ReadonlyMap<Hash, readonly string[]>,
  events: readonly SealedMessage[],
): Promise<readonly SealedMessage[]> {
  const held = await Promise.all(world.nodes.map(({ vault }) => vault.findPointers(events.map(({ hash }) => hash))));
  const isOpen = ({ hash }: SealedMessage, pointer: string): boolean => open.get(hash)?.includes(pointer) === true;
  return events.filter((event) =>
    held.some((there) => there.get(event.hash)?.some((pointer) => !isOpen(event, pointer))),
  );
}

/** What a followed erasure names no vault shows, an old one put back neither. */
export async function erased({ observed, people }: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { node, store } of observed) {
    for (const subject of people.dossiers) {
      const main = (await store.readStream(subject, 'main')).map(openStored);
      const named = new Set(main.flatMap(({ message }) => erasedIn(message)));
      const left = (await node.vault.find(main.map(({ hash }) => hash))).filter((row) => named.has(row.subject));
      if (left.length > 0)
        found.push({
          invariant: 'what is erased is gone',
          detail: `${subject} at ${node.node}: ${left.length} fields`,
        });
    }
  }
  return found;
}

const erasedIn = ({ type, data }: Message): readonly string[] =>
  splitType(type)?.name === 'personal-data-erased' ? (data['subjects'] as string[]) : [];

export async function whole(seen: Seen): Promise<Violation[]> {
  const found: Violation[] = [];
  const { contracts, sha256, verify, verifyAll, trusted } = referenceFor(seen.world.registrar.trusted);
  for (const { node, store } of seen.observed) {
    const { faults } = await verifyLedger({ store, contracts, sha256, verify, verifyAll, trusted });
    if (faults.length > 0)
      found.push({ invariant: 'ledgers verify', detail: `${node.node}: ${JSON.stringify(faults.slice(0, 3))}` });
  }
  return found;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');
