import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agencySource, type Hand, type Hash, type SealedMessage, type Sha256, type Subject } from '#libs/kernel';
import { branchesOf } from './branches.ts';
import type { StreamGraph } from './branches-graph.ts';
import { handAfterEvent } from './custody.ts';
import { admitAll, HOLD_BOUNDS } from './hold.ts';
import { directoryOf, DOSSIER, eventSketcher, GIA_LAM, sketchCommand } from './judge.builders.ts';
import { graphWith, judgeInOrder, type Judged } from './judge-order.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const directory = directoryOf(GIA_LAM, sha256);

const received = event({ by: 'H26.129.05', name: 'received', at: '14T01:00' });
const toDistrict = event({
  after: received,
  by: 'H26.129.05',
  name: 'forwarded',
  at: '14T02:00',
  data: { to: 'H26.129' },
});
const acceptedByDistrict = event({ after: toDistrict, by: 'H26.129', name: 'custody-accepted', at: '14T03:00' });
const signedAgain = event({ after: received, by: 'H26.129.05', name: 'withdrawn', at: '14T02:30' });
const next = event({ after: acceptedByDistrict, by: 'H26.129', name: 'fee-paid', at: '15T00:00' });
const rehomed = event({
  after: acceptedByDistrict,
  by: 'H26',
  name: 'rehomed',
  at: '16T00:00',
  data: { to: 'H26.130', directoryVersion: '2023-06-01T00:00:00.000Z' },
});

/** A node that is handed messages in batches and keeps what it recorded and holds, as the ledger does. */
class Node {
  graphs = new Map<Subject, StreamGraph>();
  readonly ids = new Map<string, Hash>();
  held: SealedMessage[] = [];
  readonly verdicts = new Map<Hash, string>();

  take(batch: readonly SealedMessage[]): readonly Judged[] {
    const judged = judgeInOrder(
      batch.map((sealed) => ({ sealed })),
      { graphs: this.graphs, known: { ids: this.ids }, directory, waiting: this.held },
    );
    const settled = new Set<Hash>();
    for (const { sealed, judgement } of judged) {
      const subject = sealed.message.subject as Subject;
      if (judgement.kind !== 'duplicate') this.verdicts.set(sealed.hash, judgement.kind);
      if (judgement.kind !== 'held') settled.add(sealed.hash);
      else this.held.push(sealed);
      if (judgement.kind !== 'recorded') continue;
      this.ids.set(`${sealed.message.source}\n${sealed.message.id}`, sealed.hash);
      this.graphs.set(subject, graphWith(this.graphs.get(subject) ?? { events: [] }, sealed, judgement));
    }
    this.held = this.held.filter(({ hash }) => !settled.has(hash));
    return judged;
  }

