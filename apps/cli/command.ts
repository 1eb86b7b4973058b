/** What a command of the command line is, and what it is run with. */
import { parseArgs } from 'node:util';
import type { Wording } from '#libs/config';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { Io } from './output/io.ts';

export interface OptionOf {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly short?: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly about: Wording;
}
export type OptionTable = Readonly<Record<string, OptionOf>>;

export interface Command {
  readonly name: string;
  /** After `lienthong <name>`. */
  readonly usage: string;
  readonly summary: Wording;
  readonly options: OptionTable;
  /** How many arguments it takes besides options; absent: none. */
  readonly takes?: number;
  /** Further lines of the help. */
  readonly more?: string;
  run(given: Given, io: Io): Promise<ExitCode>;
}

/** Arguments as they were given: options by name, and the rest in order. */
export class Given {
  readonly rest: readonly string[];
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, rest: readonly string[]) {
    this.values = values;
    this.rest = rest;
  }

  has(name: string): boolean {
    return this.values[name] === true;
  }
  find(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }
  /** @throws UsageError when it is missing */
  get(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw new UsageError(`Thiếu --${name} · --${name} is needed`);
    return value;
  }
  all(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }
  /** Values divided by commas, given once or several times. */
  list(name: string): readonly string[] {
    const values = this.all(name).length > 0 ? this.all(name) : [this.find(name) ?? ''];
    return values.flatMap((value) => value.split(',').map((item) => item.trim())).filter((item) => item !== '');
  }
  /** @throws UsageError when it is no number within the bounds, both included */
  number(name: string, [min, max]: readonly [number, number]): number | undefined {
    const text = this.find(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new UsageError(`--${name}: một số từ ${min} đến ${max} · a number from ${min} to ${max}`);
  }
  whole(name: string, bounds: readonly [number, number]): number | undefined {
    const value = this.number(name, bounds);
    if (value === undefined || Number.isInteger(value)) return value;
    throw new UsageError(`--${name}: một số nguyên · a whole number`);
  }
}

export const HELP: OptionTable = {
  help: { type: 'boolean', short: 'h', about: { vi: 'Trợ giúp', en: 'This help' } },
  json: { type: 'boolean', about: { vi: 'Kết quả dạng JSON', en: 'The result as JSON' } },
};

/** @throws UsageError */
export function readArguments(command: Pick<Command, 'name' | 'options' | 'takes'>, argv: readonly string[]): Given {
  const table = { ...command.options, ...HELP };
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { type, multiple, short }]) => [
      name,
      { type, ...(multiple && { multiple }), ...(short !== undefined && { short }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const [beyond] = positionals.slice(command.takes ?? 0);
    if (beyond !== undefined) throw new UsageError(`${command.name}: thừa "${beyond}" · does not take "${beyond}"`);
    return new Given(values, positionals);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${command.name}: ${reason}`);
  }
}
