import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet } from 'jose';
import { DomainError } from '#libs/kernel';
import type { TokenSettings } from '../http/caller.ts';

/** `JWT_JWKS`: an http(s) address, asked when needed, or a file, read once. Throws `JWKS_UNREADABLE`. */
export async function readTokenKeys(where: string): Promise<TokenSettings['keys']> {
  if (/^https?:/.test(where)) return { url: where };
  try {
    return { jwks: JSON.parse(await readFile(where, 'utf8')) as JSONWebKeySet };
  } catch (error) {
    throw new DomainError('JWKS_UNREADABLE', `JWT_JWKS: ${where} cannot be read as a JSON Web Key Set`, {
      cause: String(error),
    });
  }
}
