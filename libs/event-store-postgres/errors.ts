/**
 * Technical errors of PostgreSQL and of the way to it, as {@link DomainError}s that say whether to try again:
 * `details.retryable`, and then `details.delayMs`. What is not known is permanent.
 */
import { DomainError, whyRefused } from '#libs/kernel';

interface Rule {
  readonly states: RegExp;
  readonly code: string;
  /** Absent: permanent. */
  readonly delayMs?: number;
}

/** SQLSTATE, PostgreSQL documentation appendix A. */
const RULES: readonly Rule[] = [
  { states: /^(08...|57P0[1-5])$/, code: 'STORE_UNAVAILABLE', delayMs: 100 },
  { states: /^(40...|55P03|57014|53300|53400)$/, code: 'STORE_BUSY', delayMs: 50 },
  { states: /^(53...|58...)$/, code: 'STORE_FULL', delayMs: 5_000 },
];
const SOCKET = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|EADDR)/;
/** What pg says without a code when a connection ends, cannot be had in time, or stays silent. */
const SAID =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Client has encountered/i;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function classify(code: string, message: string): Rule | undefined {
  if (SOCKET.test(code) || (code === '' && SAID.test(message))) return RULES[0];
  return RULES.find(({ states }) => states.test(code));
}

/** @returns the error itself when it is one of the domain already. */
export function classifyError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, message, table, column } = error as Record<string, unknown>;
  const said = text(message) || String(error);
  const refused = whyRefused({ code, message: said });
  if (refused !== undefined) return new DomainError('TLS_REFUSED', `the database: ${refused}`, REFUSED);
  const rule = classify(text(code), said);
  const details = { sqlState: text(code), retryable: rule !== undefined, ...(rule && { delayMs: rule.delayMs }) };
  const found = new DomainError(rule?.code ?? nameOf(text(table), text(column)), said, details);
  found.cause = error;
  return found;
}

/** Ends a start; a process that runs goes on asking, and finds the certificate replaced. */
const REFUSED = { retryable: true, delayMs: 5_000 };

const nameOf = (table: string, column: string): string =>
  table === 'outbox' && column === 'log_index' ? 'DELIVERY_OF_UNKNOWN_MESSAGE' : 'STORE_FAILED';

export const isRetryable = (error: unknown): boolean =>
  error instanceof DomainError && error.details['retryable'] === true;

/** Runs `work`; what it throws comes out classified. */
export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw classifyError(error);
  }
}
