import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evolve } from '#libs/dossier';
import type { Subject } from '#libs/kernel';
import { DossierLog } from '../testing/dossier-log.ts';
import { codesOf, rowOf, type FoldedDossier } from './dossier-row.ts';
import { DossierProjection, findLoggedEvent, type LoggedEvent } from './dossier.projection.ts';

const [COMMUNE, DISTRICT, CITY] = ['H26.129.05', 'H26.129', 'H26'];
const understanding = { isKnown: (_: string, name: string) => !name.startsWith('new-'), fits: () => true };
const projection = new DossierProjection(understanding);

const eventsOf = (log: DossierLog, subject: Subject): LoggedEvent[] =>
  log.messages.flatMap((message) => findLoggedEvent(message) ?? []).filter((event) => event.subject === subject);

/** As the follower does it: one by one, and anew from all so far where that is asked for. */
function follow(events: readonly LoggedEvent[], using = projection): FoldedDossier {
  return events.reduce<FoldedDossier | undefined>(
    (dossier, event, index) => using.next(dossier, event) ?? using.anew(events.slice(0, index + 1)),
    undefined,
  ) as FoldedDossier;
}
const rowAfter = (log: DossierLog, subject: Subject, using = projection): Record<string, unknown> =>
  rowOf(follow(eventsOf(log, subject), using));

/** Received at the commune, forwarded to the district, accepted there. */
function atDistrict(): { log: DossierLog; subject: Subject } {
  const log = new DossierLog();
  const subject = log.begin();
  log.log(subject, 'forwarded', { data: { to: DISTRICT, reason: 'route' } });
  log.log(subject, 'custody-accepted', { by: DISTRICT });
  return { log, subject };
}

describe('the row of a dossier', () => {
  it('shows a dossier received', () => {
    const log = new DossierLog();
    const subject = log.begin();
    expect(rowAfter(log, subject)).toMatchObject({
      subject,
      situation: 'Received',
      status: 2,
      custodian: COMMUNE,
      receiving_agency: COMMUNE,
      custodians: [COMMUNE],
      parties: [COMMUNE],
      forwarded_by: [],
      verdict: 'running',
      head_place: 1,
      head_hash: log.messages[0]?.hash,
      unapplied: 0,
      parked: null,
    });
  });

  it('shows a dossier under way with both sides and the leg’s deadline, its status unchanged', () => {
    const log = new DossierLog();
    const subject = log.begin();
    log.log(subject, 'forwarded', {
      data: { to: DISTRICT, reason: 'route', legDueAt: '2023-06-16T10:00:00.000Z' },
    });
    expect(rowAfter(log, subject)).toMatchObject({
      situation: 'InTransit',
      status: 2,
      in_transit_from: COMMUNE,
      in_transit_to: DISTRICT,
      transit_reason: 'route',
      leg_due_at: '2023-06-16T10:00:00.000Z',
      parties: [COMMUNE, DISTRICT],
      forwarded_by: [],
    });
    expect(rowAfter(log, subject)['custodian']).toBeUndefined();
  });

  it('counts a forward once it is accepted, and a return not at all', () => {
    const { log, subject } = atDistrict();
    expect(rowAfter(log, subject)).toMatchObject({
      custodian: DISTRICT,
      custodians: [COMMUNE, DISTRICT],
      forwarded_by: [COMMUNE],
    });
    log.log(subject, 'resolved', { by: DISTRICT });
    log.log(subject, 'forwarded', { by: DISTRICT, data: { to: COMMUNE, reason: 'return' } });
    log.log(subject, 'custody-accepted');
    expect(rowAfter(log, subject)).toMatchObject({
      custodian: COMMUNE,
      forwarded_by: [COMMUNE],
      situation: 'Resolved',
      status: 9,
      ended_by: DISTRICT,
    });
  });

  it('does not count a forward that was declined', () => {
    const log = new DossierLog();
    const subject = log.begin();
    log.log(subject, 'forwarded', { data: { to: DISTRICT, reason: 'route' } });
    log.log(subject, 'custody-declined', { by: DISTRICT });
    expect(rowAfter(log, subject)).toMatchObject({ custodian: COMMUNE, forwarded_by: [], situation: 'Received' });
  });

  it.each([
    ['2023-06-15T17:00:00.000Z', 'overdue'],
    ['2023-06-15T16:59:59.999Z', 'on-time'],
    ['2023-06-14T03:00:00.000Z', 'early'],
  ])('says of a dossier due on 15 June that ended at %s: %s', (endedAt, verdict) => {
    const log = new DossierLog();
    const subject = log.begin('received', { data: { dueAt: '2023-06-15T10:00:00.000Z' } });
    log.log(subject, 'resolved');
    const events = eventsOf(log, subject);
    const last = events[1] as LoggedEvent;
    const moved = { ...last, sealed: { ...last.sealed, message: { ...last.sealed.message, time: endedAt } } };
    expect(rowOf(follow([events[0] as LoggedEvent, moved]))).toMatchObject({
      verdict,
      ended_at: endedAt,
      ending: 'resolved',
    });
  });

  it('takes nothing personal from an event, were it even there in clear', () => {
    const { log, subject } = atDistrict();
    const examples = JSON.stringify(eventsOf(log, subject).map(({ sealed }) => sealed.message.data));
    const row = JSON.stringify(rowAfter(log, subject));
    const { applicant } = eventsOf(log, subject)[0]?.sealed.message.data as { applicant: Record<string, string> };
    for (const value of Object.values(applicant).filter((one) => typeof one === 'string' && one.length > 3)) {
      expect(examples).toContain(value);
      expect(row).not.toContain(value);
    }
  });

  it('is found by every code', () => {
    const log = new DossierLog();
    const data = {
      dossierCode: 'H26.129.05-230614-0001',
      otherCodes: [{ system: 'national-portal', code: 'G01.1-230614-0009' }],
    };
    const subject = log.begin('received', { data });
    expect(codesOf(follow(eventsOf(log, subject)))).toEqual([
      { system: '', code: 'H26.129.05-230614-0001' },
      { system: 'national-portal', code: 'G01.1-230614-0009' },
    ]);
  });
});

