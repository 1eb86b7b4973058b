import { maskedText } from './masked-text.ts';

/** What of an error may be logged: where it happened and of which kind, not what it was about. */
export interface ErrorFields {
  readonly name: string;
  readonly message: string;
  /** `DOSSIER_IN_TRANSIT`, `ECONNREFUSED`, SQLSTATE `23505`. */
  readonly code?: string;
  readonly at?: readonly string[];
  readonly cause?: ErrorFields;
}

const MAX_CAUSES = 5;
const MAX_FRAMES = 12;

/** Details of DomainErrors, and the `detail`, `query`, `parameters` of drivers, hold values and stay out. */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { name: 'NotAnError', message: `a ${typeof error} was thrown` };
  const code = codeOf(error);
  const at = framesOf(error.stack);
  return {
    name: /^[A-Za-z]{1,64}$/.test(error.name) ? error.name : 'Error',
    message: maskedText(error.message),
    ...(code !== undefined && { code }),
    ...(at.length > 0 && { at }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: errorFields(error.cause, depth + 1) }),
  };
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{2,64}$/.test(code) && !/\d{9}/.test(code) ? code : undefined;
}

/** The first lines of a stack are the message again, which may be many lines long. */
const framesOf = (stack = ''): readonly string[] =>
  stack
    .split('\n')
    .filter((line) => /^ {4}at \S.*:\d+:\d+\)?$/.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());
