import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  parseAgencyCode,
  type AgencyCode,
  type Hand,
  type Instant,
  type NodeId,
  type SealedMessage,
  type Sha256,
} from '#libs/kernel';
import type { HeadFields } from './branches-graph.ts';
import { directoryOf, eventSketcher, GIA_LAM, type AgencySketch } from './judge.builders.ts';
import {
  deliveriesFor,
  needsEarlier,
  streamAfter,
  type Delivery,
  type DossierStream,
} from './recipients-deliveries.ts';
import { partiesAfter, RECIPIENT_TABLE, recipients } from './recipients.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const MINISTRY: AgencySketch = { code: 'G01', level: 'ministry' };
/** A commune and a district that end on 18 June; the city rehomes, one commune follows. */
const heirs = [{ to: 'H26.300', kind: 'whole', rehomer: 'H26', legalBasis: 'NQ 1', effective: '2023-06-18' }];
const ENDING: readonly AgencySketch[] = [
  { code: 'H26.140', level: 'district', parent: 'H26', node: 'ending-district', to: '2023-06-18', successions: heirs },
  {
    code: 'H26.140.01',
    level: 'commune',
    parent: 'H26.140',
    node: 'ending-communes',
    to: '2023-06-18',
    successions: heirs,
  },
  { code: 'H26.300', level: 'commune', parent: 'H26', node: 'new-communes', from: '2023-06-18' },
];
const directory = directoryOf([...GIA_LAM, MINISTRY, ...ENDING], sha256);
const NOW = '2023-06-14T06:00:00.000Z' as Instant;
const AFTER = '2023-06-18T06:00:00.000Z' as Instant;
const COMMUNE = 'gialam-communes' as NodeId;

const held = (custodian: string): Hand => ({ kind: 'held', custodian: parseAgencyCode(custodian) });
const transit = (from: string, to: string): Hand => ({
  kind: 'transit',
  from: parseAgencyCode(from),
  to: parseAgencyCode(to),
});
const codes = (...agencies: readonly string[]): readonly AgencyCode[] => agencies.map(parseAgencyCode);
const rolesOf = (parties: readonly string[], hand: Hand, at = NOW): Record<string, string> =>
  Object.fromEntries([...recipients(codes(...parties), hand, directory, at)].map(([node, { role }]) => [node, role]));

describe('recipients', () => {
  it('of a dossier at the commune: its node, every superior, the adapter of the portal', () => {
    expect(rolesOf(['H26.129.05'], held('H26.129.05'))).toEqual({
      'gialam-communes': 'custodian',
      'gialam-district': 'superior',
      'hanoi-city': 'superior',
      'portal-adapter': 'adapter',
    });
  });

  it('of a dossier on its way to the district, and then to the city', () => {
    expect(rolesOf(['H26.129.05'], transit('H26.129.05', 'H26.129'))).toMatchObject({
      'gialam-communes': 'party',
      'gialam-district': 'next',
      'hanoi-city': 'superior',
    });
    expect(rolesOf(['H26.129.05', 'H26.129'], transit('H26.129', 'H26'))).toMatchObject({
      'gialam-communes': 'party',
      'gialam-district': 'party',
      'hanoi-city': 'next',
    });
  });

  it('of a dossier about which a stranger was asked, and a ministry without node', () => {
    expect(rolesOf(['H26.129.05', 'H26.130', 'G01'], held('H26.129.05'))).toMatchObject({ 'other-district': 'party' });
  });

  it('of a dossier whose agencies have ended: those that follow, the nodes that served, no superior that is gone', () => {
    expect(rolesOf(['H26.140.01'], held('H26.140.01'), AFTER)).toEqual({
      'ending-communes': 'custodian',
      'new-communes': 'successor',
      'hanoi-city': 'superior',
      'portal-adapter': 'adapter',
    });
  });

  it('keeps the services of an adapter whose node is more than an adapter', () => {
    const shared = directoryOf(
      [
        ...GIA_LAM.filter(({ code }) => code !== 'H26.901'),
        { code: 'H26.901', level: 'service', parent: 'H26', node: 'hanoi-city', services: ['national-portal-adapter'] },
      ],
      sha256,
    );
    expect(recipients(codes('H26.129.05'), held('H26.129.05'), shared, NOW).get('hanoi-city' as NodeId)).toEqual({
      role: 'adapter',
      services: ['national-portal-adapter'],
    });
  });

  it('has a line in the table for every role', () => {
    expect(RECIPIENT_TABLE.map(({ role }) => role)).toEqual([
      'custodian',
      'next',
      'party',
      'adapter',
      'successor',
      'superior',
    ]);
  });
});

