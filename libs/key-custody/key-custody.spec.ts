import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant, NodeId } from '#libs/kernel';
import { parseAgencyCode } from '#libs/kernel';
import { keyCustodyContract } from '../testing/key-custody.contract.ts';
import { createKeys, newestInForce, openKeyCustody, publicKeys, rotateRequestSecret, verifyEd25519 } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const node = 'gialam-communes' as NodeId;
const agency = parseAgencyCode('H26.129.05');
const at = (instant: string): { now: () => Instant } => ({ now: () => instant as Instant });
const [dir, strangersDir] = [join(root, 'node'), join(root, 'stranger')];

beforeAll(() => {
  createKeys(dir, { node, owners: [agency], label: '2023-1' });
  createKeys(strangersDir, { node: 'hanoi-city' as NodeId, owners: [], label: '2023-1' });
});

const announced = (keysDir: string): { kid: string; publicKey: Uint8Array } => {
  const key = newestInForce(publicKeys(keysDir).encryption, '2023-06-14T00:00:00.000Z' as Instant);
  return { kid: key?.keyId ?? '', publicKey: Buffer.from(key?.publicKey ?? '', 'base64url') };
};

keyCustodyContract('files', () => ({
  custody: openKeyCustody(dir),
  reopen: () => openKeyCustody(dir),
  stranger: openKeyCustody(strangersDir),
  node,
  agency,
  encryption: announced(dir),
  strangersEncryption: announced(strangersDir),
  verify: verifyEd25519,
}));

describe('the key in force', () => {
  const changing = join(root, 'changing');
  const [first, second] = ['2023-01-01T00:00:00.000Z', '2023-07-01T00:00:00.000Z'] as [Instant, Instant];
  beforeAll(() => {
    createKeys(changing, { node, owners: [agency], label: '2023-1', validFrom: first });
    createKeys(changing, { node, owners: [agency], label: '2023-2', validFrom: second });
  });

  it.each([
    ['2022-12-31T23:59:59.999Z', undefined],
    ['2023-01-01T00:00:00.000Z', '2023-1'],
    ['2023-06-30T23:59:59.999Z', '2023-1'],
    ['2023-07-01T00:00:00.000Z', '2023-2'],
  ])('signs and is announced at %s as %s', (instant, label) => {
    const custody = openKeyCustody(changing, at(instant));
    if (label === undefined)
      expect(() => custody.signingKey(agency)).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
    else expect(custody.signingKey(agency).keyId).toBe(`${agency}#${label}`);
    const encryption = newestInForce(publicKeys(changing).encryption, instant as Instant);
    expect(encryption?.label).toBe(label === undefined ? undefined : `enc-${label}`);
  });

  it('is one of several that open', () => {
    const custody = openKeyCustody(changing);
    for (const key of publicKeys(changing).encryption) {
      const sealed = custody.sealJwe(Buffer.from('x'), {
        kid: key.keyId,
        publicKey: Buffer.from(key.publicKey, 'base64url'),
      });
      expect(Buffer.from(custody.openJwe(sealed)).toString()).toBe('x');
    }
  });
});

describe('public keys', () => {
  it('give the registrar each owner’s key and no secret', () => {
    const keys = publicKeys(dir);
    expect(keys.signing.map((key) => key.keyId)).toEqual([`${agency}#2023-1`, `${node}#2023-1`]);
    expect(keys.log.keyId).toBe(`${node}#log-1`);
    expect(Object.keys(keys.signing[0] ?? {}).toSorted()).toEqual(['keyId', 'label', 'owner', 'publicKey']);
  });
});

describe('request fingerprints', () => {
  const rotated = join(root, 'rotated');
  const bytes = Buffer.from('{"a":1}');
  beforeAll(() => void createKeys(rotated, { node, owners: [], label: '1' }));

  it('keep being recognised after the secret has changed, until it is destroyed', () => {
    const start = new Date();
    const inDays = (days: number): Date => new Date(start.getTime() + days * 86_400_000);
    const before = openKeyCustody(rotated).requestHmac(bytes);
    expect(rotateRequestSecret(rotated, node, inDays(14)).created).toEqual([]);
    expect(rotateRequestSecret(rotated, node, inDays(16)).created).toHaveLength(1);
    const after = openKeyCustody(rotated);
    expect(after.requestHmac(bytes)).not.toBe(before);
    expect(after.matchesRequestHmac(before, bytes)).toBe(true);
    expect(after.matchesRequestHmac(before, Buffer.from('{"a":2}'))).toBe(false);
    expect(rotateRequestSecret(rotated, node, inDays(32)).created).toHaveLength(1);
    expect(openKeyCustody(rotated).matchesRequestHmac(before, bytes)).toBe(false);
  });

  it.each(['', 'x', 'request-20230614.', '.AAAA'])('do not match %p', (kept) => {
    expect(openKeyCustody(dir).matchesRequestHmac(kept, bytes)).toBe(false);
  });
});
