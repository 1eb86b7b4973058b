/**
 * Who calls: a bearer token (JWT) of the configured issuer with roles and agencies. A token speaks for the agencies it
 * names and for nobody else; a caller with several agencies says for which one it acts in the header `Lt-Agency`.
 */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { DomainError, isAgencyCode, type AgencyCode } from '#libs/kernel';

export interface Caller {
  /** Pseudonymous `sub` of the token; becomes `authid`. */
  readonly subject: string;
  readonly roles: readonly string[];
  readonly agencies: readonly AgencyCode[];
  /** The agency acted for: the only one of the token, or the one in `Lt-Agency`. */
  readonly agency?: AgencyCode;
  readonly client: string;
}

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: { readonly jwks: JSONWebKeySet } | { readonly url: string };
}

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256'];
/** Codes of jose that say something of the token; all others say that its issuer's keys could not be fetched. */
const OF_THE_TOKEN = /^ERR_(JWT|JWS|JWE|JWK_|JWKS_(NO|MULTIPLE)_MATCHING|JOSE_(ALG_NOT_ALLOWED|NOT_SUPPORTED))/;
const PSEUDONYM = /^[A-Za-z0-9._-]{1,64}$/;

export class Tokens {
  private readonly settings: TokenSettings;
  private readonly keySet: JWTVerifyGetKey;

  constructor(settings: TokenSettings) {
    this.settings = settings;
    this.keySet =
      'jwks' in settings.keys ? createLocalJWKSet(settings.keys.jwks) : createRemoteJWKSet(new URL(settings.keys.url));
  }

  /** Throws `TOKEN_MISSING`, `TOKEN_INVALID`, `AGENCY_NOT_YOURS`. The reason never repeats the token. */
  async callerOf(authorization: string | undefined, actingAgency: string | undefined): Promise<Caller> {
    const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new DomainError('TOKEN_MISSING', 'a bearer token is needed');
    const payload = await this.verify(token);
    const caller = readClaims(payload);
    return { ...caller, ...actingFor(caller.agencies, actingAgency) };
  }

  private async verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.keySet, {
        issuer: this.settings.issuer,
        audience: this.settings.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreachable';
      if (!OF_THE_TOKEN.test(reason)) throw new DomainError('UNAVAILABLE', 'the keys of the issuer cannot be had');
      throw new DomainError('TOKEN_INVALID', `the bearer token does not hold: ${reason}`, { reason });
    }
  }
}

function readClaims(payload: JWTPayload): Omit<Caller, 'agency'> {
  const subject = payload.sub ?? '';
  if (!PSEUDONYM.test(subject))
    throw new DomainError(
      'TOKEN_INVALID',
      'sub is not a pseudonym of 1 to 64 letters, digits, dot, underscore, hyphen',
    );
  const roles = stringsOf(payload['roles']);
  const agencies = stringsOf(payload['agencies']).filter(isAgencyCode);
  return { subject, roles, agencies, client: clientOf(payload['client']) ?? subject };
}

function clientOf(claim: unknown): string | undefined {
  if (claim === undefined) return undefined;
  if (typeof claim === 'string' && PSEUDONYM.test(claim)) return claim;
  throw new DomainError('TOKEN_INVALID', 'client is not a name of 1 to 64 letters, digits, dot, underscore, hyphen');
}

function stringsOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((item): item is string => typeof item === 'string') : [];
}

function actingFor(agencies: readonly AgencyCode[], wanted: string | undefined): { agency?: AgencyCode } {
  if (wanted === undefined) {
    const [only, ...others] = agencies;
    return only !== undefined && others.length === 0 ? { agency: only } : {};
  }
  const agency = agencies.find((code) => code === wanted);
  if (agency === undefined) {
    // The problem repeats details: of a header only what is a code, not what somebody put there by mistake.
    const named = isAgencyCode(wanted) ? { agency: wanted } : {};
    throw new DomainError('AGENCY_NOT_YOURS', 'the token does not speak for this agency', named);
  }
  return { agency };
}

/** The caller that the guard has put on the request. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<{ caller?: Caller }>();
  if (!request.caller) throw new DomainError('TOKEN_MISSING', 'a bearer token is needed');
  return request.caller;
});
