/** An issuer of bearer tokens for tests: EdDSA, as the demo's is. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

export interface TokenWanted {
  readonly roles?: readonly string[];
  readonly agencies?: readonly string[];
  readonly sub?: string;
  readonly client?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now; negative: expired already. */
  readonly validForS?: number;
}
export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: { readonly keys: JWK[] };
  readonly token: (wanted?: TokenWanted) => Promise<string>;
}

const ISSUER = 'https://login.test/';
const AUDIENCE = 'lienthong';

export async function createTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const kid = randomUUID();
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] },
    token: ({ roles = ['clerk'], agencies = ['H26.129.05'], ...wanted } = {}) =>
      new SignJWT({ roles, agencies, ...(wanted.client === undefined ? {} : { client: wanted.client }) })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(wanted.sub ?? 'clerk-7')
        .setIssuer(wanted.issuer ?? ISSUER)
        .setAudience(wanted.audience ?? AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (wanted.validForS ?? 600))
        .sign(privateKey),
  };
}
