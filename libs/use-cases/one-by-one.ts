import { DomainError } from '#libs/kernel';
import type { NodeServices } from './node-services.ts';

/**
 * Works on one thing after the other. What goes wrong with one of them is reported and stops none of the others; a
 * technical error that passes (the database is away) ends the turn, since the next thing would meet it too.
 */
export async function oneByOne<T>(
  services: Pick<NodeServices, 'report'>,
  things: readonly T[],
  { work, name }: { readonly work: (thing: T) => Promise<unknown>; readonly name: (thing: T) => string },
): Promise<void> {
  for (const thing of things) {
    try {
      await work(thing);
    } catch (error) {
      if (error instanceof DomainError && error.details['retryable'] === true) throw error;
      const code = error instanceof DomainError ? error.code : 'UNEXPECTED';
      services.report({ code: 'WORK_FAILED', details: { of: name(thing), code, cause: String(error) } });
    }
  }
}
