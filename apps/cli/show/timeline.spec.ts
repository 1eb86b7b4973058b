import { describe, expect, it } from '@jest/globals';
import type { DossierView, EventView } from '#libs/http-api';
import { UsageError } from '../failures.ts';
import { readName } from './history-source.ts';
import { custodyLine, timelineText, whatHappened } from './timeline.ts';

const ID = '01890b2c-6a3b-7c11-8f3e-0242ac120001';

function event(place: number, type: string, agency: string, more: Partial<EventView> = {}): EventView {
  const at = `2023-06-14T0${place}:12:00.000Z`;
  const times = { occurredAt: at, recordedAt: at };
  return {
    hash: `h${place}`,
    place,
    type,
    agency,
    ...times,
    data: {},
    masked: [],
    erased: [],
    logIndex: place,
    effect: 'extends',
    ...more,
  };
}
const dossier: DossierView = {
  subject: `dossier/H26.129.05/${ID}`,
  situation: 'InProcess',
  dossierCode: 'H26.129.05-230614-0001',
  receivingAgency: 'H26.129.05',
  custodian: 'H26.129',
  dueAt: '2023-06-21T10:30:00.000Z',
  workingDaysLeft: 4,
  head: { hash: 'h3', place: 3, recordedAt: '2023-06-14T03:12:00.000Z' },
  allowed: [],
  superseded: [],
  facts: {},
};
const events = [
  event(1, 'received', 'H26.129.05', {
    data: { dossierCode: 'H26.129.05-230614-0001', actor: { unit: 'Một cửa', position: 'Công chức' } },
    masked: ['/applicant/fullName', '/actor/name'],
  }),
  event(2, 'forwarded', 'H26.129.05', { data: { to: 'H26.129', reason: 'route' } }),
  event(3, 'custody-accepted', 'H26.129', { agencyName: 'Ủy ban nhân dân huyện Gia Lâm' }),
];

describe('the timeline of a dossier', () => {
  const text = timelineText({ node: 'gialam-district', dossier, history: { events, superseded: [] } });

  it('says what happened in Vietnamese, where, by whom, and when in Viet Nam', () => {
    expect(text).toContain(`   1  14/06/2023 08:12  ${whatHappened('received')}`);
    expect(whatHappened('vn.lienthong.dossier.received.v1')).toBe(whatHappened('received'));
    expect(whatHappened('received')).not.toBe('received');
    expect(text).toContain('H26.129 Ủy ban nhân dân huyện Gia Lâm');
    expect(text).toContain('Công chức, Một cửa');
  });

  it('says by when the desk hands it over', () => {
    const atDesk = { ...dossier, situation: 'Received', handOverBy: '2023-06-14T10:30:00.000Z' };
    const shown = timelineText({ node: 'gialam-communes', dossier: atDesk, history: { events, superseded: [] } });
    expect(shown).toContain('Hạn bàn giao · hand-over by: 14/06/2023 17:30');
    expect(text).not.toContain('hand-over');
  });

  it('says in whose hand it was, and how many working days are left', () => {
    expect(custodyLine(events, dossier)).toBe('H26.129.05 (14/06/2023) → H26.129 (14/06/2023)');
    const transit = { from: 'H26.129', to: 'H26' };
    expect(custodyLine(events, { ...dossier, inTransit: transit })).toContain('⇢ H26');
    expect(text).toContain('21/06/2023 17:30 (còn 4 ngày làm việc');
  });

  it('names how many personal members there are and shows none', () => {
    expect(text).toContain('2 trường cá nhân được che');
  });

  it('says of what lost whether it waits, and who decides where a dossier goes', () => {
    const [waits, taken, contested] = ['w', 't', 'c'].map((hash) => ({ ...event(2, 'resolved', 'H26.129.05'), hash }));
    const act = (hash: string) => ({ place: 2, agency: 'H26.129.05', events: [{ hash, type: 'resolved' }] });
    const superseded = [
      { ...act('w'), status: 'unanswered' as const },
      { ...act('t'), status: 'answered' as const, answer: { how: 'taken-over' as const, event: 'h3' } },
    ];
    const awaitingAssignment = { rehomer: 'H26', why: 'SELECTOR_UNDECIDED', candidates: ['H26.211', 'H26.213'] };
    const shown = timelineText({
      node: 'gialam-district',
      dossier: { ...dossier, superseded, awaitingAssignment },
      history: { events, superseded: [waits, taken, contested] as EventView[] },
    });
    expect(shown).toContain('Chờ trả lời · unanswered: 1');
    expect(shown).toContain('superseded, UNANSWERED: 2 H26.129.05');
    expect(shown).toContain('superseded, taken over: 2 H26.129.05');
    expect(shown).toContain('contested: 2 H26.129.05');
    expect(shown).toContain('awaiting assignment: SELECTOR_UNDECIDED (H26.211, H26.213) — H26: rehome');
  });

  it('gives an event of a later program by its name', () => {
    expect(whatHappened('vn.lienthong.dossier.blessed.v3')).toBe('blessed');
  });
});

describe('the name of a dossier', () => {
  it('is a stream, a UUID or a code', () => {
    expect(readName(`dossier/H26.129.05/${ID}`)).toEqual({ kind: 'stream', agency: 'H26.129.05', id: ID });
    expect(readName(`H26.129.05/${ID}`)).toEqual({ kind: 'stream', agency: 'H26.129.05', id: ID });
    expect(readName(ID)).toEqual({ kind: 'uuid', id: ID });
    expect(readName('H26.129.05-230614-0001')).toEqual({ kind: 'code', code: 'H26.129.05-230614-0001' });
    expect(() => readName('a/b/c')).toThrow(UsageError);
    expect(() => readName(undefined)).toThrow(UsageError);
  });
});
