import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { classifyError, isRetryable } from './errors.ts';

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('said'), { code, ...more });

describe('classifyError', () => {
  it.each([
    ['08006', 'STORE_UNAVAILABLE'],
    ['57P01', 'STORE_UNAVAILABLE'],
    ['57P03', 'STORE_UNAVAILABLE'],
    ['ECONNREFUSED', 'STORE_UNAVAILABLE'],
    ['ENOTFOUND', 'STORE_UNAVAILABLE'],
    ['40001', 'STORE_BUSY'],
    ['40P01', 'STORE_BUSY'],
    ['55P03', 'STORE_BUSY'],
    ['57014', 'STORE_BUSY'],
    ['53300', 'STORE_BUSY'],
    ['53100', 'STORE_FULL'],
    ['58030', 'STORE_FULL'],
  ])('%s passes: %s', (state, code) => {
    const error = classifyError(withCode(state));
    expect(error.code).toBe(code);
    expect(isRetryable(error)).toBe(true);
    expect(error.details['delayMs']).toBeGreaterThan(0);
  });

  it.each(['Connection terminated unexpectedly', 'Query read timeout', 'timeout exceeded when trying to connect'])(
    '%s passes',
    (said) => {
      expect(isRetryable(classifyError(new Error(said)))).toBe(true);
    },
  );

  it.each(['42P01', '42501', '23505', '28P01', '3D000', ''])('%s is permanent', (state) => {
    const error = classifyError(withCode(state));
    expect([error.code, isRetryable(error)]).toEqual(['STORE_FAILED', false]);
  });

  it('names a delivery of a message that is nowhere', () => {
    expect(classifyError(withCode('23502', { table: 'outbox', column: 'log_index' })).code).toBe(
      'DELIVERY_OF_UNKNOWN_MESSAGE',
    );
  });

  it('leaves an error of the domain as it is, and keeps the cause of others', () => {
    const error = new DomainError('OVERLOADED', 'full');
    expect(classifyError(error)).toBe(error);
    const cause = withCode('08006');
    expect(classifyError(cause).cause).toBe(cause);
    expect(classifyError('thrown').message).toBe('thrown');
  });
});