const withFields = (...pointers: readonly string[]) => ({
  _sd: Object.fromEntries(pointers.map((pointer) => [pointer, 'd'])),
});
const NAME = '/applicant/fullName';
const ADDRESS = '/applicant/address';
const OFFICER = '/actor/name';
const received = event({
  by: 'H26.129.05',
  name: 'received',
  at: '14T01:00',
  data: withFields(NAME, ADDRESS, OFFICER),
});
const note = event({ after: received, by: 'H26.129.05', name: 'note', at: '14T01:30' });
const toDistrict = event({
  after: note,
  by: 'H26.129.05',
  name: 'forwarded',
  at: '14T02:00',
  data: { to: 'H26.129', ...withFields(OFFICER) },
});
const accepted = event({
  after: toDistrict,
  by: 'H26.129',
  name: 'custody-accepted',
  at: '14T03:00',
  data: withFields(OFFICER),
});
const declined = event({
  after: toDistrict,
  by: 'H26.129',
  name: 'custody-declined',
  at: '14T03:00',
  data: withFields(OFFICER),
});

const streamOf = (...events: readonly SealedMessage[]): DossierStream =>
  events.reduce<DossierStream>((stream, one) => streamAfter(stream, one, directory), { events: [] });
const sent = (ownNode: string, before: readonly SealedMessage[], one: SealedMessage): readonly Delivery[] =>
  deliveriesFor(streamOf(...before), one, { ownNode: ownNode as NodeId, directory });
const to = (deliveries: readonly Delivery[], receiver: string): readonly Delivery[] =>
  deliveries.filter((delivery) => delivery.receiver === receiver);
const openingsTo = (deliveries: readonly Delivery[], receiver: string): unknown =>
  to(deliveries, receiver).flatMap(({ openings = [] }) => openings.map(({ event: of, pointers }) => [of, pointers]));

