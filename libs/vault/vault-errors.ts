/**
 * Classifies what PostgreSQL and the network answer (house 4): retryable with a delay, or permanent. What is not known is
 * permanent and loud. Messages of the database are not passed on whole: `detail` may quote rows.
 */
import { setTimeout } from 'node:timers/promises';
import { DomainError, whyRefused } from '#libs/kernel';

/** Connection lost or refused, server starting or stopping, too many connections, deadlock, lock or statement time-out. */
const RETRYABLE =
  /^(08|53)|^(57P0[123]|40001|40P01|55P03|57014)$|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
/** `pg` has no code for these. */
const CONNECTION_LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/;
const RETRY_AFTER_MS = 1_000;

export function vaultError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const refused = whyRefused({ code, message });
  if (refused !== undefined) {
    return new DomainError('TLS_REFUSED', `the vault's database: ${refused}`, { retryable: true, delayMs: 5_000 });
  }
  if (RETRYABLE.test(code ?? '') || CONNECTION_LOST.test(message ?? '')) {
    return new DomainError('VAULT_UNAVAILABLE', `the vault does not answer: ${message}`, {
      retryable: true,
      delayMs: RETRY_AFTER_MS,
      ...(code ? { sqlState: code } : {}),
    });
  }
  return new DomainError('VAULT_FAILED', `the vault refused: ${message}`, {
    retryable: false,
    ...(code ? { code } : {}),
  });
}

export const isRetryable = (error: DomainError): boolean => error.details['retryable'] === true;

/** A server that restarts takes longer than all of these: then the caller is told, with the delay above. */
const PAUSES_MS = [0, 50, 250];

/** Does idempotent work, and again when a connection was lost under it: the pool may hold several that are dead. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(vaultError(error))) throw vaultError(error);
      await setTimeout(pause);
    }
  }
  return work().catch((error: unknown) => {
    throw vaultError(error);
  });
}
