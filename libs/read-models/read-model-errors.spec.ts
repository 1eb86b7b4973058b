import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { isOfTheRow, readModelError } from './read-model-errors.ts';

describe('a full disk', () => {
  it('is no fault of a dossier, and passes', () => {
    const error = Object.assign(new Error('could not extend file'), { code: '53100' });
    expect(readModelError(error)).toMatchObject({ code: 'READ_MODEL_UNAVAILABLE', details: { retryable: true } });
    expect(isOfTheRow(error)).toBe(false);
  });
});

describe('a fault of our own in making a row', () => {
  it('concerns the dossier, also where it is an error of the domain', () => {
    expect(isOfTheRow(new DomainError('MALFORMED', 'not an instant', { what: 'instant' }))).toBe(true);
  });

  it.each([
    new DomainError('READ_MODEL_UNAVAILABLE', 'away', { retryable: true, delayMs: 500 }),
    new DomainError('READ_MODEL_FAILED', 'no table', { retryable: false, sqlState: '42501' }),
    new DomainError('STORE_CLOSED', 'the event store is closed'),
  ])('is not what a database says of itself: $code', (error) => {
    expect(isOfTheRow(error)).toBe(false);
  });
});
