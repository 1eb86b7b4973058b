/** Keys as they stand in their folder, for nobody else to read. The mark is no part of it: it must not go back. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DomainError } from '#libs/kernel';
import { plainName, type FileEntry, type OpenPart } from './manifest.ts';
import { IDENTITY, sealed, SEALED, type Seal } from './sealing.ts';

const FOLDERS = ['signing', 'log', 'encryption', 'wrapping', 'request'];

export async function copyKeys(
  keysDir: string,
  { folder, seal }: { readonly folder: string; readonly seal: Seal | undefined },
): Promise<readonly FileEntry[]> {
  const names = FOLDERS.flatMap((purpose) =>
    readdirSync(join(keysDir, purpose))
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .map((file) => join(purpose, file)),
  );
  const files: FileEntry[] = [];
  for (const key of names) {
    const bytes = await buffer(await sealed(seal, Readable.from([readFileSync(join(keysDir, key))])));
    files.push(keepFile(folder, seal ? `${key}${SEALED}` : key, bytes));
  }
  return files;
}

/** A file of a part, for nobody else to read. */
export function keepFile(folder: string, name: string, bytes: Uint8Array): FileEntry {
  writePrivate(join(folder, name), bytes);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/**
 * Puts back what is missing; gives how many files. A key is never overwritten: one that differs is newer, or another node's.
 * @throws DomainError `KEY_DIFFERS` before anything is written
 */
export async function restoreKeys({ manifest, read }: OpenPart, keysDir: string): Promise<number> {
  const keys: { readonly name: string; readonly bytes: Buffer }[] = [];
  for (const { name } of manifest.files.filter((file) => file.name !== IDENTITY))
    keys.push({ name: plainName(name), bytes: await buffer(await read(plainName(name))) });
  const differ = keys.filter(
    ({ name, bytes }) => existsSync(join(keysDir, name)) && !readFileSync(join(keysDir, name)).equals(bytes),
  );
  if (differ.length > 0) {
    const names = differ.map(({ name }) => name).join(', ');
    throw new DomainError('KEY_DIFFERS', `${keysDir} holds other keys under these names: ${names}`, { keysDir });
  }
  const missing = keys.filter(({ name }) => !existsSync(join(keysDir, name)));
  for (const { name, bytes } of missing) writePrivate(join(keysDir, name), bytes);
  return missing.length;
}

function writePrivate(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  writeFileSync(path, bytes, { mode: 0o600, flag: 'wx', flush: true });
}
