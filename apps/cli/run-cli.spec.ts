import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { StackError } from '#tools/stack';
import type { Command, Given } from './command.ts';
import { commands } from './commands/index.ts';
import { secondsIn } from './commands/token.command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { exitCodeOf, Refused, Unreachable, UsageError } from './failures.ts';
import type { Io } from './output/io.ts';
import { runCli } from './run-cli.ts';
import { readStartOptions, refuseOptionsTakenByNpm, START_OPTIONS } from './start/start-options.ts';

function capture(): Io & { readonly said: string[]; readonly told: string[] } {
  const said: string[] = [];
  const told: string[] = [];
  return {
    said,
    told,
    out: (text) => void said.push(text),
    err: (text) => void told.push(text),
    isTerminal: false,
    env: {},
    onStop: () => () => undefined,
  };
}

const commandThat = (run: (given: Given) => Promise<ExitCode>): Command => ({
  name: 'try',
  usage: '',
  summary: { vi: 'thử', en: 'try' },
  options: {
    ...START_OPTIONS,
    agency: { type: 'string', multiple: true, about: { vi: 'cơ quan', en: 'agency' } },
  },
  run: (given) => run(given),
});
const exitOf = (error: Error): Promise<number> =>
  runCli([commandThat(() => Promise.reject(error))], ['try'], capture());

describe('exit codes', () => {
  it.each([
    [new UsageError('wrong'), EXIT.usage],
    [new Unreachable('away'), EXIT.unreachable],
    [new Refused(403, 'ROLE_NOT_ALLOWED', 'no'), EXIT.failed],
    [new Refused(503, 'UNAVAILABLE', 'later'), EXIT.unreachable],
    [new StackError('STACK_IN_USE', { vi: '', en: '' }), EXIT.failed],
    [new StackError('JAVA_MISSING', { vi: '', en: '' }), EXIT.unreachable],
    [new DomainError('CONFIG_INVALID', ''), EXIT.usage],
    [new DomainError('STORE_UNAVAILABLE', ''), EXIT.unreachable],
    [new DomainError('LOG_REWRITTEN', ''), EXIT.failed],
    [new Error('unforeseen'), EXIT.failed],
  ])('%s', async (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(await exitOf(error)).toBe(code);
  });

  it('are what the command says when nothing goes wrong', async () => {
    expect(await runCli([commandThat(async () => EXIT.failed)], ['try'], capture())).toBe(EXIT.failed);
  });

  it.each([[['nonsense']], [['try', '--nonsense']], [['try', '--speed']], [['try', 'more']]])(
    'wrong use: %j',
    async (argv) => {
      const io = capture();
      expect(await runCli([commandThat(async () => EXIT.ok)], argv, io)).toBe(EXIT.usage);
      expect(io.told.join('')).toContain('--help');
    },
  );
});

describe('help', () => {
  it('lists every command, and shows each with all its options and the exit codes', async () => {
    const io = capture();
    expect(await runCli(commands, [], io)).toBe(EXIT.ok);
    for (const { name, options } of commands) {
      expect(io.said[0]).toContain(name);
      const own = capture();
      expect(await runCli(commands, [name, '--help'], own)).toBe(EXIT.ok);
      for (const option of [...Object.keys(options), 'json', 'help']) expect(own.said[0]).toContain(`--${option}`);
      expect(own.said[0]).toContain('exit codes');
    }
  });
});

describe('arguments', () => {
  const read = async <T>(argv: readonly string[], take: (given: Given) => T): Promise<T> => {
    let taken: T | undefined;
    const io = capture();
    const command = commandThat(async (given) => {
      taken = take(given);
      return EXIT.ok;
    });
    const code = await runCli([command], ['try', ...argv], io);
    if (code !== EXIT.ok) throw new UsageError(io.told.join(''));
    return taken as T;
  };

  it('of a start: by day faster than life, without a load as life', async () => {
    expect(await read([], readStartOptions)).toEqual({
      dataDir: '.lienthong',
      once: false,
      load: true,
      speed: 240,
      seed: 'gia-lam',
      json: false,
    });
    expect(await read(['--no-load'], readStartOptions)).toMatchObject({ load: false, speed: 1 });
    const all = ['--once', '--speed', '12.5', '--seed', 'x', '--dossiers', '40', '--data-dir', '/tmp/a'];
    expect(await read(all, readStartOptions)).toMatchObject({
      once: true,
      speed: 12.5,
      seed: 'x',
      dossiers: 40,
      dataDir: '/tmp/a',
    });
  });

  it.each([
    ['--speed', '0'],
    ['--speed', 'fast'],
    ['--dossiers', '1.5'],
    ['--dossiers', '-1'],
    ['--dossiers', ''],
  ])('of a start refuse %s %s', async (...argv) => {
    await expect(read(argv, readStartOptions)).rejects.toThrow();
  });

  it('of a start that npm kept for itself are not passed over in silence', () => {
    expect(() => refuseOptionsTakenByNpm({ npm_config_registry: 'x', PATH: '' })).not.toThrow();
    expect(() => refuseOptionsTakenByNpm({ npm_config_once: 'true', npm_config_data_dir: 'true' })).toThrow(
      /npm start -- --data-dir … --once/,
    );
    expect(() => refuseOptionsTakenByNpm({ npm_config_load: '' })).toThrow(/npm start -- --no-load/);
  });

  it('take lists with commas and repeated', async () => {
    const codes = await read(['--agency', 'H26, H26.129', '--agency', 'H26.129.05'], (given) => given.list('agency'));
    expect(codes).toEqual(['H26', 'H26.129', 'H26.129.05']);
  });

  it('take times to live', () => {
    expect(['90', '90s', '30m', '8h', '2d'].map(secondsIn)).toEqual([90, 90, 1800, 28_800, 172_800]);
    expect(() => secondsIn('soon')).toThrow(UsageError);
    expect(() => secondsIn('0h')).toThrow(UsageError);
  });
});