describe('a fold that cannot go on', () => {
  it('stands before the event that it does not know, counts what comes, and goes on when it knows it', () => {
    const { log, subject } = atDistrict();
    const unknown = log.log(subject, 'new-fact', { by: DISTRICT });
    log.log(subject, 'processing-started', { by: DISTRICT });
    expect(rowAfter(log, subject)).toMatchObject({
      parked: 'NOT_UNDERSTOOD',
      parked_event: unknown.hash,
      unapplied: 2,
      head_place: 3,
      situation: 'Received',
      updated_index: 4,
    });
    const learnt = new DossierProjection({ isKnown: () => true, fits: () => true }, (state, event) =>
      (event.type as string) === 'new-fact' ? state : evolve(state, event),
    );
    expect(rowOf(learnt.anew(eventsOf(log, subject)))).toMatchObject({ parked: null, unapplied: 0, head_place: 5 });
  });

  it.each([
    ['that does not fit its contract', { isKnown: () => true, fits: () => false }, 'NOT_UNDERSTOOD', undefined],
    ['on which it throws', understanding, 'FOLD_FAILED', new TypeError('x is undefined')],
  ])('is parked by an event %s', (_, contracts, parked, fault) => {
    const throwing = new DossierProjection(contracts, () => {
      throw fault ?? new Error('not reached');
    });
    const { log, subject } = atDistrict();
    expect(rowAfter(log, subject, throwing)).toMatchObject({
      parked,
      unapplied: 3,
      head_place: 0,
      situation: 'NotFiled',
      verdict: 'not-counted',
    });
  });

  it('is parked by an event that the situation does not provide for', () => {
    const log = new DossierLog();
    const subject = log.begin();
    const stray = log.log(subject, 'custody-accepted');
    expect(rowAfter(log, subject)).toMatchObject({
      parked: 'NOT_UNDERSTOOD',
      parked_event: stray.hash,
      custodian: COMMUNE,
    });
  });
});

