/**
 * An Ed25519 key pair in a file of its own: one JSON Web Key (RFC 8037), mode 0600, named after its `kid`. Made when it is
 * not there; a file appears whole (written beside, then linked under its name) and is never overwritten, so several
 * starts at once end with one key. Proved by `ed25519-file.spec.ts`.
 */
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBase64Url, DomainError, isJsonObject, type SignEd25519 } from '#libs/kernel';

export interface Ed25519Key {
  readonly kid: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** With the private half; for a library that signs by itself. */
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly d: string };
  readonly sign: SignEd25519;
}

/** Opens `<dir>/<kid>.json`, and makes it first if need be. @throws DomainError `KEYS_UNREADABLE` */
export function openEd25519Key(dir: string, kid: string): Ed25519Key {
  const path = join(dir, `${kid}.json`);
  if (!existsSync(path)) make(dir, path, kid);
  return read(path, kid);
}

function make(dir: string, path: string, kid: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const beside = join(dir, `.${randomUUID()}`);
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  writeFileSync(beside, `${JSON.stringify({ kid, ...jwk }, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside);
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function read(path: string, kid: string): Ed25519Key {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isJsonObject(found) || found['kid'] !== kid) throw new Error('another key');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: textOf(found['x']), d: textOf(found['d']) } as const;
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
    const publicKey = decodeBase64Url(jwk.x) ?? new Uint8Array();
    return { kid, publicKey, jwk, sign: (bytes) => sign(null, bytes, privateKey) };
  } catch {
    throw new DomainError('KEYS_UNREADABLE', `${path} does not hold the Ed25519 key ${kid}`, { path, kid });
  }
}
