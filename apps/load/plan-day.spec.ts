import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FileDossierData } from '#libs/dossier';
import { isUuid7, localDateOf, type Instant } from '#libs/kernel';
import { MIX } from './mix.ts';
import type { DayPlan, PlannedStep } from './plan.ts';
import { planDay } from './plan-day.ts';
import { DISTRICT } from './reference.ts';
import { allSteps, reference } from './rehearsal.builders.ts';

const dayStart = '2023-06-14T00:30:00.000Z' as Instant;
const planOf = (seed: string, more: { dossiers?: number; dayStart?: Instant } = {}): DayPlan =>
  planDay({ seed, dayStart, ...more }, reference);
const day = planOf('gia-lam');
const filed = ({ steps: [first] }: { steps: readonly PlannedStep[] }): FileDossierData =>
  first?.data as unknown as FileDossierData;

describe('a plan', () => {
  it('is the same for the same seed, byte for byte, and another one for another', () => {
    expect(JSON.stringify(planOf('gia-lam'))).toBe(JSON.stringify(day));
    expect(JSON.stringify(planOf('gia-lam-2'))).not.toBe(JSON.stringify(day));
    expect(planOf('gia-lam-2').dossiers[0]?.id).not.toBe(day.dossiers[0]?.id);
  });

  it('of another day has other dossiers', () => {
    const next = planOf('gia-lam', { dayStart: '2023-06-15T00:30:00.000Z' as Instant });
    const ids = new Set(day.dossiers.map(({ id }) => id));
    expect(next.dossiers.some(({ id }) => ids.has(id))).toBe(false);
  });

  it('gives every dossier an id of version 7, and every act a key, that no other one has', () => {
    expect(day.dossiers.every(({ id }) => isUuid7(id))).toBe(true);
    const keys = day.dossiers.flatMap(({ id, steps }) => allSteps(steps).map(({ key }) => `${id}.${key}`));
    expect(new Set(keys).size).toBe(keys.length);
    // With `load-` and 32 characters of the seed an idempotency key has at most 128.
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(88);
  });

  it('keeps to the working time of its day, each dossier in the order of its acts', () => {
    for (const { steps } of day.dossiers) {
      const times = steps.map(({ at }) => at);
      expect([...times].sort()).toEqual(times);
      for (const at of allSteps(steps).map((step) => step.at)) {
        expect(localDateOf(at)).toBe(day.date);
        const clock = at.slice(11, 16);
        expect((clock >= '01:00' && clock < '05:00') || (clock >= '06:30' && clock < '10:30')).toBe(true);
      }
    }
  });

  it('begins where its day begins', () => {
    const noon = '2023-06-14T05:30:00.000Z' as Instant;
    const { dossiers } = planOf('gia-lam', { dayStart: noon, dossiers: 50 });
    expect(dossiers.every(({ steps }) => (steps[0]?.at ?? '') >= noon)).toBe(true);
  });

  it.each([
    ['a Sunday', '2023-06-18T01:00:00.000Z', 'DAY_WITHOUT_WORK'],
    ['an evening', '2023-06-14T12:00:00.000Z', 'DAY_WITHOUT_WORK'],
    ['a day after districts have ended', '2025-07-02T01:00:00.000Z', 'DAY_WITHOUT_COMMUNES'],
    ['a day beyond the calendar', '2031-06-17T01:00:00.000Z', 'CALENDAR_NOT_COVERED'],
  ])('of %s is refused', (_what, start, code) => {
    expect(() => planOf('x', { dayStart: start as Instant })).toThrow(expect.objectContaining({ code }));
  });
});

