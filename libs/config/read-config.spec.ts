import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import {
  chosen,
  describeConfig,
  flag,
  integer,
  json,
  list,
  oneOf,
  optional,
  readConfig,
  secret,
  text,
  toEnvExample,
  url,
  withDefault,
} from './index.ts';
import type { ConfigProblem, Environment } from './index.ts';

const about = (en: string) => ({ about: { en, vi: `${en} (vi)` }, example: 'example' });
const schema = {
  deskName: text(about('Name of the desk')),
  httpPort: withDefault(integer(about('Port'), [0, 65_535]), 8080),
  printSlips: withDefault(flag(about('Slips')), true),
  mode: oneOf(about('Mode'), ['fast', 'slow'] as const),
  days: withDefault(
    list(about('Days'), (day) => chosen(day, ['mon', 'tue'] as const)),
    [],
  ),
  database: url(about('Database'), ['postgres:']),
  apiKey: secret(about('Key')),
  limits: optional(
    json(about('Limits'), (value) => (value === 7 ? { value } : { problem: { en: 'is not 7', vi: 'khác 7' } })),
  ),
};
const whole = { DESK_NAME: 'Bộ phận Một cửa', MODE: 'fast', DATABASE: 'postgres://clerk:pass@db/one', API_KEY: 'k3y' };

function problemsOf(env: Environment): readonly ConfigProblem[] {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CONFIG_INVALID')
      return error.details['problems'] as readonly ConfigProblem[];
    throw error;
  }
  return [];
}

describe('reading a configuration', () => {
  it('gives typed values and defaults, frozen', () => {
    const config = readConfig(schema, { ...whole, DAYS: 'mon, tue', PRINT_SLIPS: 'false', HTTP_PORT: '0' });
    expect(config).toEqual({
      deskName: 'Bộ phận Một cửa',
      httpPort: 0,
      printSlips: false,
      mode: 'fast',
      days: ['mon', 'tue'],
      database: 'postgres://clerk:pass@db/one',
      apiKey: 'k3y',
      limits: undefined,
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.days)).toBe(true);
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig(schema, { ...whole, HTTP_PORT: '' }).httpPort).toBe(8080);
    expect(problemsOf({ ...whole, MODE: '' })).toEqual([
      { variable: 'MODE', en: 'is missing: Mode', vi: 'còn thiếu: Mode (vi)' },
    ]);
  });

  it.each([
    ['HTTP_PORT', '65536', /whole number from 0 to 65535/],
    ['HTTP_PORT', '80.5', /whole number/],
    ['HTTP_PORT', '1e3', /whole number/],
    ['PRINT_SLIPS', 'yes', /true or false/],
    ['MODE', 'FAST', /one of fast, slow/],
    ['DAYS', 'mon,wed', /one of mon, tue/],
    ['DAYS', 'mon,mon', /twice/],
    ['DATABASE', 'db', /begins with postgres:/],
    ['DATABASE', 'https://db', /begins with postgres:/],
    ['LIMITS', '{', /is not JSON/],
    ['LIMITS', '8', /is not 7/],
    ['LIENTHONG_MODE', 'fast', /MODE is meant/],
    ['LIENTHONG_COLOUR', 'red', /is not known/],
  ])('refuses %s=%s', (variable, value, problem) => {
    const problems = problemsOf({ ...whole, [variable]: value });
    expect(problems).toEqual([{ variable, en: expect.stringMatching(problem), vi: expect.any(String) }]);
  });

  it('names all problems at once, in both languages, and no secret', () => {
    const env = { DATABASE: 'postgres//clerk:s3cret@db', HTTP_PORT: 'x', API_KEY: 's3cret', LIENTHONG_X: 's3cret' };
    expect(problemsOf(env).map(({ variable }) => variable)).toEqual([
      'DESK_NAME',
      'HTTP_PORT',
      'MODE',
      'DATABASE',
      'LIENTHONG_X',
    ]);
    const failed = expect.objectContaining({
      message: expect.stringMatching(/5 problem.*\n.*DESK_NAME is missing.*\n.*DESK_NAME còn thiếu/),
    });
    expect(() => readConfig(schema, env)).toThrow(failed);
    expect(() => readConfig(schema, env)).not.toThrow(/s3cret/);
  });
});

describe('showing a configuration', () => {
  it('prints secrets as asterisks, in URLs too', () => {
    const database = 'postgres://clerk:pass@db/one?sslpassword=pass';
    const lines = describeConfig(schema, readConfig(schema, { ...whole, DATABASE: database, DAYS: 'mon,tue' }));
    expect(lines).toEqual([
      'DESK_NAME=Bộ phận Một cửa',
      'HTTP_PORT=8080',
      'PRINT_SLIPS=true',
      'MODE=fast',
      'DAYS=mon,tue',
      'DATABASE=postgres://clerk:********@db/one?sslpassword=********',
      'API_KEY=********',
      'LIMITS=(not set)',
    ]);
  });

  it('makes an example that says what is required', () => {
    const example = toEnvExample(schema);
    expect(example).toContain('# Mode\n# Mode (vi)\n# required · bắt buộc\nMODE=example\n');
    expect(example).toContain('# default · mặc định\n# HTTP_PORT=8080\n');
    expect(example).toContain('# optional · không bắt buộc\n# LIMITS=example\n');
  });
});