  /** Everything about the dossier that must not depend on the order of arrival. */
  history(): unknown {
    const { head, events } = this.graphs.get(DOSSIER) ?? { events: [] };
    const branches = branchesOf(events);
    // The head, kept event by event, is that of the whole set.
    expect(head?.hash ?? '').toBe(branches.main.at(-1)?.hash ?? '');
    expect(head?.superseded.toSorted() ?? []).toEqual([...branches.superseded, ...branches.contested].toSorted());
    expect([head?.fork ?? false, head?.branched ?? false]).toEqual([branches.fork, branches.branched]);
    return {
      recorded: events.map(({ hash }) => hash).toSorted(),
      main: branches.main.map(({ hash }) => hash),
      superseded: branches.superseded,
      contested: branches.contested,
      head: head && {
        ...head,
        superseded: head.superseded.toSorted(),
        parties: head.parties.toSorted(),
        receivers: undefined,
      },
      verdicts: [...this.verdicts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    };
  }
}

const historyOf = (batches: readonly (readonly SealedMessage[])[]): ReturnType<Node['history']> => {
  const node = new Node();
  for (const batch of batches) node.take(batch);
  return node.history();
};

const AGENCIES = ['H26.129.05', 'H26.129', 'H26.130', 'H26.131', 'H26'] as const;
const NAMES = [
  'note',
  'forwarded',
  'custody-accepted',
  'custody-declined',
  'custody-released',
  'rehomed',
  'received',
] as const;
/** Messages of one dossier by anybody about anything, each linked to some other: entitled, not entitled, branching. */
const messages: fc.Arbitrary<readonly SealedMessage[]> = fc
  .array(
    fc.record({
      after: fc.integer({ min: -1, max: 20 }),
      rightful: fc.integer({ min: 0, max: 5 }),
      by: fc.constantFrom(...AGENCIES),
      name: fc.constantFrom(...NAMES),
      to: fc.constantFrom(...AGENCIES),
      minute: fc.integer({ min: 10, max: 59 }),
      version: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 16 },
  )
  .map((sketches) => {
    const made: { sealed: SealedMessage; hand: Hand | undefined }[] = [];
    for (const { after, rightful, by, name, to, minute, version } of sketches) {
      const before =
        made.length === 0 || after < 0 ? undefined : made[made.length - 1 - (after % Math.min(made.length, 3))];
      const author = rightful > 0 ? rightfulAuthor(before?.hand, name) : { by, name };
      const sealed = event({
        ...(before ? { after: before.sealed } : {}),
        ...author,
        at: `16T03:${minute}`,
        data: { to, ...(author.name === 'rehomed' ? { directoryVersion: `2023-05-0${version}T00:00:00.000Z` } : {}) },
      });
      made.push({ sealed, hand: handAfterEvent(before?.hand, nodeLike(sealed, to)) });
    }
    return [...new Map(made.map(({ sealed }) => [sealed.hash, sealed])).values()];
  });

const nodeLike = ({ message }: SealedMessage, to: string): Parameters<typeof handAfterEvent>[1] =>
  ({ name: message.type.split('.')[3], source: message.source, to }) as unknown as Parameters<typeof handAfterEvent>[1];

/** Mostly what the situation provides for, so that trees grow beyond their first event. */
function rightfulAuthor(hand: Hand | undefined, wanted: string): { by: string; name: string } {
  if (!hand) return { by: 'H26.129.05', name: 'received' };
  if (wanted === 'rehomed') return { by: 'H26', name: 'rehomed' };
  if (hand.kind === 'released') return { by: 'H26', name: 'rehomed' };
  if (hand.kind === 'transit')
    return { by: hand.to, name: wanted === 'custody-declined' ? wanted : 'custody-accepted' };
  return {
    by: hand.custodian,
    name: wanted.startsWith('custody-') && wanted !== 'custody-released' ? 'forwarded' : wanted,
  };
}

describe('the order of arrival', () => {
  it('decides nothing: any interleaving with any duplicates, in any batches, ends the same', () => {
    let branched = 0;
    const arrivals = messages.chain((sent) =>
      fc.tuple(
        fc.constant(sent),
        fc
          .shuffledSubarray([...sent, ...sent], { minLength: sent.length })
          .filter((some) => new Set(some).size === sent.length),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([sent, arrived, size]) => {
        const batches: (readonly SealedMessage[])[] = [];
        for (let at = 0; at < arrived.length; at += size) batches.push(arrived.slice(at, at + size));
        const expected = historyOf([sent]);
        // Duplicates are judged on their own, and the revision counts recorded events, so both have to agree too.
        expect(historyOf(batches)).toEqual(expected);
        if ((expected as { head?: { branched: boolean } }).head?.branched) branched++;
      }),
      { numRuns: 400 },
    );
    expect(branched).toBeGreaterThan(40);
  });

  it('never leaves two custodians: each event followed is by who was entitled to its place', () => {
    fc.assert(
      fc.property(messages, (sent) => {
        const node = new Node();
        node.take(sent);
        let hand: Hand | undefined;
        for (const followed of branchesOf(node.graphs.get(DOSSIER)?.events ?? []).main) {
          const author = followed.source;
          if (hand?.kind === 'held' && followed.name !== 'rehomed') expect(author).toBe(agencySource(hand.custodian));
          if (hand?.kind === 'transit' && followed.name !== 'rehomed') expect(author).toBe(agencySource(hand.to));
          if (hand?.kind === 'released') expect(followed.name).toBe('rehomed');
          hand = handAfterEvent(hand, followed);
        }
        expect(node.graphs.get(DOSSIER)?.head?.hand).toEqual(hand);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a former custodian that signs its old place again', () => {
  it('forks the dossier only until the next agency accepts', () => {
    const node = new Node();
    node.take([received, signedAgain, toDistrict]);
    expect(node.graphs.get(DOSSIER)?.head).toMatchObject({ fork: true, hash: received.hash });
    const [accepted] = node.take([acceptedByDistrict]) as [Judged];
    expect(accepted.judgement).toMatchObject({ effect: 'switches', fork: false, superseded: [signedAgain.hash] });
  });

  it('stands aside when it comes after the acceptance, and what it goes on to write too', () => {
    const node = new Node();
    node.take([received, toDistrict, acceptedByDistrict]);
    const more = event({ after: signedAgain, by: 'H26.129.05', name: 'note', at: '14T02:40' });
    const judged = node.take([more, signedAgain, next]);
    expect(judged.map(({ judgement }) => judgement)).toMatchObject([
      { effect: 'aside', superseded: [signedAgain.hash] },
      { effect: 'aside', superseded: [more.hash] },
      { effect: 'extends' },
    ]);
    expect(node.graphs.get(DOSSIER)?.head).toMatchObject({ hash: next.hash, hand: { custodian: 'H26.129' } });
  });
});

describe('rehomed against the custodian’s next event', () => {
  it.each([[[next, rehomed]], [[rehomed, next]]])('wins in both orders of arrival', (order) => {
    const node = new Node();
    node.take([received, toDistrict, acceptedByDistrict, ...order]);
    expect(node.graphs.get(DOSSIER)?.head).toMatchObject({
      hash: rehomed.hash,
      hand: { kind: 'held', custodian: 'H26.130' },
      superseded: [next.hash],
    });
  });

  it('is judged on its own branch: who was rehomed from writes on beside it, and is not believed on the main branch', () => {
    const node = new Node();
    node.take([received, toDistrict, acceptedByDistrict, rehomed, next]);
    const after = event({ after: next, by: 'H26.129', name: 'resolved', at: '17T00:00' });
    const onMain = event({ after: rehomed, by: 'H26.129', name: 'resolved', at: '17T00:00' });
    expect(node.take([after, onMain]).map(({ judgement }) => judgement)).toMatchObject([
      { kind: 'recorded', effect: 'aside' },
      { kind: 'quarantined', code: 'NOT_ENTITLED' },
    ]);
  });
});

describe('a batch', () => {
  it('records a chain that came backwards, in an order in which it can be recorded', () => {
    const judged = new Node().take([next, acceptedByDistrict, toDistrict, received]);
    expect(judged.map(({ sealed, judgement, afterWaiting }) => [sealed.hash, judgement.kind, afterWaiting])).toEqual([
      [received.hash, 'recorded', false],
      [toDistrict.hash, 'recorded', true],
      [acceptedByDistrict.hash, 'recorded', true],
      [next.hash, 'recorded', true],
    ]);
  });

  it('holds a second copy of a held message, and knows it as a duplicate in the end', () => {
    const node = new Node();
    expect(node.take([toDistrict, toDistrict]).map(({ judgement }) => judgement.kind)).toEqual(['held', 'held']);
    const fresh = new Node().take([toDistrict, toDistrict, received]);
    expect(fresh.map(({ judgement }) => judgement.kind)).toEqual(['recorded', 'recorded', 'duplicate']);
  });

  it('judges an event that waited for another’s quarantine no better', () => {
    const stranger = event({ by: 'H26.130', name: 'received', at: '14T01:00' });
    const onIt = event({ after: stranger, by: 'H26.130', name: 'note', at: '14T01:01' });
    expect(new Node().take([onIt, stranger]).map(({ judgement }) => judgement.kind)).toEqual(['held', 'quarantined']);
  });

  it('takes commands and outcomes along, each once', () => {
    const command = sketchCommand('H26.129.05', 'withdraw', sha256);
    expect(new Node().take([command, received, command]).map(({ judgement }) => judgement)).toMatchObject([
      { kind: 'recorded', effect: 'extends' },
      { kind: 'recorded' },
      { kind: 'duplicate' },
    ]);
  });

  it('lets 10,000 far-ahead events delay nobody', () => {
    const farAhead: SealedMessage[] = [];
    for (let count = 0; count < 10_000; count++) {
      const message = { ...next.message, id: `${count}`, prevhash: `missing-${count}` };
      farAhead.push({ ...next, message, hash: `far-${count}` as Hash });
    }
    const node = new Node();
    const judged = node.take([received, ...farAhead, toDistrict, acceptedByDistrict]);
    const held = judged.filter(({ judgement }) => judgement.kind === 'held').map(({ sealed }) => sealed);
    expect(judged.length - held.length).toBe(3);
    const { admitted, dropped } = admitAll(
      { total: 0, bySource: new Map() },
      held.map(({ message }) => ({ source: message.source })),
      HOLD_BOUNDS,
    );
    expect([admitted.length, dropped.length]).toEqual([HOLD_BOUNDS.perSource, 10_000 - HOLD_BOUNDS.perSource]);
    expect(node.graphs.get(DOSSIER)?.head).toMatchObject({ hash: acceptedByDistrict.hash, revision: 3 });
  });
});
