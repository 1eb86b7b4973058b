import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { retrying, vaultError } from './vault-errors.ts';

const pgError = (code: string): Error => Object.assign(new Error(`code ${code}`), { code, detail: 'Key (x)=(secret)' });

describe('vault errors', () => {
  it.each([
    '08006',
    '53300',
    '57P01',
    '57P03',
    '40P01',
    '40001',
    '55P03',
    '57014',
    'ECONNREFUSED',
    'ECONNRESET',
    'EAI_AGAIN',
  ])('%s may be tried again', (code) => {
    expect(vaultError(pgError(code))).toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      details: { retryable: true, delayMs: 1_000 },
    });
  });

  it('so may a connection that ended without a code', () => {
    expect(vaultError(new Error('Connection terminated unexpectedly'))).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });

  it.each(['22021', '23505', '42501', 'XX001', 'E57P01'])('%s may not', (code) => {
    expect(vaultError(pgError(code))).toMatchObject({ code: 'VAULT_FAILED', details: { retryable: false } });
  });

  it('what is unknown may not, and quotes no row', () => {
    expect(vaultError(new TypeError('x is undefined'))).toMatchObject({ code: 'VAULT_FAILED' });
    expect(JSON.stringify(vaultError(pgError('23505')))).not.toContain('secret');
  });

  it('an error of the domain stays itself', () => {
    const error = new DomainError('VAULT_KEY_WRONG', 'x');
    expect(vaultError(error)).toBe(error);
  });
});

describe('retrying', () => {
  const failing = (times: number, code: string): { work: () => Promise<string>; calls: () => number } => {
    let calls = 0;
    const work = async (): Promise<string> => {
      calls += 1;
      if (calls <= times) throw pgError(code);
      return 'done';
    };
    return { work, calls: () => calls };
  };

  it('gets over lost connections', async () => {
    await expect(retrying(failing(3, '57P01').work)).resolves.toBe('done');
  });

  it('gives up in the end, and at once where repeating cannot help', async () => {
    const [away, refused] = [failing(99, 'ECONNREFUSED'), failing(99, '42501')];
    await expect(retrying(away.work)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    await expect(retrying(refused.work)).rejects.toMatchObject({ code: 'VAULT_FAILED' });
    expect([away.calls(), refused.calls()]).toEqual([4, 1]);
  });
});
