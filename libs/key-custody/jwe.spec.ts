import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, type CompactJWEHeaderParameters } from 'jose';
import { openJwe, sealJwe, sealJweWith } from './jwe.ts';

interface JweVector {
  readonly recipient: string;
  readonly recipientSeedHex: string;
  readonly recipientPublicKey: string;
  readonly ephemeralSeedHex: string;
  readonly ivHex: string;
  readonly plaintext: string;
  readonly compact: string;
}
const vectorsUrl = new URL('../../test/fixtures/wire-vectors.json', import.meta.url);
const vector = (JSON.parse(readFileSync(vectorsUrl, 'utf8')) as { jwe: JweVector }).jwe;

const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const keyOfSeed = (hex: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_X25519, Buffer.from(hex, 'hex')]), format: 'der', type: 'pkcs8' });
const publicOf = (key: KeyObject): string => createPublicKey(key).export({ format: 'jwk' }).x as string;

const privateKey = keyOfSeed(vector.recipientSeedHex);
const recipient = { kid: vector.recipient, publicKey: Buffer.from(vector.recipientPublicKey, 'base64url') };
const findKey = (kid: string): KeyObject | undefined => (kid === vector.recipient ? privateKey : undefined);
const opened = (compact: string): string => openJwe(compact, findKey).toString('utf8');
const invalid: unknown = expect.objectContaining({ code: 'JWE_INVALID' });

const withHeader = (header: string): string => {
  const parts = sealJwe(Buffer.from('x'), recipient).split('.');
  return [Buffer.from(header).toString('base64url'), ...parts.slice(1)].join('.');
};
const headerOf = (compact: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(compact.split('.')[0] as string, 'base64url').toString('utf8')) as Record<string, unknown>;

describe('the vector', () => {
  it('is sealed byte for byte', () => {
    const ephemeralKey = keyOfSeed(vector.ephemeralSeedHex);
    const ephemeral = { privateKey: ephemeralKey, publicKey: publicOf(ephemeralKey) };
    const sealed = sealJweWith(Buffer.from(vector.plaintext), recipient, {
      ephemeral,
      iv: Buffer.from(vector.ivHex, 'hex'),
    });
    expect(sealed).toBe(vector.compact);
  });

  it('is opened', () => {
    expect(opened(vector.compact)).toBe(vector.plaintext);
  });
});

describe('the other implementation (jose)', () => {
  it('opens what we seal', async () => {
    const sealed = sealJwe(Buffer.from('Trần Văn Cán'), recipient);
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey);
    expect(Buffer.from(plaintext).toString('utf8')).toBe('Trần Văn Cán');
    expect(Object.keys(protectedHeader).toSorted()).toEqual(['alg', 'enc', 'epk', 'kid']);
  });

  const sealWithJose = (extra: Record<string, unknown> = {}): Promise<string> => {
    const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: recipient.kid, ...extra } as CompactJWEHeaderParameters;
    return new CompactEncrypt(Buffer.from('Trần Văn Cán'))
      .setProtectedHeader(header)
      .encrypt(createPublicKey(privateKey));
  };

  it('seals what we open, with its own order of members', async () => {
    expect(opened(await sealWithJose())).toBe('Trần Văn Cán');
  });

  it.each([
    ['another content encryption', { enc: 'A128GCM' }],
    ['a key wrapping', { alg: 'ECDH-ES+A256KW' }],
    ['a member too many', { typ: 'JOSE' }],
    ['a content type', { cty: 'json' }],
  ])('is refused with %s', async (_, extra) => {
    const compact = await sealWithJose(extra);
    expect(() => opened(compact)).toThrow(invalid);
  });
});