describe('the mix', () => {
  const large = planOf('mix', { dossiers: 1200 });
  const share = (plan: DayPlan, is: (dossier: DayPlan['dossiers'][number]) => boolean): number =>
    plan.dossiers.filter(is).length / plan.dossiers.length;

  it('has one working day of the half-year', () => {
    const { received, workingDays, atDistrict, atCommunes } = reference.figures;
    expect(atDistrict + atCommunes).toBe(received);
    expect(day.dossiers).toHaveLength(Math.round(received / workingDays));
  });

  it.each([200, 396])('of %s dossiers meets the figures of the half-year to within one dossier', (dossiers) => {
    const { received, atDistrict, online } = reference.figures;
    const plan = planOf('mix', { dossiers });
    const near = 1 / dossiers;
    expect(Math.abs(share(plan, (one) => one.receivingAgency === DISTRICT) - atDistrict / received)).toBeLessThan(near);
    expect(Math.abs(share(plan, ({ channel }) => channel === 'online') - online / received)).toBeLessThan(near);
  });

  it('sends 10 to 15 % of what communes receive to another level', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const communes = planOf(seed, { dossiers: 150 }).dossiers.filter(
          ({ receivingAgency }) => receivingAgency !== DISTRICT,
        );
        const leaving = communes.filter(({ legs }) => legs > 1).length / communes.length;
        expect(leaving).toBeGreaterThanOrEqual(0.1);
        expect(leaving).toBeLessThanOrEqual(0.15);
      }),
      { numRuns: 5 },
    );
  });

  it('shares out the incidents as the table says', () => {
    const leaving = large.dossiers.filter(({ legs }) => legs > 1);
    const total = MIX.incidentsOfOtherLevel.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [incident, weight] of MIX.incidentsOfOtherLevel) {
      const those = leaving.filter((dossier) => dossier.incident === incident).length;
      expect(Math.abs(those / leaving.length - weight / total)).toBeLessThan(0.02);
    }
  });

  it('lets civil status and certified copies dominate at communes, and gives every commune work', () => {
    const communes = day.dossiers.filter(({ receivingAgency }) => receivingAgency !== DISTRICT);
    const fields = communes.map(({ procedure }) => reference.procedures.byCode.get(procedure)?.field ?? '');
    const dominating = fields.filter((field) => ['Hộ tịch', 'Chứng thực'].includes(field)).length;
    expect(dominating / fields.length).toBeGreaterThan(0.6);
    expect(new Set(communes.map(({ receivingAgency }) => receivingAgency)).size).toBe(22);
  });

  it('offers online only what may be asked for online', () => {
    for (const dossier of day.dossiers.filter(({ channel }) => channel === 'online')) {
      const versions = reference.procedures.byCode.get(dossier.procedure)?.versions ?? [];
      expect(versions.some(({ onlineLevel }) => onlineLevel !== 'none')).toBe(true);
      expect(filed(dossier).receiveAtOnce).toBe(false);
    }
  });

  it('comes mostly in the first hours of the morning and the afternoon', () => {
    const hours = large.dossiers.map(({ steps }) => steps[0]?.at.slice(11, 13));
    const count = (hour: string): number => hours.filter((one) => one === hour).length;
    expect(count('01')).toBeGreaterThan(count('04'));
    expect(count('07')).toBeGreaterThan(count('09'));
  });
});

describe('persons', () => {
  const texts = day.dossiers.map((dossier) => JSON.stringify(filed(dossier)));

  it('have numbers that begin with 999, phones that nobody has, mail that goes nowhere', () => {
    for (const text of texts) {
      const found = (member: string): readonly string[] =>
        [...text.matchAll(new RegExp(`"${member}":"([^"]+)"`, 'g'))].map(([, value]) => value ?? '');
      expect(found('personalId').every((number) => /^999[0-3]\d{8}$/.test(number))).toBe(true);
      expect(found('phone').every((phone) => phone.startsWith('0000 '))).toBe(true);
      expect(found('email').every((email) => email.endsWith('@example.invalid'))).toBe(true);
    }
  });

  it('have numbers that fit century, sex and year of birth', () => {
    const people = day.dossiers.map((dossier) => filed(dossier).applicant);
    for (const { personalId, sex, birthDate } of people) {
      if (personalId === undefined || birthDate === undefined) continue;
      const year = Number(birthDate.slice(0, 4));
      expect(personalId.slice(3, 6)).toBe(
        `${(year < 2000 ? 0 : 2) + (sex === 'male' ? 0 : 1)}${String(year % 100).padStart(2, '0')}`,
      );
    }
  });

  it('have Vietnamese names, and seldom the same', () => {
    const names = day.dossiers.map((dossier) => filed(dossier).applicant.fullName);
    expect(names.filter((name) => /[^\x20-\x7e]/.test(name)).length / names.length).toBeGreaterThan(0.8);
    expect(new Set(names).size).toBeGreaterThan(names.length * 0.8);
  });

  it('hand in for others with their names, and have children and relatives where the procedure is about them', () => {
    for (const dossier of day.dossiers) {
      const { submittedBy, submitter } = filed(dossier);
      expect(submitter !== undefined).toBe(submittedBy === 'submitter' || submittedBy === 'proxy');
    }
    const births = day.dossiers.filter(({ procedure }) => procedure === '1.001193').map(filed);
    expect(births.length).toBeGreaterThan(0);
    expect(births.every(({ children }) => children?.['c1'] !== undefined)).toBe(true);
  });
});
