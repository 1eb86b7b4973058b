/** Keys as they stand in their folder, for nobody else to read. The mark is no part of it: it must not go back. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DomainError } from '#libs/kernel';
import { readPart, type FileEntry } from './manifest.ts';

const FOLDERS = ['signing', 'log', 'encryption', 'wrapping', 'request'];

export function copyKeys(keysDir: string, folder: string): readonly FileEntry[] {
  return FOLDERS.flatMap((purpose) =>
    readdirSync(join(keysDir, purpose))
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .map((file) => {
        const name = join(purpose, file);
        const bytes = readFileSync(join(keysDir, name));
        writePrivate(join(folder, name), bytes);
        return { name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
      }),
  );
}

/**
 * Puts back what is missing; gives how many files. A key is never overwritten: one that differs is newer, or another node's.
 * @throws DomainError `KEY_DIFFERS` before anything is written
 */
export async function restoreKeys(dir: string, keysDir: string): Promise<number> {
  const { folder, manifest } = await readPart(dir, 'keys');
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const differ = manifest.files.filter(
    ({ name }) => existsSync(join(keysDir, name)) && !readFileSync(join(keysDir, name)).equals(read(name)),
  );
  if (differ.length > 0) {
    const names = differ.map(({ name }) => name).join(', ');
    throw new DomainError('KEY_DIFFERS', `${keysDir} holds other keys under these names: ${names}`, { keysDir });
  }
  const missing = manifest.files.filter(({ name }) => !existsSync(join(keysDir, name)));
  for (const { name } of missing) writePrivate(join(keysDir, name), read(name));
  return missing.length;
}

function writePrivate(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  writeFileSync(path, bytes, { mode: 0o600, flag: 'wx', flush: true });
}
