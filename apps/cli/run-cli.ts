/** `lienthong <command> …`: finds the command, reads its arguments, runs it, and turns what went wrong into an exit code. */
import { HELP, readArguments, type Command, type OptionTable } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { exitCodeOf, textOf, UsageError } from './failures.ts';
import type { Io } from './output/io.ts';
import { pad } from './output/text-width.ts';

export async function runCli(commands: readonly Command[], argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(commands, rest[0], io);
  try {
    const command = findCommand(commands, name);
    const given = readArguments(command, rest);
    if (given.has('help')) return help(commands, name, io);
    return await command.run(given, io);
  } catch (error) {
    io.err(`${textOf(error)}\n`);
    if (error instanceof UsageError) io.err(`lienthong ${name} --help\n`);
    return exitCodeOf(error);
  }
}

function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (!found) throw new UsageError(`Không có lệnh "${name}" · there is no command "${name}"`);
  return found;
}

function help(commands: readonly Command[], name: string | undefined, io: Io): ExitCode {
  const command = commands.find((one) => one.name === name);
  if (name !== undefined && !command) {
    io.err(`Không có lệnh "${name}" · there is no command "${name}"\n`);
    return EXIT.usage;
  }
  io.out(command ? helpOf(command) : overview(commands));
  return EXIT.ok;
}

function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${pad(name, 12)}${summary.vi}\n  ${pad('', 12)}${summary.en}`);
  return ['lienthong <lệnh · command> [--help]', '', ...lines, '', EXIT_CODES].join('\n');
}

function helpOf({ name, usage, summary, options, more }: Command): string {
  const parts = [`lienthong ${name} ${usage}`.trimEnd(), '', summary.vi, summary.en, '', optionLines(options)];
  return [...parts, ...(more === undefined ? [] : ['', more]), '', EXIT_CODES].join('\n');
}

function optionLines(options: OptionTable): string {
  return Object.entries({ ...options, ...HELP })
    .map(([name, { value, about }]) => {
      const head = `  --${name}${value === undefined ? '' : ` ${value}`}`;
      return `${pad(head, 30)}${about.vi}\n${pad('', 30)}${about.en}`;
    })
    .join('\n');
}

const EXIT_CODES = `Mã thoát · exit codes:
  0  xong, nguyên vẹn · done, whole
  1  không nguyên vẹn hoặc bị từ chối · not whole, or refused
  2  gọi sai · wrong use
  3  không kiểm tra hoặc không kết nối được · could not be checked or reached`;
