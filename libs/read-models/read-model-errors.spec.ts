import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { isOfTheRow } from './read-model-errors.ts';

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
