/** Backup and restore of a node: of one moment, whole or refused, and never over what is in use. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findVaultBackup } from '#libs/key-custody';
import type { Subject } from '#libs/kernel';
import { verifyLedger } from '#libs/use-cases';
import { acts, newDossier } from '../../libs/testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../libs/testing/test-node.ts';
import { backup, partsIn, restore, type NodePlaces } from './index.ts';

jest.setTimeout(60_000);
let node: TestNode;
let dir: string;
let subject: Subject;
const PARTS = ['ledger', 'vault', 'keys'] as const;
const placesOf = ({ ledgerDatabase, vaultDatabase, keysDir, node: name }: TestNode): NodePlaces => ({
  node: name,
  ledger: { ownerUrl: ledgerDatabase.ownerUrl, appRole: ledgerDatabase.appRole },
  vault: { ownerUrl: vaultDatabase.ownerUrl, appRole: vaultDatabase.appRole },
  keysDir,
});

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lienthong-backup-'));
  node = await openTestNode();
  subject = newDossier();
  await acts(node.world, subject, ['file-dossier']);
}, 60_000);
afterAll(async () => {
  await node.world.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a backup', () => {
  const to = (name: string) => join(dir, name);

  it('of a node at work has every part for nobody else to read, and notes the age of the vault’s', async () => {
    const done = await backup(placesOf(node), { dir: to('monday'), parts: PARTS });
    expect(done.map(({ part }) => part)).toEqual([...PARTS]);
    for (const part of PARTS) expect(statSync(join(to('monday'), part)).mode & 0o777).toBe(0o700);
    expect(statSync(join(to('monday'), 'ledger/ledger.copy')).mode & 0o777).toBe(0o600);
    expect(findVaultBackup(node.keysDir)).toBeDefined();
    expect(readdirSync(join(to('monday'), 'keys'))).not.toContain('life.json');
    const again = backup(placesOf(node), { dir: to('monday'), parts: ['ledger'] });
    await expect(again).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
  });

  it('is not put back under a node that runs, nor when a file of it was changed or lost', async () => {
    const back = (name: string) => restore(placesOf(node), { dir: to(name), parts: partsIn(to(name)) });
    await expect(back('monday')).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
    await backup(placesOf(node), { dir: to('damaged'), parts: ['ledger'] });
    appendFileSync(join(to('damaged'), 'ledger/stream.copy'), 'x');
    await expect(back('damaged')).rejects.toMatchObject({
      code: 'BACKUP_UNUSABLE',
      message: expect.stringMatching(/stream/),
    });
    rmSync(join(to('damaged'), 'ledger/manifest.json'));
    expect(partsIn(to('damaged'))).toEqual([]);
  });

  it('put back in place gives the very ledger and vault, and the mark says that it is an older one', async () => {
    await acts(node.world, subject, ['start-processing']);
    await node.services.life.look(node.services.store);
    await node.stop();
    await restore(placesOf(node), { dir: to('monday'), parts: PARTS });
    node = await node.startedOn(node.ledgerDatabase);
    expect(node.services.life).toMatchObject({ state: 'restored', reason: 'BEHIND_MARK' });
    const { store, vault, contracts, sha256, verify, verifyAll } = node.services;
    const { trusted } = node.world.registrar;
    expect((await verifyLedger({ store, contracts, sha256, verify, verifyAll, trusted })).faults).toEqual([]);
    const [received, ...others] = await store.readStream(subject, 'main');
    expect(others).toEqual([]);
    expect((await vault.find([received!.hash])).length).toBeGreaterThan(0);
  });

  it('of keys puts back what is missing, and never replaces one', async () => {
    const [key = ''] = readdirSync(join(node.keysDir, 'signing'));
    const places = { ...placesOf(node), keysDir: to('keys') };
    await restore(places, { dir: to('monday'), parts: ['keys'] });
    expect(readdirSync(join(to('keys'), 'signing'))).toContain(key);
    writeFileSync(join(to('keys'), 'signing', key), '{}');
    rmSync(join(to('keys'), 'log'), { recursive: true });
    const over = restore(places, { dir: to('monday'), parts: ['keys'] });
    await expect(over).rejects.toMatchObject({ code: 'KEY_DIFFERS' });
    expect(readdirSync(to('keys'))).not.toContain('log');
  });
});
