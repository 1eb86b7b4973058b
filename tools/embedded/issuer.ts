/** The issuer of the embedded stack's bearer tokens: an Ed25519 key, its public half as a JWKS file for the nodes. */
import { existsSync, writeFileSync } from 'node:fs';
import { importJWK, SignJWT } from 'jose';
import type { AgencyCode } from '#libs/kernel';
import { openEd25519Key } from '#tools/registrar';
import type { DataFolder } from './data-folder.ts';

export const JWT_ISSUER = 'https://lienthong.example/embedded';
export const JWT_AUDIENCE = 'lienthong';
const KID = 'embedded#1';
const EIGHT_HOURS_S = 8 * 3600;

export interface TokenWanted {
  readonly roles: readonly string[];
  readonly agencies: readonly AgencyCode[];
  /** Pseudonym; absent: made of role and agency. */
  readonly subject?: string;
  /** Absent: eight hours. */
  readonly ttlSeconds?: number;
}

/** Signs a token; makes the issuer's key and JWKS file first if they are not there. */
export async function issueToken(folder: DataFolder, wanted: TokenWanted): Promise<string> {
  const { roles, agencies, ttlSeconds = EIGHT_HOURS_S } = wanted;
  const key = prepareIssuer(folder);
  const subject = wanted.subject ?? [roles[0] ?? 'user', agencies[0] ?? 'all'].join('.');
  return new SignJWT({ roles: [...roles], agencies: [...agencies], client: 'lienthong' })
    .setProtectedHeader({ alg: 'EdDSA', kid: KID })
    .setIssuer(JWT_ISSUER)
    .setAudience(JWT_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${ttlSeconds}s`)
    .sign(await importJWK({ ...key.jwk, alg: 'EdDSA' }, 'EdDSA'));
}

export function prepareIssuer(folder: DataFolder): ReturnType<typeof openEd25519Key> {
  const key = openEd25519Key(folder.keysOf('issuer'), KID);
  if (!existsSync(folder.jwks)) {
    const { kty, crv, x } = key.jwk;
    const jwks = { keys: [{ kty, crv, x, kid: KID, alg: 'EdDSA', use: 'sig' }] };
    writeFileSync(folder.jwks, `${JSON.stringify(jwks, undefined, 2)}\n`, { mode: 0o644 });
  }
  return key;
}
