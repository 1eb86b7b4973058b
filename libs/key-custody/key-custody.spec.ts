import { cpSync, mkdtempSync, rmSync } from 'node:fs';
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

/** The node's keys, that many days later. */
function inDays(days: number): string {
  const later = mkdtempSync(join(root, 'later-'));
  cpSync(dir, later, { recursive: true });
  expect(rotateRequestSecret(later, node, new Date(Date.now() + days * 86_400_000)).created).toHaveLength(1);
  return later;
}

keyCustodyContract('files', () => ({
  custody: openKeyCustody(dir),
  reopen: () => openKeyCustody(dir),
  secretChanged: () => openKeyCustody(inDays(16)),
  secretDestroyed: () => openKeyCustody(inDays(32)),
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