describe('branches', () => {
  /** Forwarded and accepted, while the former custodian signed its place again. */
  function contested(effect: 'aside' | 'switches'): { log: DossierLog; subject: Subject } {
    const log = new DossierLog();
    const subject = log.begin();
    const received = eventsOf(log, subject)[0]?.sealed;
    log.log(subject, 'forwarded', { data: { to: DISTRICT, reason: 'route' } });
    log.log(subject, 'processing-started', { ...(received && { after: received }), effect });
    return { log, subject };
  }

  it('of equal weight park the dossier before the forked place, until one of them wins', () => {
    const { log, subject } = contested('aside');
    const forwarded = eventsOf(log, subject)[1]?.sealed;
    expect(rowAfter(log, subject)).toMatchObject({
      parked: 'FORK',
      branched: true,
      head_place: 1,
      situation: 'Received',
      unapplied: 2,
    });
    log.log(subject, 'custody-accepted', {
      by: DISTRICT,
      ...(forwarded && { after: forwarded }),
      effect: 'extends',
    });
    expect(rowAfter(log, subject)).toMatchObject({
      parked: null,
      branched: true,
      head_place: 3,
      custodian: DISTRICT,
      unapplied: 0,
    });
  });

  it('are followed along the heavier one: what the lighter one did is gone from the row', () => {
    const { log, subject } = contested('aside');
    const [, forwarded, again] = eventsOf(log, subject).map(({ sealed }) => sealed);
    log.log(subject, 'custody-accepted', { by: DISTRICT, ...(forwarded && { after: forwarded }) });
    expect(rowAfter(log, subject)).toMatchObject({ custodian: DISTRICT, forwarded_by: [COMMUNE] });
    const version = { to: CITY, directoryVersion: '2023-06-01T00:00:00.000Z' };
    log.log(subject, 'rehomed', {
      by: CITY,
      data: version,
      ...(again && { after: again }),
      effect: 'switches',
    });
    expect(rowAfter(log, subject)).toMatchObject({
      parked: null,
      head_place: 3,
      first_index: 0,
      updated_index: 4,
      custodian: CITY,
      custodians: [COMMUNE, CITY],
      forwarded_by: [],
      situation: 'InProcess',
    });
  });

  it('leave what lost to be answered, counted by author and place until it is', () => {
    const { log, subject } = contested('aside');
    const [, forwarded, again] = eventsOf(log, subject).map(({ sealed }) => sealed);
    expect(rowAfter(log, subject)).toMatchObject({ parked: 'FORK', unanswered: 0 });
    const accepted = log.log(subject, 'custody-accepted', { by: DISTRICT, ...(forwarded && { after: forwarded }) });
    expect(rowAfter(log, subject)).toMatchObject({ parked: null, unanswered: 1 });
    const data = { verdict: 'refused', supersededEvents: [again?.hash ?? ''] };
    log.log(subject, 'corrected', { by: DISTRICT, data, after: accepted });
    expect(rowAfter(log, subject)).toMatchObject({ parked: null, unanswered: 0, head_place: 4 });
  });
});

describe('however the log is cut into batches', () => {
  it('the row is the same', () => {
    const steps = ['processing-started', 'new-fact', 'forwarded', 'custody-accepted', 'resolved', 'custody-declined'];
    const step = fc.record({
      name: fc.constantFrom(...steps),
      back: fc.nat(3),
      by: fc.constantFrom(COMMUNE, DISTRICT),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (wanted) => {
        const log = new DossierLog();
        const subject = log.begin();
        for (const { name, back, by } of wanted) {
          const all = eventsOf(log, subject);
          const after = (all.at(back === 3 ? -2 : -1) ?? all[0]) as LoggedEvent;
          const effect = after === all.at(-1) ? 'extends' : 'aside';
          log.log(subject, name, {
            by: by,
            data: { to: DISTRICT, reason: 'route' },
            after: after.sealed,
            effect,
          });
        }
        const events = eventsOf(log, subject);
        expect(rowOf(follow(events))).toEqual(rowOf(projection.anew(events)));
      }),
    );
  });
});

describe('entries of the log', () => {
  it('that are no events of a dossier are passed over', () => {
    const log = new DossierLog();
    log.logCommand(log.begin());
    expect(log.messages.map((message) => findLoggedEvent(message) !== undefined)).toEqual([true, false]);
  });

  it('whose bytes are no JSON are no secret', () => {
    const log = new DossierLog();
    log.begin();
    expect(() =>
      findLoggedEvent({ ...(log.messages[0] as never as object), bytes: Buffer.from('{') } as never),
    ).toThrow(SyntaxError);
  });
});
