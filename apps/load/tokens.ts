import { readFileSync } from 'node:fs';
import { importJWK, SignJWT, type JWK } from 'jose';
import type { DayOptions } from './options.ts';

const TTL_S = 3600;
/** Idempotency keys belong to a client: the same one in every run. */
const CLIENT = 'lienthong-load';

export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  /** File with a private Ed25519 key as JWK. */
  readonly keyFile: string;
}

/** Tokens for every agency and role, each signed once and renewed when half of its time is over. */
export async function tokensOf({ issuer, audience, keyFile }: Issuer): Promise<DayOptions['token']> {
  const jwk = JSON.parse(readFileSync(keyFile, 'utf8')) as JWK;
  const key = await importJWK(jwk, 'EdDSA');
  const held = new Map<string, { readonly token: Promise<string>; readonly renewAt: number }>();
  const sign = (agency: string, roles: readonly string[]): Promise<string> =>
    new SignJWT({ roles: [...roles], agencies: [agency], client: CLIENT })
      .setProtectedHeader({ alg: 'EdDSA', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(`${roles.join('-')}.${agency}`)
      .setIssuedAt()
      .setExpirationTime(`${TTL_S}s`)
      .sign(key);
  return (agency, roles) => {
    const name = `${agency} ${roles.join()}`;
    const known = held.get(name);
    if (known && performance.now() < known.renewAt) return known.token;
    const token = sign(agency, roles);
    held.set(name, { token, renewAt: performance.now() + (TTL_S * 1000) / 2 });
    return token;
  };
}
