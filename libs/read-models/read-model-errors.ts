/** Classifies what PostgreSQL and the network answer (house 4). What is not known is permanent and loud. */
import { DomainError, whyRefused } from '#libs/kernel';

/** Connection lost or refused, server starting or stopping, no room on its disk, too many connections, deadlock, lock or statement time-out. */
const RETRYABLE = /^(08...|53...|57P0[1-5]|40...|55P03|57014)$|^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/;
const CONNECTION_LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/;
const UNDEFINED_TABLE = '42P01';
/** Said of the read models or of the ledger as such; what carries an SQLSTATE is the same. */
const OF_A_DATABASE: ReadonlySet<string> = new Set(['READ_MODEL_FAILED', 'STORE_FAILED', 'STORE_CLOSED']);
const RETRY_AFTER_MS = 500;

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
};

export function readModelError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  const said = error instanceof Error ? error.message : String(error);
  const refused = whyRefused({ code, message: said });
  if (refused !== undefined) {
    return new DomainError('TLS_REFUSED', `the database: ${refused}`, { retryable: true, delayMs: 5_000 });
  }
  const retryable = RETRYABLE.test(code) || (code === '' && CONNECTION_LOST.test(said));
  return retryable
    ? new DomainError('READ_MODEL_UNAVAILABLE', `the read models do not answer: ${said}`, {
        retryable,
        delayMs: RETRY_AFTER_MS,
      })
    : new DomainError('READ_MODEL_FAILED', `the read models refused: ${said}`, { retryable, sqlState: code });
}

export const isRetryable = (error: DomainError): boolean => error.details['retryable'] === true;

const isOfADatabase = ({ code, details }: DomainError): boolean =>
  OF_A_DATABASE.has(code) || details['sqlState'] !== undefined;

/** Data that no column can hold, or a fault of our own in making a row: it concerns the dossier, not the database. */
export function isOfTheRow(error: unknown): boolean {
  if (error instanceof DomainError) return !isRetryable(error) && !isOfADatabase(error);
  return /^(22...|23...|54...)?$/.test(codeOf(error)) && !isRetryable(readModelError(error));
}

/** The generation was dropped after a switch to another one. */
export const isGenerationGone = (error: unknown): boolean => codeOf(error) === UNDEFINED_TABLE;

export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readModelError(error);
  }
}
