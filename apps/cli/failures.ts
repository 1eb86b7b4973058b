/** What ends a command early, in words for people and as an exit code. The one place where errors become exit codes. */
import { DomainError } from '#libs/kernel';
import { StackError } from '#tools/stack';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Called wrongly. */
export class UsageError extends Error {}
/** A node, a database or the stack itself is not there. */
export class Unreachable extends Error {}
/** A node answered with a problem document. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Codes of adapters that say: not there (now), wrongly set up, or another program's. */
const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  STORE_UNAVAILABLE: EXIT.unreachable,
  VAULT_UNAVAILABLE: EXIT.unreachable,
  READ_MODEL_UNAVAILABLE: EXIT.unreachable,
  BROKER_AWAY: EXIT.unreachable,
  TLS_REFUSED: EXIT.unreachable,
  DATABASE_NEWER: EXIT.unreachable,
  DATABASE_NOT_MIGRATED: EXIT.unreachable,
  KEYS_UNREADABLE: EXIT.unreachable,
  CONFIG_INVALID: EXIT.usage,
  MALFORMED: EXIT.usage,
  DATA_DIR_UNUSABLE: EXIT.usage,
  STACK_IN_USE: EXIT.failed,
};

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof Unreachable) return EXIT.unreachable;
  if (error instanceof Refused) return error.status >= 500 ? EXIT.unreachable : EXIT.failed;
  const code = codeOf(error);
  const known = code === undefined ? undefined : EXIT_OF_CODE[code];
  return known ?? (error instanceof StackError ? EXIT.unreachable : EXIT.failed);
}

export function codeOf(error: unknown): string | undefined {
  if (error instanceof DomainError || error instanceof Refused || error instanceof StackError) return error.code;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Of what we did not foresee the whole trace: whoever reads it will want to report it. */
export function textOf(error: unknown): string {
  const known = [UsageError, Unreachable, Refused, StackError, DomainError].some((kind) => error instanceof kind);
  if (!(error instanceof Error)) return String(error);
  const named = error.name === 'NodeFailed';
  return known || named ? error.message : (error.stack ?? error.message);
}
