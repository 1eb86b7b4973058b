import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyEd25519 } from '#libs/key-custody';
import { encodeUtf8 } from '#libs/kernel';
import { openEd25519Key } from './ed25519-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a key in a file', () => {
  it('is made once, readable by its owner alone, and signs', () => {
    const key = openEd25519Key(folder, 'hanoi#2023-1');
    const again = openEd25519Key(folder, 'hanoi#2023-1');
    expect(again.publicKey).toEqual(key.publicKey);
    expect(statSync(join(folder, 'hanoi#2023-1.json')).mode & 0o077).toBe(0);
    const bytes = encodeUtf8('a statement');
    expect(verifyEd25519(again.publicKey, bytes, key.sign(bytes))).toBe(true);
  });

  it('is refused when the file holds another key or none, never made anew over it', () => {
    writeFileSync(join(folder, 'hanoi#2023-1.json'), '{}');
    expect(() => openEd25519Key(folder, 'hanoi#2023-1')).toThrow('does not hold');
  });
});