describe('opening', () => {
  it('gives what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (plaintext) => {
        expect(openJwe(sealJwe(plaintext, recipient), findKey).equals(plaintext)).toBe(true);
      }),
    );
  });

  it('never works after any one byte was changed', () => {
    const sealed = Buffer.from(sealJwe(Buffer.from('{"openings":[]}'), recipient));
    for (let at = 0; at < sealed.length; at += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(sealed.readUInt8(at) ^ bit, at);
        expect(() => opened(changed.toString('latin1'))).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^JWE_(INVALID|KEY_UNKNOWN)$/) }),
        );
      }
    }
  });

  it('never works on a prefix, nor with something appended', () => {
    const sealed = sealJwe(Buffer.from('x'), recipient);
    for (let end = 0; end < sealed.length; end += 1) expect(() => opened(sealed.slice(0, end))).toThrow(invalid);
    for (const more of ['A', '=', '.', '\n', ' ']) expect(() => opened(sealed + more)).toThrow(invalid);
  });

  it('names the key that it does not hold', () => {
    const sealed = sealJwe(Buffer.from('x'), { ...recipient, kid: 'hanoi-city#enc-9' });
    expect(() => opened(sealed)).toThrow(
      expect.objectContaining({ code: 'JWE_KEY_UNKNOWN', details: { kid: 'hanoi-city#enc-9' } }),
    );
  });

  const header = headerOf(vector.compact);
  it.each([
    ['a second spelling of a member', JSON.stringify(header).replace('{"alg":', '{"alg":"ECDH-ES","alg":')],
    ['a member hidden in an escape', JSON.stringify(header).replace('{"alg":', '{"\\u0061lg":"none","alg":')],
    ['apu', JSON.stringify({ ...header, apu: 'QQ' })],
    ['zip', JSON.stringify({ ...header, zip: 'DEF' })],
    ['no kid', JSON.stringify({ ...header, kid: undefined })],
    ['a kid that is no node’s', JSON.stringify({ ...header, kid: 'Not A Node#1' })],
    ['a kid that is no string', JSON.stringify({ ...header, kid: 1 })],
    ['an epk of another curve', JSON.stringify({ ...header, epk: { crv: 'P-256', kty: 'OKP', x: recipient.kid } })],
    ['an epk that is short', JSON.stringify({ ...header, epk: { crv: 'X25519', kty: 'OKP', x: 'AAAA' } })],
    ['a private epk', JSON.stringify({ ...header, epk: { ...(header['epk'] as object), d: 'AAAA' } })],
    ['an array', '[]'],
    ['no JSON', 'alg'],
    ['nothing', ''],
  ])('refuses a header with %s', (_, text) => {
    expect(() => opened(withHeader(text))).toThrow(invalid);
  });

  it.each([0, 1])('refuses an ephemeral key of small order (%i)', (first) => {
    const x = Buffer.from([first, ...new Uint8Array(31)]).toString('base64url');
    const weak = JSON.stringify({ ...header, epk: { crv: 'X25519', kty: 'OKP', x } });
    expect(() => opened(withHeader(weak))).toThrow(
      expect.objectContaining({ message: expect.stringContaining('agreed') }),
    );
  });

  it('refuses base64url that is spelled in another way', () => {
    const parts = sealJwe(Buffer.from('x'), recipient).split('.');
    const tag = parts[4] as string;
    const respelled = [
      ...parts.slice(0, 4),
      tag.slice(0, -1) + String.fromCharCode(tag.charCodeAt(tag.length - 1) + 1),
    ];
    expect(Buffer.from(respelled[4] as string, 'base64url').equals(Buffer.from(tag, 'base64url'))).toBe(true);
    expect(() => opened(respelled.join('.'))).toThrow(invalid);
  });

  it('refuses more than a message can carry', () => {
    expect(() => opened(`${vector.compact.split('..')[0]}..${'A'.repeat(140_000)}`)).toThrow(invalid);
  });
});

describe('sealing', () => {
  it('refuses a plaintext above the bound, and takes one at it', () => {
    expect(opened(sealJwe(Buffer.alloc(96_000, 'x'), recipient))).toHaveLength(96_000);
    expect(() => sealJwe(Buffer.alloc(96_001), recipient)).toThrow(expect.objectContaining({ code: 'JWE_TOO_LARGE' }));
  });

  it.each([
    ['of small order', Buffer.alloc(32)],
    ['that is short', Buffer.alloc(31, 7)],
  ])('refuses a recipient key %s', (_, publicKey) => {
    expect(() => sealJwe(Buffer.from('x'), { kid: recipient.kid, publicKey })).toThrow(invalid);
  });
});
