import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalize, encodeUtf8, type JsonObject, type Message } from '#libs/kernel';
import { claimedHashOf, findSignedBytes, hashOfValue, signingInput } from './seal-signed-bytes.ts';
import { sealMessage } from './seal.ts';

const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const { events } = JSON.parse(readFileSync(file, 'utf8')) as { events: { message: string }[] };
const { signature: _, ...unsigned } = JSON.parse(events[1]?.message ?? '') as Message;
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const noSignature = (): Uint8Array => new Uint8Array(64);
const refusal = (changes: object): unknown => {
  try {
    sealMessage({ ...unsigned, ...changes }, noSignature, sha256);
    return 'sealed';
  } catch (error) {
    const { code, details } = error as { code: string; details: { pointer?: string; member?: string } };
    return `${code} ${details.pointer ?? details.member ?? ''}`;
  }
};

describe('sealing', () => {
  it('refuses to write what a receiver would refuse, and says where', () => {
    expect(refusal({})).toBe('sealed');
    expect(refusal({ data: { note: 'Hòa'.normalize('NFD') } })).toBe('NOT_NFC /data/note');
    expect(refusal({ data: { note: null } })).toBe('NULL /data/note');
    expect(refusal({ data: { note: 'a\nb\tc' } })).toBe('sealed');
    expect(refusal({ data: { note: 'a\r' } })).toBe('CONTROL_CHARACTER /data/note');
    expect(refusal({ authid: undefined })).toBe('MEMBER_MISSING authid');
    expect(refusal({ expirytime: '2023-06-14T10:00:00.000Z' })).toBe('MEMBER_UNKNOWN expirytime');
    expect(refusal({ streamseq: '2' })).toBe('MEMBER_INVALID streamseq');
    expect(refusal({ type: 'received' })).toBe('MEMBER_INVALID type');
  });

  it('fills a message to its last byte and not further', () => {
    const { bytes } = sealMessage({ ...unsigned, data: { note: '' } }, noSignature, sha256);
    const room = 131_072 - bytes.length;
    expect(sealMessage({ ...unsigned, data: { note: 'a'.repeat(room) } }, noSignature, sha256).bytes.length).toBe(
      131_072,
    );
    expect(refusal({ data: { note: 'a'.repeat(room + 1) } })).toBe('TOO_LARGE ');
  });

  it('does not sign what it refuses for its members', () => {
    let signed = 0;
    const sign = (): Uint8Array => (signed++, new Uint8Array(64));
    expect(() => sealMessage({ ...unsigned, keyid: 'H26' }, sign, sha256)).toThrow('keyid');
    expect(signed).toBe(0);
  });
});

describe('signed bytes', () => {
  it('are the canonical form without the signature, wherever else that word stands', () => {
    const text = fc.constantFrom(
      '"signature":"',
      'signature',
      '"',
      `"signature":"${'A'.repeat(86)}",`,
      'ễ',
      '"source":"x",',
    );
    const { data } = fc.letrec<{ data: JsonObject }>((tie) => ({
      data: fc.dictionary(text, fc.oneof(text, tie('data'), fc.integer(), fc.array(text))),
    }));
    fc.assert(
      fc.property(data, fc.uint8Array({ minLength: 64, maxLength: 64 }), (changed, signature) => {
        const inputs: Uint8Array[] = [];
        const sign = (input: Uint8Array): Uint8Array => (inputs.push(input), signature);
        const sealed = sealMessage({ ...unsigned, data: changed }, sign, sha256);
        const expected = encodeUtf8(canonicalize({ ...unsigned, data: changed }));
        expect(sealed.bytes).toEqual(encodeUtf8(canonicalize(sealed.message as unknown as JsonObject)));
        expect(findSignedBytes(sealed.bytes)).toEqual(expected);
        expect(inputs).toEqual([signingInput('event', expected)]);
        expect(claimedHashOf(sealed.bytes, sha256)).toBe(sealed.hash);
        expect(hashOfValue(sealed.message as unknown as JsonObject, sha256)).toBe(sealed.hash);
      }),
    );
  });

  it('are looked for in any bytes without harm', () => {
    expect(findSignedBytes(encodeUtf8('{}'))).toBeUndefined();
    expect(findSignedBytes(encodeUtf8('"signature":"'))).toBeUndefined();
    expect(claimedHashOf(new Uint8Array(131_072).fill(0x22), sha256)).toBeUndefined();
  });
});
