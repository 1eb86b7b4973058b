/**
 * Reads a key directory once and whole. All problems come at once, as one `KEYS_UNREADABLE`: a node with half its keys
 * would sign for some agencies and fail for others. A key that others on the machine could read is refused as well.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#libs/kernel';
import {
  KeyFault,
  parseKeyPair,
  parseSecretKey,
  PURPOSES,
  type KeyPair,
  type Purpose,
  type SecretKey,
} from './key-file.ts';

export interface KeyMaterial {
  readonly signing: readonly KeyPair[];
  readonly log: KeyPair;
  readonly encryption: readonly KeyPair[];
  readonly wrapping: SecretKey;
  /** Oldest first; the last one is used for new fingerprints. */
  readonly request: readonly SecretKey[];
}

const OTHERS_MAY = 0o077;
const OTHERS_WRITE = 0o022;

/** @throws DomainError `KEYS_UNREADABLE` with `details.problems`, one sentence each, without key material. */
export function readKeyDirectory(dir: string): KeyMaterial {
  const problems: string[] = [];
  const read = <K>(purpose: Purpose, parse: (text: string) => K): K[] => readFolder({ dir, purpose, problems }, parse);
  const pairs = (purpose: Purpose): KeyPair[] => read(purpose, (text) => parseKeyPair(purpose, text));

  const found = {
    signing: pairs('signing'),
    log: pairs('log'),
    encryption: pairs('encryption'),
    wrapping: read('wrapping', parseSecretKey),
    request: read('request', parseSecretKey),
  };
  if (problems.length === 0) problems.push(...missing(found));
  if (problems.length > 0) throw unreadable(dir, problems);
  return {
    ...found,
    log: found.log[0] as KeyPair,
    wrapping: found.wrapping[0] as SecretKey,
    request: found.request.toSorted((a, b) => ((a.validFrom ?? '') < (b.validFrom ?? '') ? -1 : 1)),
  };
}

interface Folder {
  readonly dir: string;
  readonly purpose: Purpose;
  readonly problems: string[];
}

function readFolder<K>({ dir, purpose, problems }: Folder, parse: (text: string) => K): K[] {
  const keys: K[] = [];
  for (const name of listKeyFiles(join(dir, purpose), purpose, problems)) {
    try {
      keys.push(readKeyFile(join(dir, purpose, name), name, parse));
    } catch (error) {
      problems.push(`${purpose}/${name} ${reasonOf(error)}`);
    }
  }
  return keys;
}

function listKeyFiles(folder: string, purpose: Purpose, problems: string[]): string[] {
  try {
    if ((statSync(folder).mode & OTHERS_WRITE) !== 0)
      problems.push(`${purpose}/ may be written by others: chmod 700 ${folder}`);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .toSorted();
  } catch (error) {
    problems.push(`${purpose}/ ${reasonOf(error)}`);
    return [];
  }
}

function readKeyFile<K>(path: string, name: string, parse: (text: string) => K): K {
  if ((statSync(path).mode & OTHERS_MAY) !== 0) throw new KeyFault(`may be read by others: chmod 600 '${path}'`);
  const key = parse(readFileSync(path, 'utf8'));
  const { keyId } = key as { keyId: string };
  if (name !== `${keyId}.json`) throw new KeyFault(`holds the key ${keyId}, which belongs in ${keyId}.json`);
  return key;
}

function missing(found: Record<Purpose, readonly unknown[]>): string[] {
  const none = PURPOSES.filter((purpose) => found[purpose].length === 0).map((purpose) => `${purpose}/ holds no key`);
  const several = (['log', 'wrapping'] as const)
    .filter((purpose) => found[purpose].length > 1)
    .map((purpose) => `${purpose}/ holds more than one key`);
  return [...none, ...several];
}

function reasonOf(error: unknown): string {
  if (error instanceof KeyFault) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by this user';
  return `cannot be used (${code ?? 'not a valid key'})`;
}

function unreadable(dir: string, problems: readonly string[]): DomainError {
  return new DomainError('KEYS_UNREADABLE', `keys in ${dir} cannot be used:\n- ${problems.join('\n- ')}`, {
    dir,
    problems,
  });
}
