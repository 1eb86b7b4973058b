import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseAgencyCode, type Hand, type Instant, type NodeId, type SealedMessage, type Sha256 } from '#libs/kernel';
import type { StreamGraph } from './branches-graph.ts';
import { directoryOf, DOSSIER, eventSketcher, GIA_LAM, type AgencySketch } from './judge.builders.ts';
import { graphWith } from './judge-order.ts';
import { judgeOnGraph, type Recorded } from './judge.ts';
import { deliveriesOfBranches } from './recipients-branches.ts';
import { partOf, type Delivery } from './recipients-deliveries.ts';
import { routeCommand } from './recipients-routing.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const MINISTRY: AgencySketch = { code: 'G01', level: 'ministry' };
/** A commune and a district that end on 18 June; the city rehomes, one commune follows. */
const heirs = [{ to: 'H26.300', kind: 'whole', rehomer: 'H26', legalBasis: 'NQ 1', effective: '2023-06-18' }];
const ended = { to: '2023-06-18', successions: heirs };
const ENDING: readonly AgencySketch[] = [
  { code: 'H26.140', level: 'district', parent: 'H26', node: 'ending-district', ...ended },
  { code: 'H26.140.01', level: 'commune', parent: 'H26.140', node: 'ending-communes', ...ended },
  { code: 'H26.300', level: 'commune', parent: 'H26', node: 'new-communes', from: '2023-06-18' },
];
const directory = directoryOf([...GIA_LAM, MINISTRY, ...ENDING], sha256);
const NOW = '2023-06-14T06:00:00.000Z' as Instant;
const AFTER = '2023-06-18T06:00:00.000Z' as Instant;

const held = (custodian: string): Hand => ({ kind: 'held', custodian: parseAgencyCode(custodian) });
const transit = (from: string, to: string): Hand => ({
  kind: 'transit',
  from: parseAgencyCode(from),
  to: parseAgencyCode(to),
});
const withFields = (...pointers: readonly string[]) => ({
  _sd: Object.fromEntries(pointers.map((pointer) => [pointer, 'd'])),
});
const to = (deliveries: readonly Delivery[], receiver: string): readonly Delivery[] =>
  deliveries.filter((delivery) => delivery.receiver === receiver);

const received = event({ by: 'H26.129.05', name: 'received', at: '14T01:00', data: withFields('/applicant/fullName') });
const note = event({ after: received, by: 'H26.129.05', name: 'note', at: '14T01:30' });
const toDistrict = event({ after: note, by: 'H26.129.05', name: 'forwarded', at: '14T02:00', data: { to: 'H26.129' } });
const accepted = event({ after: toDistrict, by: 'H26.129', name: 'custody-accepted', at: '14T03:00' });

