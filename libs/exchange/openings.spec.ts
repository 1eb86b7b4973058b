import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeUtf8, type Hash } from '#libs/kernel';
import { decodeOpenings, encodeOpenings, MAX_OPENINGS_BYTES, type Opening } from './openings.ts';

const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const { jwe } = JSON.parse(readFileSync(file, 'utf8')) as { jwe: { plaintext: string } };
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const hash = (seed: number): Hash => (String.fromCharCode(65 + (seed % 26)).repeat(42) + 'A') as Hash;

describe('the plaintext of openings', () => {
  it('is that of the vector, both ways', () => {
    const openings = decodeOpenings(encodeUtf8(jwe.plaintext)) as readonly Opening[];
    expect(openings.map(({ disclosures }) => disclosures.length)).toEqual([5]);
    expect(encodeOpenings(openings).map(text)).toEqual([jwe.plaintext]);
  });

  it('comes back whole, in batches within the limit, each event in one of them', () => {
    const disclosures = fc.array(
      fc.integer({ min: 60, max: 30_000 }).map((size) => 'a'.repeat(size)),
      { maxLength: 3 },
    );
    const opening = fc.record({ event: fc.nat(25).map(hash), disclosures });
    fc.assert(
      fc.property(fc.array(opening, { maxLength: 12 }), (openings) => {
        const batches = encodeOpenings(openings);
        expect(batches.every((batch) => batch.length <= MAX_OPENINGS_BYTES)).toBe(true);
        expect(batches.flatMap((batch) => decodeOpenings(batch))).toEqual(openings);
      }),
      { numRuns: 50 },
    );
  });

  it('fills a batch to its last byte', () => {
    const filler = (size: number): Opening => ({ event: hash(1), disclosures: ['a'.repeat(size)] });
    const frame = text(encodeOpenings([filler(0)])[0]).length;
    const second = `,${text(encodeOpenings([filler(0)])[0]).slice(13, -2)}`.length;
    const room = MAX_OPENINGS_BYTES - frame;
    expect(encodeOpenings([filler(room)]).map((batch) => batch.length)).toEqual([MAX_OPENINGS_BYTES]);
    expect(encodeOpenings([filler(room - second - 10), filler(6)]).length).toBe(1);
    expect(encodeOpenings([filler(room - 10), filler(11)]).length).toBe(2);
    expect(() => encodeOpenings([filler(room + 1)])).toThrow(expect.objectContaining({ code: 'OPENINGS_TOO_LARGE' }));
  });

  it.each([
    'x',
    '[]',
    '{}',
    '{"openings":{}}',
    '{"more":1,"openings":[]}',
    '{"openings":[1]}',
    '{"openings": []}',
    `{"openings":[{"disclosures":[],"event":"${hash(1)}","more":1}]}`,
    `{"openings":[{"disclosures":[1],"event":"${hash(1)}"}]}`,
    `{"openings":[{"disclosures":"x","event":"${hash(1)}"}]}`,
    `{"openings":[{"disclosures":[],"event":"${hash(1)}B"}]}`,
    `{"openings":[{"disclosures":[]}]}`,
    `{"openings":[{"disclosures":["${'a'.repeat(96_000)}"],"event":"${hash(1)}"}]}`,
  ])('is not %.60j', (plaintext) => expect(decodeOpenings(encodeUtf8(plaintext))).toBeUndefined());
});
