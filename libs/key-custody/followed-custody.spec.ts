import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { createKeys, followKeyCustody, openKeyCustody, publicKeys, rotateKeys } from './index.ts';

const node = 'gialam-communes' as NodeId;
const agency = 'H26.129.05' as AgencyCode;
const NEXT = '2026-07-01T00:00:00.000Z' as Instant;

describe('keys that are replaced under a process that runs', () => {
  let dir: string;
  let now: Instant;
  const clock = { now: () => now };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
    now = '2026-06-30T23:59:59.999Z' as Instant;
    createKeys(dir, { node, owners: [agency], label: '2026-1', validFrom: '2026-01-01T00:00:00.000Z' as Instant });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('sign from their moment on, without a restart; what was sealed for the old ones is still opened', () => {
    const custody = followKeyCustody(dir, clock, 0);
    const [before] = publicKeys(dir).encryption;
    rotateKeys(dir, { node, label: '2026-2', validFrom: NEXT });
    expect(custody.signingKey(agency).keyId).toBe(`${agency}#2026-1`);
    now = NEXT;
    expect(custody.signingKey(agency).keyId).toBe(`${agency}#2026-2`);
    expect(custody.signingKey(node).keyId).toBe(`${node}#2026-2`);
    expect(openKeyCustody(dir, clock).signingKey(agency).keyId).toBe(`${agency}#2026-2`);
    const to = { kid: before?.keyId ?? '', publicKey: Buffer.from(before?.publicKey ?? '', 'base64url') };
    const letter = custody.sealJwe(Buffer.from('for the old key'), to);
    expect(Buffer.from(custody.openJwe(letter)).toString()).toBe('for the old key');
  });

  it('have an end that leaves room for the clocks of others, and are told to the registrar with it', () => {
    rotateKeys(dir, { node, label: '2026-2', validFrom: NEXT });
    rotateKeys(dir, { node, label: '2026-2', validFrom: NEXT });
    const told = publicKeys(dir).signing.filter(({ owner }) => owner === agency);
    expect(told.map(({ label, validFrom, validTo }) => [label, validFrom, validTo])).toEqual([
      ['2026-1', '2026-01-01T00:00:00.000Z', '2026-07-01T00:10:00.000Z'],
      ['2026-2', NEXT, undefined],
    ]);
  });

  it('change nothing while the folder cannot be read whole', () => {
    const custody = followKeyCustody(dir, clock, 0);
    const broken = join(dir, 'signing', `${agency}#2026-9.json`);
    writeFileSync(broken, '{', { mode: 0o600 });
    expect(custody.signingKey(agency).keyId).toBe(`${agency}#2026-1`);
    rmSync(broken);
    rotateKeys(dir, { node, label: '2026-2', validFrom: NEXT });
    now = NEXT;
    expect(custody.signingKey(agency).keyId).toBe(`${agency}#2026-2`);
  });

  it('never replace the key of the log or of the vault, which a process holds on to', () => {
    const custody = followKeyCustody(dir, clock, 0);
    const wrapped = custody.wrap(Buffer.alloc(32, 7));
    const other = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
    createKeys(other, { node, owners: [agency], label: '2026-2' });
    for (const purpose of ['wrapping', 'log']) {
      renameSync(join(dir, purpose), join(dir, `${purpose}.before`));
      renameSync(join(other, purpose), join(dir, purpose));
      chmodSync(join(dir, purpose), 0o700);
    }
    rmSync(other, { recursive: true });
    expect(Buffer.from(custody.unwrap(wrapped))).toEqual(Buffer.alloc(32, 7));
    expect(() => openKeyCustody(dir, clock).unwrap(wrapped)).toThrow();
  });
});
