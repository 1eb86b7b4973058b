/**
 * Every ciphertext that is found, tried with every key that exists. On purpose nothing of the product is used here, and no
 * tag, associated data or key name is asked for: whoever holds keys tries them on anything.
 *
 * Ciphertexts: compact JWEs wherever they stand, sealed rows of a vault. Keys: private encryption keys (X25519) and 32-byte
 * secrets of the key folders, and whatever those secrets make of the wrapped keys in a vault.
 */
import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt, importJWK, type JWK } from 'jose';
import type { Story } from '../story.ts';
import type { Place } from './place.ts';
import { withDatabase } from './places.ts';

/** Version, iv, ciphertext, tag (`libs/vault/sealing.ts`, `libs/key-custody/key-wrap.ts`). */
const [IV_AT, TEXT_AT, TAG_BYTES, KEY_BYTES] = [1, 13, 16, 32] as const;

export interface SealedRow {
  readonly name: string;
  readonly sealed: Buffer;
}
/** What a vault database holds, live or in a backup. */
export interface VaultRows {
  readonly sealed: readonly SealedRow[];
  readonly wrapped: readonly Buffer[];
}
export interface Keys {
  readonly encryption: readonly JWK[];
  /** 32 bytes each. */
  readonly secrets: readonly Buffer[];
}
export interface Opened {
  readonly where: string;
  readonly pointer: string;
  readonly value: unknown;
}

/** Every private key and secret in the key folders of the stack. */
export function keysOf(story: Story): Keys {
  const root = join(story.stack.folder.dir, 'keys');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.json'),
  );
  const jwks = files
    .map(({ parentPath, name }) => JSON.parse(readFileSync(join(parentPath, name), 'utf8')) as JWK)
    .filter(({ kty }) => kty !== undefined);
  return {
    encryption: jwks.filter(({ crv, d }) => crv === 'X25519' && d !== undefined),
    // Seeds of signing keys are 32 bytes as well.
    secrets: jwks.flatMap(({ k, d }) => [k, d]).flatMap((text) => (text ? [Buffer.from(text, 'base64url')] : [])),
  };
}

export const vaultRows = (story: Story, database: string): Promise<VaultRows> =>
  withDatabase(story, database, async (client) => {
    const { rows } = await client.query<{ event: Buffer; pointers: readonly string[]; sealed: Buffer }>(
      'SELECT event, pointers, sealed FROM vault.disclosure',
    );
    const wrapped = await client.query<{ wrapped: Buffer | null }>(
      `SELECT wrapped FROM vault.data_key UNION ALL SELECT wrapped FROM vault.dossier_key
       UNION ALL SELECT wrapped_check FROM vault.state`,
    );
    return {
      sealed: rows.map(({ event, pointers, sealed }) => ({
        name: `${database} ${event.toString('base64url')} ${pointers.join(' ')}`,
        sealed,
      })),
      wrapped: wrapped.rows.flatMap((row) => (row.wrapped ? [row.wrapped] : [])),
    };
  });

/** What the secrets make of the wrapped keys; a wrong secret makes a wrong key, which opens nothing. */
export const unwrapped = ({ secrets }: Keys, { wrapped }: VaultRows): readonly Buffer[] =>
  wrapped.flatMap((row) => secrets.map((secret) => inClear(secret, row)).filter(({ length }) => length === KEY_BYTES));

/** AES-256-GCM without its tag: counter mode that begins at 2. */
function inClear(key: Buffer, sealed: Buffer): Buffer {
  const counter = Buffer.concat([sealed.subarray(IV_AT, TEXT_AT), Buffer.of(0, 0, 0, 2)]);
  return createDecipheriv('aes-256-ctr', key, counter).update(sealed.subarray(TEXT_AT, -TAG_BYTES));
}

/** Disclosures that come out of these rows under any of these keys. */
export const openRows = (rows: readonly SealedRow[], keys: readonly Buffer[]): readonly Opened[] =>
  rows.flatMap(({ name, sealed }) =>
    keys.flatMap((key) =>
      linesOf(inClear(key, sealed)).flatMap((line) => {
        const [, pointer, value] = disclosureIn(line) ?? [];
        return typeof pointer === 'string' ? [{ where: name, pointer, value }] : [];
      }),
    ),
  );

/** A sealed row holds a disclosure a line. */
const linesOf = (clear: Buffer): readonly string[] => clear.toString('latin1').split('\n');

function disclosureIn(text: string): readonly unknown[] | undefined {
  if (!/^[A-Za-z0-9_-]{40,}$/.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parsed) && parsed.length === 3 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const JWE = /eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/g;

/** Compact JWEs in these places; those that stand in several are told once, with the first. */
export function jwesIn(places: Iterable<Place>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, bytes } of places)
    for (const [compact] of bytes.toString('latin1').matchAll(JWE)) if (!found.has(compact)) found.set(compact, name);
  return found;
}

/** Disclosures in these JWEs, under any of the private keys and secrets. */
export async function openJwes(
  jwes: ReadonlyMap<string, string>,
  { encryption, secrets }: Keys,
): Promise<readonly Opened[]> {
  const keys = [...(await Promise.all(encryption.map(privateKey))), ...secrets];
  const opened: Opened[] = [];
  for (const [compact, where] of jwes)
    for (const key of keys) {
      const text = await compactDecrypt(compact, key).then(
        ({ plaintext }) => Buffer.from(plaintext).toString(),
        () => undefined,
      );
      if (text !== undefined) opened.push(...disclosuresIn(text).map((one) => ({ where, ...one })));
    }
  return opened;
}

const privateKey = ({ kty = '', crv = '', x = '', d = '' }: JWK) => importJWK({ kty, crv, x, d }, 'ECDH-ES');

function disclosuresIn(text: string): readonly Omit<Opened, 'where'>[] {
  const { openings } = JSON.parse(text) as {
    readonly openings: readonly { readonly disclosures: readonly string[] }[];
  };
  return openings
    .flatMap(({ disclosures }) => disclosures)
    .map((disclosure) => {
      const [, pointer, value] = disclosureIn(disclosure) ?? [];
      return { pointer: String(pointer), value };
    });
}
