/**
 * How often one client and one agency may ask: 429 with `Retry-After` beyond it, and with every answer what is left, as
 * draft-ietf-httpapi-ratelimit-headers-10 says it (`q` tokens of a full bucket, `w` seconds in which it fills, `r` left, `t`
 * seconds until it is full).
 */
import { DomainError } from '#libs/kernel';
import type { DoorLimits } from './door-limits.ts';
import { type Allowance, type Pace, TokenBuckets } from './token-buckets.ts';

export interface Asking {
  readonly client: string;
  readonly agency?: string | undefined;
}
export interface RateHeaders {
  readonly 'RateLimit-Policy': string;
  readonly RateLimit: string;
}
interface Policy {
  readonly name: 'client' | 'agency';
  readonly burstSeconds: number;
  readonly buckets: TokenBuckets;
}
interface Asked {
  readonly policy: Policy;
  readonly of: string;
}

export class Rates {
  readonly #policies: readonly Policy[];

  /** @param now milliseconds of a clock that only runs forward */
  constructor(limits: Pick<DoorLimits, 'client' | 'agency'>, now: () => number) {
    const policyOf = (name: Policy['name'], pace: Pace): readonly Policy[] =>
      pace.perSecond > 0 ? [{ name, burstSeconds: pace.burstSeconds, buckets: new TokenBuckets(pace, now) }] : [];
    this.#policies = [...policyOf('client', limits.client), ...policyOf('agency', limits.agency)];
  }

  /**
   * Takes a token of each bucket, or none. `setHeaders` is told what is left, also when it throws.
   * @throws DomainError `RATE_LIMITED` with `retryAfterSeconds`
   */
  pass(asking: Asking, setHeaders: (headers: RateHeaders) => void): void {
    const asked = this.#policies.flatMap((policy) => {
      const of = asking[policy.name];
      return of === undefined ? [] : [{ policy, of }];
    });
    if (asked.length === 0) return;
    const before = asked.map(({ policy, of }) => policy.buckets.look(of));
    const waitMs = Math.max(...before.map((allowance) => allowance.waitMs));
    const after = waitMs > 0 ? before : asked.map(({ policy, of }) => policy.buckets.take(of));
    setHeaders(headersOf(asked, after));
    if (waitMs === 0) return;
    throw new DomainError('RATE_LIMITED', 'too many requests of one client or agency', {
      retryAfterSeconds: Math.max(1, wholeSeconds(waitMs)),
    });
  }
}

/** Upwards, but not for what sums of parts of a millisecond leave over. */
const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000 - 1e-6);

const headersOf = (asked: readonly Asked[], allowances: readonly Allowance[]): RateHeaders => ({
  'RateLimit-Policy': asked
    .map(({ policy: { name, buckets, burstSeconds } }) => `"${name}";q=${buckets.quota};w=${burstSeconds}`)
    .join(', '),
  RateLimit: asked
    .map(({ policy }, at) => {
      const { left = 0, fullInMs = 0 } = allowances[at] ?? {};
      return `"${policy.name}";r=${left};t=${wholeSeconds(fullInMs)}`;
    })
    .join(', '),
});
