/**
 * Makes the keys of a node. Safe to run again and by several processes at once: a key file appears whole (written aside,
 * then linked under its name, which fails if the name is taken) and is never overwritten. A lost wrapping key loses the
 * vault, so files and folders are flushed to disk before anything is sealed under them. Proved by `key-creation.spec.ts`.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DomainError, isKeyLabel, isNodeId, type AgencyCode, type Instant, type NodeId } from '#libs/kernel';
import { encodeBase64url } from './base64url.ts';
import { isKeyOwner, PURPOSES, type Purpose } from './key-file.ts';

export interface NodeKeysWanted {
  readonly node: NodeId;
  /** Agencies that the node serves; the node itself is added. */
  readonly owners: readonly (AgencyCode | NodeId)[];
  /** Of the signing keys, e.g. `2023-1`; the encryption key is labelled `enc-<label>`. */
  readonly label: string;
  /** From when the signing and encryption keys are good; absent: from ever. Set it to the `validFrom` in the directory. */
  readonly validFrom?: Instant;
}
export interface KeysCreated {
  /** `<folder>/<kid>`, in the order of creation. */
  readonly created: readonly string[];
  readonly kept: readonly string[];
}

const DAY_MS = 86_400_000;
/** Wire format 4: a request secret lives 30 days. It makes fingerprints for 15 and is then kept for comparing them. */
const REQUEST_SECRET_USED_DAYS = 15;
const REQUEST_SECRET_KEPT_DAYS = 30;

/** Creates what is missing of a node's keys under `dir`. @throws DomainError `MALFORMED` on a name out of the grammar. */
export function createKeys(dir: string, wanted: NodeKeysWanted): KeysCreated {
  const { node, label } = wanted;
  const owners = [...new Set<string>([...wanted.owners, node])];
  if (!isNodeId(node) || !isKeyLabel(label) || !owners.every(isKeyOwner)) {
    throw new DomainError('MALFORMED', 'a key needs an owner (agency code or node id) and a label', {
      node,
      label,
      owners,
    });
  }
  for (const purpose of PURPOSES) mkdirSync(join(dir, purpose), { recursive: true, mode: 0o700 });
  const interval = wanted.validFrom ? { validFrom: wanted.validFrom } : {};
  const files: KeyFile[] = [
    ...owners.map((owner) => ({
      purpose: 'signing' as const,
      kid: `${owner}#${label}`,
      key: () => pair('ed25519', interval),
    })),
    { purpose: 'encryption', kid: `${node}#enc-${label}`, key: () => pair('x25519', interval) },
    { purpose: 'log', kid: `${node}#log-1`, key: () => pair('ed25519', {}) },
    { purpose: 'wrapping', kid: `${node}#wrap-1`, key: () => secret({}) },
  ];
  const keys = writeAll(dir, files);
  const secrets = rotateRequestSecret(dir, node);
  return { created: [...keys.created, ...secrets.created], kept: [...keys.kept, ...secrets.kept] };
}

/**
 * Adds a request secret when the newest is older than 15 days, and destroys those older than 30.
 * A custody that is open and does not follow the folder keeps what it has read. @throws DomainError `KEYS_UNREADABLE`
 */
export function rotateRequestSecret(dir: string, node: NodeId, now: Date = new Date()): KeysCreated {
  const folder = join(dir, 'request');
  if (!existsSync(folder))
    throw new DomainError('KEYS_UNREADABLE', `keys in ${dir} cannot be used: request/ does not exist`, { dir });
  const nameOf = (date: Date): string => `${node}#request-${date.toISOString().slice(0, 10).replaceAll('-', '')}`;
  const before = (days: number): string => `${nameOf(new Date(now.getTime() - days * DAY_MS))}.json`;
  const names = readdirSync(folder).filter((name) => name.startsWith(`${node}#request-`));
  for (const name of names) if (name < before(REQUEST_SECRET_KEPT_DAYS)) rmSync(join(folder, name), { force: true });
  const newest = names.toSorted().at(-1);
  if (newest !== undefined && newest > before(REQUEST_SECRET_USED_DAYS)) {
    return { created: [], kept: [`request/${newest.slice(0, -'.json'.length)}`] };
  }
  return writeAll(dir, [{ purpose: 'request', kid: nameOf(now), key: () => secret({ validFrom: now.toISOString() }) }]);
}

type Jwk = Readonly<Record<string, string>>;
interface KeyFile {
  readonly purpose: Purpose;
  readonly kid: string;
  readonly key: () => Jwk;
}

function pair(type: 'ed25519' | 'x25519', interval: Jwk): Jwk {
  const { privateKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return { ...(privateKey.export({ format: 'jwk' }) as Jwk), ...interval };
}
const secret = (interval: Jwk): Jwk => ({ kty: 'oct', k: encodeBase64url(randomBytes(32)), ...interval });

function writeAll(dir: string, files: readonly KeyFile[]): KeysCreated {
  const created: string[] = [];
  const kept: string[] = [];
  for (const file of files) (writeNew(dir, file) ? created : kept).push(`${file.purpose}/${file.kid}`);
  for (const purpose of new Set(files.map((file) => file.purpose))) flush(join(dir, purpose));
  return { created, kept };
}

function writeNew(dir: string, { purpose, kid, key }: KeyFile): boolean {
  const path = join(dir, purpose, `${kid}.json`);
  const aside = join(dir, purpose, `.${randomUUID()}`);
  writeFileSync(aside, `${JSON.stringify({ kid, ...key() }, undefined, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside);
  }
}

function flush(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
