import { DomainError } from '#libs/kernel';
import type { NodeServices } from './node-services.ts';

/** So many at once, so that their appends go to the ledger together. */
const AT_ONCE = 8;

/**
 * Works on things that have nothing to do with one another. What goes wrong with one of them is reported and stops none of
 * the others; a technical error that passes (the database is away) ends the turn, since the next thing would meet it too.
 */
export async function eachAlone<T>(
  services: Pick<NodeServices, 'report'>,
  things: readonly T[],
  { work, name }: { readonly work: (thing: T) => Promise<unknown>; readonly name: (thing: T) => string },
): Promise<void> {
  let next = 0;
  let ended: DomainError | undefined;
  const worker = async (): Promise<void> => {
    while (!ended && next < things.length) {
      const thing = things[next++] as T;
      try {
        await work(thing);
      } catch (error) {
        if (error instanceof DomainError && error.details['retryable'] === true) ended = error;
        else services.report({ code: 'WORK_FAILED', details: { of: name(thing), ...causeOf(error) } });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, worker));
  if (ended) throw ended;
}

/** Of our own errors the sentence, which holds no personal datum; of others the name alone. */
const causeOf = (error: unknown): { readonly code: string; readonly cause: string } =>
  error instanceof DomainError
    ? { code: error.code, cause: error.message }
    : { code: 'UNEXPECTED', cause: error instanceof Error ? error.name : 'unknown' };
