/** Tokens for the load: each signed once for an agency and its roles, and renewed when half of its time is over. */
import type { Role } from '#libs/dossier';
import type { AgencyCode } from '#libs/kernel';
import type { EmbeddedStack } from '#tools/embedded';

const TTL_S = 3_600;

export function dayTokens(
  stack: Pick<EmbeddedStack, 'token'>,
): (agency: AgencyCode, roles: readonly Role[]) => Promise<string> {
  const held = new Map<string, { readonly token: Promise<string>; readonly renewAt: number }>();
  return (agency, roles) => {
    const name = `${agency} ${roles.join()}`;
    const known = held.get(name);
    if (known && performance.now() < known.renewAt) return known.token;
    const token = stack.token(roles, agency, { subject: `${roles.join('-')}.${agency}`, ttlSeconds: TTL_S });
    held.set(name, { token, renewAt: performance.now() + (TTL_S * 1000) / 2 });
    return token;
  };
}
