import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { commandHeaders } from './request-context.ts';

const HASH = 'LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII';
const asked = (headers: Readonly<Record<string, string>>) =>
  commandHeaders({
    header: (name: string) => ({ 'idempotency-key': '12345678', ...headers })[name],
  } as unknown as Request);

describe('headers of a command', () => {
  it('need a key and nothing else', () => {
    expect(asked({})).toEqual({ idempotencyKey: '12345678', waitMs: 0 });
  });

  it.each([
    ['wait=5', 5000],
    ['respond-async, wait=10', 10_000],
    ['wait=99', 30_000],
    ['wait=soon', 0],
    ['await=5', 0],
    ['wait=-1', 0],
  ])('Prefer: %s waits %d ms', (prefer, waitMs) => {
    expect(asked({ prefer }).waitMs).toBe(waitMs);
  });

  it('If-Match is one strong tag, or any', () => {
    expect(asked({ 'if-match': `"${HASH}"` }).expectedHash).toBe(HASH);
    expect(asked({ 'if-match': '*' })).not.toHaveProperty('expectedHash');
    for (const tag of [HASH, `W/"${HASH}"`, `"${HASH}", "x"`, '""', `"${'B'.repeat(43)}"`]) {
      expect(() => asked({ 'if-match': tag })).toThrow(expect.objectContaining({ code: 'ETAG_MALFORMED' }));
    }
  });
});
