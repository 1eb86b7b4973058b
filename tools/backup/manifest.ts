/** What a backup holds, part by part, each in a folder of its own with a manifest: files with their digests, and whence. */
import { createHash, type Hash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DomainError, isJsonObject } from '#libs/kernel';
import { IDENTITY, opened, SEALED, unlock, type OpenWith } from './sealing.ts';

export const PARTS = ['ledger', 'vault', 'keys'] as const;
export type Part = (typeof PARTS)[number];
const FORMAT = 'lienthong/backup/v1';
const MANIFEST = 'manifest.json';

export interface FileEntry {
  readonly name: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly part: Part;
  readonly node: string;
  /** Real time at which it was begun. */
  readonly at: string;
  /** As they are kept: sealed ones with the bytes and digests of what is kept. */
  readonly files: readonly FileEntry[];
  /** Every file is one of age; `identity`: to be opened by the passphrase, for what opens the others lies beside them. */
  readonly sealed?: 'recipients' | 'identity';
  /** Of a database: what a restore has to find again. */
  readonly database?: DatabasePart;
}
export interface DatabasePart {
  readonly schema: string;
  /** Table of the migrations that were run. */
  readonly history: string;
  /** In order; a restore is by a program that knows these and no others. */
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly table: string; readonly columns: readonly string[]; readonly file: string }[];
  readonly sequences: readonly { readonly sequence: string; readonly last: string; readonly called: boolean }[];
}

/** Makes the folder of a part: for nobody else, and never into one that holds something. @throws DomainError `BACKUP_EXISTS` */
export function makePart(dir: string, part: Part): string {
  const folder = join(dir, part);
  if (existsSync(join(folder, MANIFEST)))
    throw new DomainError('BACKUP_EXISTS', `${folder} holds a backup already: name another folder`, { folder });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

/** Written last: a folder without it is no backup. */
export function writeManifest(folder: string, manifest: Omit<Manifest, 'format'>): void {
  const text = JSON.stringify({ format: FORMAT, ...manifest }, undefined, 2);
  writeFileSync(join(folder, MANIFEST), `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
}

/** A part that is whole, with the way to what its files hold. */
export interface OpenPart {
  readonly folder: string;
  readonly manifest: Manifest;
  /** By the name before it was sealed. */
  readonly read: (name: string) => Promise<Readable>;
}

/** @throws DomainError as {@link readPart}, and `BACKUP_LOCKED`; every sealed file is opened to its end once */
export async function openPart(dir: string, part: Part, open: OpenWith): Promise<OpenPart> {
  const { folder, manifest } = await readPart(dir, part);
  if (manifest.sealed === undefined)
    return { folder, manifest, read: async (name) => createReadStream(join(folder, name)) };
  const identities = await unlock(folder, open);
  const read = (name: string): Promise<Readable> =>
    opened(name, identities, createReadStream(join(folder, `${name}${SEALED}`)));
  for (const { name } of manifest.files) if (name !== IDENTITY) await checkToItsEnd(folder, name, read);
  return { folder, manifest, read };
}

async function checkToItsEnd(folder: string, name: string, read: OpenPart['read']): Promise<void> {
  const stream = await read(plainName(name));
  try {
    for await (const _ of stream);
  } catch {
    throw unusable(folder, `not what was sealed: ${name}`);
  }
}
export const plainName = (name: string): string => (name.endsWith(SEALED) ? name.slice(0, -SEALED.length) : name);

/** Reads it and holds every file against its digest. @throws DomainError `BACKUP_UNUSABLE` with what is wrong */
export async function readPart(
  dir: string,
  part: Part,
): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const folder = join(dir, part);
  const manifest = readManifest(folder, part);
  const wrong: string[] = [];
  for (const file of manifest.files) if (!(await isAsListed(folder, file))) wrong.push(file.name);
  if (wrong.length > 0) throw unusable(folder, `damaged or missing: ${wrong.join(', ')}`);
  return { folder, manifest };
}

export const hasPart = (dir: string, part: Part): boolean => existsSync(join(dir, part, MANIFEST));

function readManifest(folder: string, part: Part): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
  } catch {
    throw unusable(folder, 'no manifest that can be read');
  }
  if (!isJsonObject(found) || found['format'] !== FORMAT || found['part'] !== part)
    throw unusable(folder, `no ${FORMAT} of ${part}`);
  return found as unknown as Manifest;
}

async function isAsListed(folder: string, { name, sha256, bytes }: FileEntry): Promise<boolean> {
  const digest = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(join(folder, name))) {
      digest.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
  } catch {
    return false;
  }
  return size === bytes && hexOf(digest) === sha256;
}

export const hexOf = (digest: Hash): string => digest.digest('hex');

const unusable = (folder: string, why: string): DomainError =>
  new DomainError('BACKUP_UNUSABLE', `${folder}: ${why}`, { folder });