describe('when branches meet', () => {
  const record = (
    events: readonly SealedMessage[],
  ): { graph: StreamGraph; recorded: Recorded; event: SealedMessage } => {
    let graph: StreamGraph = { events: [] };
    let last: Recorded | undefined;
    for (const one of events) {
      const judgement = judgeOnGraph(one, { graph, directory, known: { ids: new Map() } });
      if (judgement.kind === 'recorded') last = judgement;
      graph = graphWith(graph, one, judgement);
    }
    return { graph, recorded: last as Recorded, event: events.at(-1) as SealedMessage };
  };
  const after = (ownNode: string, events: readonly SealedMessage[]): readonly Delivery[] => {
    const { event: one, ...rest } = record(events);
    return deliveriesOfBranches(one, rest, { ownNode: ownNode as NodeId, directory });
  };

  it('a holder tells every recipient of a fork, with both sides', () => {
    const toOther = event({
      after: received,
      by: 'H26.129.05',
      name: 'forwarded',
      at: '14T02:00',
      data: { to: 'H26.130' },
    });
    const byOther = event({ after: toOther, by: 'H26.130', name: 'custody-accepted', at: '14T02:10' });
    const toThird = event({
      after: received,
      by: 'H26.129.05',
      name: 'forwarded',
      at: '14T02:01',
      data: { to: 'H26.131' },
    });
    const byThird = event({ after: toThird, by: 'H26.131', name: 'custody-accepted', at: '14T02:11' });
    const told = after('hanoi-city', [received, toOther, byOther, toThird, byThird]);
    for (const node of ['other-district', 'third-district']) {
      expect(new Set(to(told, node).map(({ message }) => message))).toEqual(
        new Set([toOther, byOther, toThird, byThird].map(({ hash }) => hash)),
      );
    }
    expect(told.every(({ openings }) => openings === undefined)).toBe(true);
  });

  it('the author of superseded events puts them before the new custodian, opened', () => {
    const worked = event({
      after: accepted,
      by: 'H26.129',
      name: 'fee-paid',
      at: '15T00:00',
      data: withFields('/payer'),
    });
    const rehomed = event({
      after: accepted,
      by: 'H26',
      name: 'rehomed',
      at: '16T00:00',
      data: { to: 'H26.130', directoryVersion: '2023-06-01T00:00:00.000Z' },
    });
    const events = [received, note, toDistrict, accepted, worked, rehomed];
    const told = after('gialam-district', events);
    expect(to(told, 'other-district')).toEqual([
      {
        receiver: 'other-district',
        message: worked.hash,
        openings: [{ event: worked.hash, pointers: 'all', purpose: 'superseded' }],
      },
    ]);
    expect(to(told, 'hanoi-city')).toEqual([{ receiver: 'hanoi-city', message: worked.hash }]);
    expect(after('hanoi-city', events)).toEqual([]);
    expect(partOf(worked)).toEqual({ hash: worked.hash, pointers: ['/payer'] });
  });

  describe('who was concerned by what lost', () => {
    const before = [received, note, toDistrict, accepted];
    const onwards = event({
      after: accepted,
      by: 'H26.129',
      name: 'forwarded',
      at: '15T01:00',
      data: { to: 'H26.131' },
    });
    const taken = event({ after: onwards, by: 'H26.131', name: 'custody-accepted', at: '17T00:00' });
    const rehomed = event({
      after: accepted,
      by: 'H26',
      name: 'rehomed',
      at: '16T00:00',
      data: { to: 'H26.130', directoryVersion: '2023-06-01T00:00:00.000Z' },
    });
    const worked = event({ after: rehomed, by: 'H26.130', name: 'processing-started', at: '16T04:00' });
    const messages = (told: readonly Delivery[], node: string) => to(told, node).map(({ message }) => message);

    it('hears of what won from the author of what lost, whichever came first', () => {
      expect(messages(after('gialam-district', [...before, onwards, rehomed]), 'third-district')).toEqual([
        rehomed.hash,
      ]);
      const late = after('gialam-district', [...before, rehomed, worked, onwards]);
      expect(messages(late, 'third-district')).toEqual(expect.arrayContaining([rehomed.hash, worked.hash]));
    });

    it('hears of it from the custodian, too, when it goes on in a branch that has lost', () => {
      const events = [...before, onwards, rehomed, worked, taken];
      expect(messages(after('other-district', events), 'third-district')).toEqual([rehomed.hash, worked.hash]);
      expect(after('hanoi-city', events)).toEqual([]);
    });

    it.each([
      ['forwarded it', 'forwarded', { to: 'H26' }],
      ['released it', 'custody-released', {}],
    ])('hears of it from who last had it and %s, while it is in nobody’s hand', (_, name, data) => {
      const left = event({ after: worked, by: 'H26.130', name, at: '16T05:00', data });
      const events = [...before, onwards, rehomed, worked, left, taken];
      expect(messages(after('other-district', events), 'third-district')).toEqual(
        [rehomed, worked, left].map(({ hash }) => hash),
      );
      expect(after('hanoi-city', events)).toEqual([]);
    });
  });
});

describe('a command is sent to', () => {
  const route = (hand: Hand | undefined, at = NOW, subject: string = DOSSIER): string => {
    const found = routeCommand(directory, subject, hand, at);
    return found ? `${found.why} ${found.agency} at ${found.node}` : 'nobody';
  };
  const ending = DOSSIER.replace('H26.129.05', 'H26.140.01');
  it.each<[string, string, string]>([
    ['the custodian', route(held('H26.129')), 'custodian H26.129 at gialam-district'],
    ['the agency named, during a transfer', route(transit('H26.129', 'H26')), 'next H26 at hanoi-city'],
    [
      'the rehomer of who released',
      route({ kind: 'released', by: parseAgencyCode('H26.129') }, '2023-06-16T00:00:00.000Z' as Instant),
      'rehomer H26 at hanoi-city',
    ],
    [
      'the node of who released, when nobody may rehome',
      route({ kind: 'released', by: parseAgencyCode('H26.129') }),
      'custodian H26.129 at gialam-district',
    ],
    ['the rehomer of an ended custodian', route(held('H26.140'), AFTER), 'rehomer H26 at hanoi-city'],
    [
      'the agency in the name of an unknown dossier',
      route(undefined),
      'receiving-agency H26.129.05 at gialam-communes',
    ],
    ['its successor, once it has ended', route(undefined, AFTER, ending), 'successor H26.300 at new-communes'],
    [
      'nobody, where the directory names no node',
      route(undefined, NOW, DOSSIER.replace('H26.129.05', 'G01')),
      'nobody',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});
