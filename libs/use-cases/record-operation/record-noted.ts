/**
 * An operator's act that has a memory beside the ledger (a job, a switch): the memory is noted first, under the hash of the
 * event to come, and means nothing until the ledger holds that event. So the append alone decides, and a process that ends
 * in between leaves a note that nobody heeds. Proved by `redrive.int.spec.ts`.
 */
import { DomainError, type Hash } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { planOperation, type Operation } from './record-operation.ts';

const ATTEMPTS = 20;

/**
 * `decide` looks at things as they are now: an operation with its note, or an answer if there is nothing to do. It is asked
 * again after every conflict. Throws what `decide` throws, `INVALID`, `CONTENDED`.
 */
export async function recordNoted<T>(
  services: NodeServices,
  decide: () => Promise<{ readonly done: T } | { readonly act: Operation; note(event: Hash): Promise<void> }>,
  answer: (event: Hash) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const decided = await decide();
    if ('done' in decided) return decided.done;
    const planned = await planOperation(services, decided.act);
    const event = planned.events.at(-1)?.hash as Hash;
    await services.vault.put(planned.disclosures);
    await decided.note(event);
    const verdict = await services.store.append(planned.unit);
    if (verdict.kind === 'appended' || verdict.kind === 'repeat') return answer(event);
  }
  throw new DomainError('CONTENDED', 'too many operations at once', { retryAfterSeconds: 1 });
}
