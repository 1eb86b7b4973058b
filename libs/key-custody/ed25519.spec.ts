import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sha256, verifyAllEd25519, verifyEd25519 } from './ed25519.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('sha256', () => {
  it('agrees with FIPS 180-4', () => {
    const digest = Buffer.from(sha256(Buffer.from('abc'))).toString('hex');
    expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('verifyEd25519', () => {
  // RFC 8032 7.1, test 3
  const publicKey = hex('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
  const message = hex('af82');
  const signature = hex(
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  );

  it('accepts the signature of RFC 8032', () => {
    expect(verifyEd25519(publicKey, message, signature)).toBe(true);
  });

  it('refuses it after any bit was changed', () => {
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      const changed = Buffer.from(signature);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(verifyEd25519(publicKey, message, changed)).toBe(false);
    }
    expect(verifyEd25519(publicKey, hex('af83'), signature)).toBe(false);
  });

  it.each([
    ['a short key', publicKey.subarray(1), signature],
    ['a short signature', publicKey, signature.subarray(1)],
    ['a key that is no point', Buffer.alloc(32, 0xff), signature],
    ['nothing', new Uint8Array(), new Uint8Array()],
  ])('answers false, and does not throw, for %s', (_, key, signed) => {
    expect(verifyEd25519(key, message, signed)).toBe(false);
  });

  it('says the same of many asked at once, in their order', async () => {
    const checks = [
      { publicKey, bytes: message, signature },
      { publicKey, bytes: hex('af83'), signature },
      { publicKey: publicKey.subarray(1), bytes: message, signature },
      { publicKey: Buffer.alloc(32, 0xff), bytes: message, signature },
      { publicKey, bytes: message, signature: new Uint8Array() },
      { publicKey, bytes: message, signature },
    ];
    expect(await verifyAllEd25519(checks)).toEqual([true, false, false, false, false, true]);
    for (const check of checks)
      expect(await verifyAllEd25519([check])).toEqual([verifyEd25519(check.publicKey, check.bytes, check.signature)]);
    expect(await verifyAllEd25519([])).toEqual([]);
  });

  it('reads a key that is a view into a larger buffer', () => {
    const padded = new Uint8Array(Buffer.concat([Buffer.alloc(5), publicKey, Buffer.alloc(5)])).subarray(5, 37);
    expect(verifyEd25519(padded, message, signature)).toBe(true);
  });

  it('goes on with more keys than it keeps', () => {
    const pairs = Array.from({ length: 50 }, () => generateKeyPairSync('ed25519'));
    for (const pair of [...pairs, ...pairs]) {
      const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
      expect(verifyEd25519(raw, message, sign(null, message, pair.privateKey))).toBe(true);
    }
  });
});
