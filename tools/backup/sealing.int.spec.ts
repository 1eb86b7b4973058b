/** A backup of vault and keys that is sealed: who opens it, who does not, and what is found before anything is changed. */
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { acts, newDossier } from '../../libs/testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../libs/testing/test-node.ts';
import { backup, restore, type NodePlaces, type Part } from './index.ts';
import type { OpenWith } from './sealing.ts';

jest.setTimeout(60_000);
const SECRET = ['vault', 'keys'] as const;
const PASSPHRASE = { passphrase: 'mười sáu chữ trở lên', workFactor: 8 };
let node: TestNode;
let places: NodePlaces;
let dir: string;
let identity: string;
let recipient: string;
const to = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lienthong-sealed-'));
  node = await openTestNode();
  await acts(node.world, newDossier(), ['file-dossier']);
  const { ledgerDatabase, vaultDatabase } = node;
  places = {
    node: node.node,
    ledger: { ownerUrl: ledgerDatabase.ownerUrl, appRole: ledgerDatabase.appRole },
    vault: { ownerUrl: vaultDatabase.ownerUrl, appRole: vaultDatabase.appRole },
    keysDir: node.keysDir,
  };
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  await backup(places, { dir: to('passphrase'), parts: ['ledger', ...SECRET], seal: PASSPHRASE });
  await backup(places, { dir: to('recipient'), parts: SECRET, seal: { recipients: [recipient] } });
}, 60_000);
afterAll(async () => {
  await node.world.close();
  rmSync(dir, { recursive: true, force: true });
});

const filesOf = (name: string, part: Part): readonly string[] =>
  readdirSync(join(to(name), part), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith('.age'))
    .map((one) => join(one.parentPath, one.name));
/** Keys into a folder of their own; gives their names. */
async function keysBack(name: string, open: OpenWith, into: string): Promise<readonly string[]> {
  await restore({ ...places, keysDir: to(into) }, { dir: to(name), parts: ['keys'], open });
  return readdirSync(join(to(into), 'signing'));
}
/** As somebody who changes a file and its digest with it. */
function harm(file: string, change: (file: string) => void): void {
  const folder = join(to('harmed'), 'keys');
  change(file);
  const bytes = readFileSync(file);
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const entry = manifest.files.find(({ name }: { name: string }) => join(folder, name) === file);
  Object.assign(entry, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  writeFileSync(path, JSON.stringify(manifest));
}

describe('a sealed backup', () => {
  it('holds nothing of vault and keys in clear, for nobody else to read; the ledger is plain', () => {
    const [key = ''] = readdirSync(join(node.keysDir, 'wrapping'));
    const { k } = JSON.parse(readFileSync(join(node.keysDir, 'wrapping', key), 'utf8')) as { k: string };
    for (const part of SECRET) {
      const files = filesOf('passphrase', part);
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) {
        const text = readFileSync(file, 'latin1');
        expect(text.startsWith('age-encryption.org/v1\n')).toBe(true);
        expect(text).not.toContain(k);
        expect(statSync(file).mode & 0o777).toBe(0o600);
      }
    }
    expect(readdirSync(join(to('passphrase'), 'ledger')).filter((name) => name.endsWith('.age'))).toEqual([]);
  });

  it('opens with its passphrase, or an identity of its recipient, and gives the same keys', async () => {
    const [name = ''] = readdirSync(join(node.keysDir, 'signing'));
    const kept = readFileSync(join(node.keysDir, 'signing', name), 'utf8');
    expect(await keysBack('passphrase', PASSPHRASE, 'one')).toContain(name);
    expect(readFileSync(join(to('one'), 'signing', name), 'utf8')).toBe(kept);
    expect(await keysBack('recipient', { identities: [identity] }, 'two')).toContain(name);
    expect(readFileSync(join(to('two'), 'signing', name), 'utf8')).toBe(kept);
  });

  it('is of the format that age reads: by hand, too', async () => {
    const file = filesOf('recipient', 'keys')[0] as string;
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(JSON.parse(await decrypter.decrypt(readFileSync(file), 'text'))).toHaveProperty('kid');
  });

  it('does not open otherwise: another passphrase, another identity, nothing', async () => {
    const locked = expect.objectContaining({ code: 'BACKUP_LOCKED' });
    const other = await generateX25519Identity();
    for (const open of [{ passphrase: 'một mật khẩu khác hẳn' }, { identities: [other] }, {}])
      await expect(keysBack('passphrase', open, 'none')).rejects.toEqual(locked);
    for (const open of [{ identities: [other] }, { identities: ['x'] }, {}])
      await expect(keysBack('recipient', open, 'none')).rejects.toEqual(locked);
    expect(readdirSync(dir)).not.toContain('none');
  });

  it.each<[string, (file: string) => void]>([
    ['a flipped bit', (file) => flip(file)],
    ['an end that is missing', (file) => truncateSync(file, statSync(file).size - 20)],
    ['more than was sealed', (file) => appendFileSync(file, 'x')],
  ])('with %s is refused before anything is put back, though its digest was changed with it', async (_, change) => {
    rmSync(to('harmed'), { recursive: true, force: true });
    await backup(places, { dir: to('harmed'), parts: ['keys'], seal: { recipients: [recipient] } });
    const files = filesOf('harmed', 'keys');
    harm(files.at(-1) as string, change);
    const back = keysBack('harmed', { identities: [identity] }, 'never');
    await expect(back).rejects.toMatchObject({ code: expect.stringMatching(/BACKUP_(UNUSABLE|LOCKED)/) });
    expect(readdirSync(dir)).not.toContain('never');
  });

  it('of the vault is put back as it was', async () => {
    await node.stop();
    const parts = ['ledger', 'vault'] as const;
    const done = await restore(places, { dir: to('passphrase'), parts, open: PASSPHRASE });
    expect(done.map(({ part }) => part)).toEqual(parts);
    const again = await node.startedOn(node.ledgerDatabase);
    const [first] = await again.services.store
      .readLog(-1, 100)
      .then((all) => all.filter((one) => one.class === 'event'));
    expect((await again.services.vault.find([first!.hash])).length).toBeGreaterThan(0);
  });

  it('is not made for who is no recipient', async () => {
    const made = backup(places, { dir: to('nobody'), parts: ['keys'], seal: { recipients: ['age1nobody'] } });
    await expect(made).rejects.toMatchObject({ code: 'RECIPIENT_MALFORMED' });
    expect(readdirSync(dir)).not.toContain('nobody');
  });
});

function flip(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.length - 5;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}
