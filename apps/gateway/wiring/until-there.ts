import { DomainError } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';

/** Codes with which an adapter says that the server cannot be reached (yet). */
const NOT_THERE = new Set(['STORE_UNAVAILABLE', 'VAULT_UNAVAILABLE']);
const PAUSE_MS = 1000;

/** Waits for a server that is not there yet, and says so; every other failure ends the start. */
export async function untilThere<T>(what: string, report: NodeServices['report'], open: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof DomainError) || !NOT_THERE.has(error.code)) throw error;
      if (attempt === 1 || attempt % 15 === 0) report({ code: 'WAITING_FOR', details: { what, attempt } });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
