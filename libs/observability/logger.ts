/**
 * The log: one JSON object a line, with fields of an allow-list whose values fit a closed grammar. Promise: what is handed
 * in under another name, or does not look like what the name says, is left out and only counted (`dropped`). Proved by
 * logger.spec.ts, which plants personal values in every place a caller can reach.
 */
import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { isAllowedNumber, isAllowedText, TEXT_GRAMMAR } from './closed-grammar.ts';
import type { TextField } from './closed-grammar.ts';
import { errorFields } from './error-fields.ts';
import { maskedText } from './masked-text.ts';
import { traceIdOf } from './trace-ids.ts';

const NUMBER_FIELDS = [
  'attempt',
  'bytes',
  'count',
  'delayMs',
  'durationMs',
  'first',
  'highest',
  'line',
  'logIndex',
  'number',
  'offset',
  'partition',
  'port',
  'size',
  'streamseq',
] as const;
/** Node and process stand on every line already. */
type LineField = Exclude<TextField, 'node' | 'instance'>;
type NumberField = (typeof NUMBER_FIELDS)[number];

/** `error` is anything that was thrown. */
export type LogFields = {
  readonly [F in LineField]?: string | undefined;
} & { readonly [F in NumberField]?: number | undefined } & { readonly error?: unknown };

type Write = (fields: LogFields, message: string) => void;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
export interface Logger extends Readonly<Record<LogLevel, Write>> {
  /** The same log with these fields on every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly node: string;
  /** Name of the process. */
  readonly instance?: string;
  /** Of the work under way, asked at each line that names no trace itself. */
  readonly traceNow?: () => string | undefined;
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

/** Messages are sentences of the program; what may be a value in them is masked all the same. */
export function createLogger({ level, node, instance, traceNow, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: {
      node: isAllowedText('node', node) ? node : 'other',
      ...(isAllowedText('instance', instance) ? { instance } : {}),
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return guarded(destination ? pino(options, destination) : pino(options), traceNow);
}

function guarded(out: PinoLogger, traceNow: () => string | undefined = () => undefined): Logger {
  const at =
    (level: LogLevel): Write =>
    (fields, message) => {
      const traceId = fields.traceId ?? traceIdOf(fields.subject) ?? traceNow();
      out[level](allowedFields({ ...fields, traceId }), maskedText(message));
    };
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    child: (fields) => guarded(out.child(allowedFields(fields)), traceNow),
  };
}

const isLineField = (name: string): name is LineField =>
  name !== 'node' && name !== 'instance' && Object.hasOwn(TEXT_GRAMMAR, name);
const isNumberField = (name: string): name is NumberField => (NUMBER_FIELDS as readonly string[]).includes(name);

/** Fields that may be written; `dropped` counts the others, whose names may be data too. */
export function allowedFields(fields: LogFields): Record<string, unknown> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const allowed = given.flatMap(([name, value]): [string, unknown][] => {
    if (name === 'error') return [[name, errorFields(value)]];
    const fits = isLineField(name) ? isAllowedText(name, value) : isNumberField(name) && isAllowedNumber(value);
    return fits ? [[name, value]] : [];
  });
  const dropped = given.length - allowed.length;
  return { ...Object.fromEntries(allowed), ...(dropped > 0 && { dropped }) };
}
