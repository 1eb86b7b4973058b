import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hash, Subject } from '#libs/kernel';
import { seal, unseal, type Place } from './sealing.ts';

const key = randomBytes(32);
const place: Place = {
  stream: 'dossier/H26.129.05/x' as Subject,
  event: 'LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII' as Hash,
  pointers: ['/applicant/fullName'],
};
const corrupt: unknown = expect.objectContaining({ code: 'VAULT_CORRUPT' });

describe('a sealed disclosure', () => {
  it('opens in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        expect(unseal(key, place, seal(key, place, text))).toBe(text.toWellFormed()),
      ),
    );
  });

  it('does not open in another place, under another key, or after any byte was changed', () => {
    const sealed = seal(key, place, 'WyJzYWx0IiwiL2EiLCJ2Il0');
    for (const moved of [
      { stream: 'dossier/H26.129.06/x' as Subject },
      { event: 'A'.repeat(43) as Hash },
      { pointers: ['/applicant/phone'] },
      { pointers: ['/applicant/fullName', '/applicant/phone'] },
    ]) {
      expect(() => unseal(key, { ...place, ...moved }, sealed)).toThrow(corrupt);
    }
    expect(() => unseal(randomBytes(32), place, sealed)).toThrow(corrupt);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
      expect(() => unseal(key, place, changed)).toThrow(corrupt);
      expect(() => unseal(key, place, sealed.subarray(0, at))).toThrow(corrupt);
    }
  });

  it('never repeats an iv', () => {
    const ivs = Array.from({ length: 2_000 }, () => seal(key, place, 'x').toString('hex', 1, 13));
    expect(new Set(ivs).size).toBe(ivs.length);
  });
});