describe('deliveries', () => {
  it('go to superiors without openings, and never to the own node', () => {
    const deliveries = sent('gialam-communes', [], received);
    expect(to(deliveries, 'gialam-district')).toEqual([{ receiver: 'gialam-district', message: received.hash }]);
    expect(to(deliveries, 'hanoi-city')).toEqual([{ receiver: 'hanoi-city', message: received.hash }]);
    expect(to(deliveries, 'gialam-communes')).toEqual([]);
  });

  it('open to the portal’s adapter the list of its service, event by event', () => {
    expect(openingsTo(sent('gialam-communes', [], received), 'portal-adapter')).toEqual([
      [received.hash, [NAME, OFFICER]],
    ]);
    expect(openingsTo(sent('gialam-communes', [received], note), 'portal-adapter')).toEqual([]);
  });

  it('open everything in the stream to a superior that becomes custodian, and send it nothing twice', () => {
    const deliveries = to(sent('gialam-communes', [received, note], toDistrict), 'gialam-district');
    expect(deliveries.map(({ message }) => message)).toEqual([toDistrict.hash]);
    expect(openingsTo(deliveries, 'gialam-district')).toEqual([
      [received.hash, 'all'],
      [toDistrict.hash, 'all'],
    ]);
  });

  it('send who comes late the stream first, then the openings with the event that names it', () => {
    const elsewhere = event({
      after: note,
      by: 'H26.129.05',
      name: 'forwarded',
      at: '14T02:00',
      data: { to: 'H26.130' },
    });
    const deliveries = to(sent('gialam-communes', [received, note], elsewhere), 'other-district');
    expect(deliveries.map(({ message }) => message)).toEqual([received.hash, note.hash, elsewhere.hash]);
    expect(deliveries.map(({ openings }) => openings?.length ?? 0)).toEqual([0, 0, 1]);
    expect(openingsTo(deliveries, 'other-district')).toEqual([[received.hash, 'all']]);
  });

  it('send the events on to the commune while the district holds the dossier, without openings, and everything when it returns', () => {
    const worked = event({
      after: accepted,
      by: 'H26.129',
      name: 'resolved',
      at: '14T04:00',
      data: withFields('/note'),
    });
    const before = [received, note, toDistrict, accepted];
    expect(openingsTo(sent('gialam-district', before, worked), 'gialam-communes')).toEqual([]);
    expect(to(sent('gialam-district', before, worked), 'gialam-communes')).toHaveLength(1);
    const back = event({
      after: worked,
      by: 'H26.129',
      name: 'forwarded',
      at: '14T05:00',
      data: { to: 'H26.129.05', reason: 'return' },
    });
    expect(openingsTo(sent('gialam-district', [...before, worked], back), 'gialam-communes')).toEqual([
      [received.hash, 'all'],
      [toDistrict.hash, 'all'],
      [accepted.hash, 'all'],
      [worked.hash, 'all'],
    ]);
  });

  it('take the openings of a declined transfer to who holds the dossier again, and no more', () => {
    expect(openingsTo(sent('gialam-district', [received, note, toDistrict], declined), 'gialam-communes')).toEqual([
      [declined.hash, 'all'],
    ]);
  });

  it('open to who is asked the pointers in `data.fields` and what lies below them, wherever they stand', () => {
    const data = { agency: 'H26.130', fields: ['/applicant/fullName', '/children/c1'], ...withFields('/question') };
    const child = event({
      after: received,
      by: 'H26.129.05',
      name: 'note',
      at: '14T01:20',
      data: withFields('/children/c1/fullName', ADDRESS),
    });
    const asked = event({ after: child, by: 'H26.129.05', name: 'opinion-requested', at: '14T01:40', data });
    const deliveries = sent('gialam-communes', [received, child], asked);
    expect(to(deliveries, 'other-district').map(({ message }) => message)).toEqual([
      received.hash,
      child.hash,
      asked.hash,
    ]);
    expect(openingsTo(deliveries, 'other-district')).toEqual([
      [received.hash, [NAME]],
      [child.hash, ['/children/c1/fullName']],
      [asked.hash, ['/question']],
    ]);
    const later = event({ after: asked, by: 'H26.129.05', name: 'note', at: '14T01:50', data: withFields(NAME) });
    expect(to(sent('gialam-communes', [received, child, asked], later), 'other-district')).toEqual([
      { receiver: 'other-district', message: later.hash },
    ]);
  });

  it('open to who is asked the question and who asks it on that event alone, unless they are named', () => {
    const [question, asker] = ['/question', '/actor/name'];
    const earlier = event({
      after: received,
      by: 'H26.129.05',
      name: 'opinion-requested',
      at: '14T01:20',
      data: { agency: 'H26.131', fields: [], ...withFields(question, asker) },
    });
    const openedBy = (fields: readonly string[]) => {
      const data = { agency: 'H26.130', fields, ...withFields(question, asker, '/actor/officerCode') };
      const asked = event({ after: earlier, by: 'H26.129.05', name: 'opinion-requested', at: '14T01:40', data });
      const names = new Map([
        [received.hash, 'received'],
        [earlier.hash, 'earlier'],
        [asked.hash, 'asked'],
      ]);
      return to(sent('gialam-communes', [received, earlier], asked), 'other-district')
        .flatMap(({ openings = [] }) => openings)
        .map((due) => [names.get(due.event), due.pointers]);
    };
    expect(openedBy([])).toEqual([['asked', [question, asker]]]);
    expect(openedBy([NAME])).toEqual([
      ['received', [NAME]],
      ['asked', [question, asker]],
    ]);
    expect(openedBy(['/actor'])).toEqual([
      ['received', [asker]],
      ['earlier', [asker]],
      ['asked', [asker, '/actor/officerCode', question]],
    ]);
  });

  it('bring the population adapter in when a check is asked of it, and not for a card that was read', () => {
    const check = (service: string): SealedMessage =>
      event({
        after: received,
        by: 'H26.129.05',
        name: 'identity-check-requested',
        at: '14T01:40',
        data: { service, ...withFields('/actor/officerCode') },
      });
    const asked = check('population-verify');
    expect(openingsTo(sent('gialam-communes', [received], asked), 'population')).toEqual([
      [received.hash, [NAME]],
      [asked.hash, ['/actor/officerCode']],
    ]);
    expect(to(sent('gialam-communes', [received], check('card-reader')), 'population')).toEqual([]);
  });

  it('tell who an open transfer named that the dossier went elsewhere', () => {
    const toThird = event({
      after: received,
      by: 'H26.129.05',
      name: 'forwarded',
      at: '14T02:00',
      data: { to: 'H26.131' },
    });
    const elsewhere = event({
      after: toThird,
      by: 'H26',
      name: 'rehomed',
      at: '16T00:00',
      data: { to: 'H26.130', directoryVersion: '2023-06-01T00:00:00.000Z' },
    });
    const deliveries = sent('hanoi-city', [received, toThird], elsewhere);
    expect(to(deliveries, 'third-district').map(({ message }) => message)).toEqual([elsewhere.hash]);
    expect(to(deliveries, 'other-district').map(({ message }) => message)).toEqual([
      received.hash,
      toThird.hash,
      elsewhere.hash,
    ]);
    expect(openingsTo(deliveries, 'other-district')).toEqual([[received.hash, 'all']]);
    const after = streamOf(received, toThird, elsewhere).head as HeadFields;
    expect(after.receivers).toContain('third-district');
    const next = event({ after: elsewhere, by: 'H26.130', name: 'note', at: '16T01:00' });
    expect(
      to(
        deliveriesFor(streamOf(received, toThird, elsewhere), next, { ownNode: 'other-district' as NodeId, directory }),
        'third-district',
      ),
    ).toEqual([]);
  });

  it('need the events so far only where somebody is added or opened to', () => {
    const sending = { ownNode: COMMUNE, directory };
    expect(needsEarlier(undefined, received, sending)).toBe(false);
    expect(needsEarlier(streamOf(received).head, note, sending)).toBe(false);
    expect(needsEarlier(streamOf(received, note).head, toDistrict, sending)).toBe(true);
  });

  it('of a node’s own operation stream go to nobody', () => {
    const operation = event({
      by: 'urn:lienthong:node:gialam-communes',
      name: 'noted',
      at: '14T01:00',
      subject: 'operation/gialam-communes/H26.129.05/2023-06',
    });
    expect(sent('gialam-communes', [], operation)).toEqual([]);
  });
});

describe('parties', () => {
  it('are the receiving agency, custodians, those asked, and only become more', () => {
    const asked = event({
      after: accepted,
      by: 'H26.129',
      name: 'opinion-requested',
      at: '14T04:00',
      data: { agency: 'H26.130' },
    });
    const all = [received, note, toDistrict, accepted, asked, asked];
    const steps = all.reduce<readonly (readonly AgencyCode[])[]>(
      (list, one) => [...list, partiesAfter(list.at(-1) ?? [], one, directory)],
      [],
    );
    expect(steps.at(-1)).toEqual(['H26.129.05', 'H26.129', 'H26.130']);
    expect(steps[2]).toEqual(['H26.129.05']);
  });
});
