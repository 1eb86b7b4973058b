import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REFUSAL_CODES } from '#libs/dossier';
import { DomainError } from '#libs/kernel';
import { DOOR, TEXT_FAULTS } from './door-texts.ts';
import { problemOf, problemOfError, problemOfOutcome } from './problems.ts';
import { shownMessage, shownPointer } from './shown-names.ts';

const CODES = [...Object.keys(DOOR), ...Object.keys(TEXT_FAULTS), ...REFUSAL_CODES];

describe('problems', () => {
  it.each(CODES)('%s: a status, a stable type, both languages, no brace', (code) => {
    const problem = problemOf(code);
    expect(problem).toMatchObject({ code, type: `urn:lienthong:problem:${code.toLowerCase().replaceAll('_', '-')}` });
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.message.vi).toMatch(/\S/);
    expect(problem.message.en).toMatch(/\S/);
    expect(`${problem.message.vi}${problem.message.en}`).not.toMatch(/[{}]/);
  });

  it('a code nobody described is an internal error, and its details stay here', () => {
    expect(problemOf('SURPRISE', { situation: 'secret' })).toEqual(problemOf('INTERNAL'));
  });

  it.each([
    ['STORE_UNAVAILABLE', 'UNAVAILABLE', 503],
    ['VAULT_OVERLOADED', 'OVERLOADED', 503],
    ['VAULT_CORRUPT', 'INTERNAL', 500],
  ])('%s of an adapter is %s', (code, shown, status) => {
    expect(problemOfError(new DomainError(code, 'at 10.0.0.1'))).toMatchObject({ code: shown, status });
  });

  it('a refusal of a later version keeps its own words', () => {
    const message = { vi: 'Chưa được.', en: 'Not yet.' };
    expect(problemOfOutcome({ code: 'OF_LATER', message, allowed: ['withdraw'] })).toMatchObject({
      status: 409,
      code: 'OF_LATER',
      message,
      allowed: ['withdraw'],
    });
    expect(problemOfOutcome({ code: 'STALE', message, allowed: [] }).status).toBe(412);
  });

  it('names that a caller chose are hidden, ours are shown', () => {
    expect(shownPointer('/data/applicant/fullName')).toBe('/data/applicant/fullName');
    expect(shownPointer('/components/1.001193.C02/form')).toBe('/components/1.001193.C02/form');
    expect(shownPointer('/children/c1/fullName')).toBe('/children/c1/fullName');
    expect(shownPointer('/Nguyễn Thị Hòa/fullName')).toBe('/(not shown)/fullName');
    expect(shownMessage('has the unknown member "applicant"')).toBe('has the unknown member "applicant"');
    expect(shownMessage('has the unknown member "Hoa"')).toBe('has an unknown member (not shown)');
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{12}$|^[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}$/), (planted) => {
        expect(shownPointer(`/${planted}/x`)).not.toContain(planted);
        expect(
          JSON.stringify(
            problemOf('INVALID', {
              faults: [{ pointer: `/${planted}`, message: `has the unknown member "${planted}"` }],
            }),
          ),
        ).not.toContain(planted);
      }),
    );
  });
});
