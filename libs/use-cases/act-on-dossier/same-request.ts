/**
 * The same request again: told by its idempotency key and a fingerprint under the node's request secret. The secret changes,
 * and two processes of a node may use different ones for a while, so fingerprints are compared by the key custody, never as
 * texts: the ledger, which can only compare texts, is asked again when it takes a repeat for another request.
 *
 * Once the secret of a fingerprint is destroyed, nobody can tell the repeat from another request. It is refused: to answer
 * could acknowledge what was never done, to act could do it twice; the dossier itself shows the caller what was done.
 * Proved by `same-request.int.spec.ts`.
 */
import { DomainError } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit } from '../ports/index.ts';
import type { Act } from './act.ts';
import { answerBefore, type Acted } from './answer.ts';

/** The first answer; undefined: the key is not known. Throws `IDEMPOTENCY_KEY_REUSED`. */
export async function findRepeated(services: NodeServices, act: Act): Promise<Acted | undefined> {
  if (!act.idempotency) return undefined;
  const { client, key, request } = act.idempotency;
  const known = await services.store.findIdempotent(client, act.agency, key);
  if (!known) return undefined;
  if (!services.keys.matchesRequestHmac(known.bodyHmac, request)) throw reused();
  return answerBefore(act, known.answer);
}

/** The answer of whoever was quicker under this key, when the ledger found another fingerprint there. */
export async function getRepeated(services: NodeServices, act: Act): Promise<Acted> {
  const repeated = await findRepeated(services, act);
  if (!repeated) throw reused();
  return repeated;
}

/** What the ledger keeps beside the messages of a unit. */
export function rememberedAs(services: NodeServices, act: Act, answer: object): Pick<AppendUnit, 'idempotency'> {
  if (!act.idempotency) return {};
  const { client, key, request } = act.idempotency;
  const bodyHmac = services.keys.requestHmac(request);
  return { idempotency: { client, agency: act.agency, key, bodyHmac, answer: JSON.stringify(answer) } };
}

const reused = (): DomainError =>
  new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'this key was used with another body, or its first use can no longer be compared',
  );
