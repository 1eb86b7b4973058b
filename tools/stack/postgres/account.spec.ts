import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canEnter, chooseHome } from './account.ts';

describe('where the server of an unprivileged account may live', () => {
  const stranger = { uid: 65_001, gid: 65_001 };

  it('is the data directory when the account can pass every folder above it, else a place of its own', () => {
    const root = mkdtempSync(join(tmpdir(), 'lienthong-account-'));
    const dataDir = join(root, 'home', 'data');
    mkdirSync(dataDir, { recursive: true });
    chmodSync(root, 0o711);
    expect(chooseHome(dataDir, stranger)).toBe(join(dataDir, 'postgres'));
    chmodSync(join(root, 'home'), 0o700);
    expect(canEnter(dataDir, stranger)).toBe(false);
    expect(chooseHome(dataDir, stranger)).toMatch(/^\/var\/lib\/lienthong\/[0-9a-f]{16}\/postgres$/);
    expect(chooseHome(dataDir, undefined)).toBe(join(dataDir, 'postgres'));
    rmSync(root, { recursive: true });
  });
});
