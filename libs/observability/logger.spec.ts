import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { createLogger, maskedText } from './index.ts';
import type { LogFields, LogLevel } from './index.ts';

/** Values of a citizen, as they are written and as careless code might hand them in. */
const PLANTED = [
  'Nguyễn Thị Bưởi',
  '001085000001',
  '0912345678',
  '012345678',
  'buoi@example.vn',
  'Thôn Đề Trụ 7, Dương Quang',
];

function logOf(level: LogLevel = 'trace') {
  const lines: string[] = [];
  const logger = createLogger({ level, node: 'gialam-communes', destination: { write: (line) => lines.push(line) } });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}');
  return { logger, lines, last };
}

describe('the log', () => {
  it('writes one JSON object a line, with the fields that are allowed', () => {
    const { logger, lines, last } = logOf();
    logger.info({ subject: 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001', logIndex: 41207 }, 'recorded');
    expect(lines).toHaveLength(1);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      node: 'gialam-communes',
      subject: 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001',
      logIndex: 41207,
      traceId: '01890b2c6a3b7c118f3e0242ac120001',
      msg: 'recorded',
    });
  });

  it('says which process writes, and to which trace a line belongs', () => {
    const lines: string[] = [];
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const destination = { write: (line: string) => lines.push(line) };
    const named = { level: 'info', node: 'hanoi-city', instance: 'hanoi-city-2', destination } as const;
    const logger = createLogger({ ...named, traceNow: () => trace });
    logger.info({}, 'at work');
    logger.child({ role: 'ingest' }).info({ subject: 'portal/H26/01890b2c-6a3b-7c11-8f3e-0242ac120001' }, 'at work');
    createLogger({ ...named, instance: 'citizen 001085000001' }).info({ instance: 'x' } as LogFields, 'at work');
    const [first, second, third] = lines.map((line): Record<string, unknown> => JSON.parse(line));
    expect(first).toMatchObject({ node: 'hanoi-city', instance: 'hanoi-city-2', traceId: trace });
    expect(second).toMatchObject({ instance: 'hanoi-city-2', traceId: '01890b2c6a3b7c118f3e0242ac120001' });
    expect(third).toEqual(expect.not.objectContaining({ instance: expect.anything(), traceId: expect.anything() }));
  });

  it('keeps to its level', () => {
    const { logger, lines } = logOf('warn');
    logger.info({}, 'unheard');
    logger.error({ code: 'DATABASE_AWAY' }, 'the database does not answer');
    expect(lines).toHaveLength(1);
  });

  it('gives its fields to its children', () => {
    const { logger, last } = logOf();
    logger.child({ role: 'ingest', correlationId: 'Bưởi' }).debug({ partition: 2 }, 'read');
    expect(last()).toMatchObject({ role: 'ingest', dropped: 1, partition: 2 });
  });

  it.each<[keyof LogFields, string | number]>([
    ['agency', 'H26.129.05'],
    ['code', 'NOT_ENTITLED'],
    ['correlationId', '01890b2c-0000-7000-8000-00000000c001'],
    ['hash', 'LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII'],
    ['keyId', 'H26.129.05#2023-1'],
    ['origin', 'lienthong.example/gialam-district/1'],
    ['route', '/v1/dossiers/:agency/:uuid/commands'],
    ['subject', 'operation/hanoi-city/H26/2023-06'],
    ['subject', 'exchange/hanoi-city/gialam-district'],
    ['subject', 'directory/procedure/1.001193'],
    ['topic', 'lienthong.mailbox.v1.hanoi-city'],
    ['traceId', '0af7651916cd43dd8448eb211c80319c'],
    ['type', 'vn.lienthong.dossier.custody-accepted.v1'],
    ['offset', 99_999_999_999],
    ['durationMs', 1.5],
  ])('lets %s %s through', (field, value) => {
    const { logger, last } = logOf();
    logger.info({ [field]: value }, 'x');
    expect(last()[field]).toBe(value);
  });

  it.each<[string, unknown]>([
    ['route', '/v1/dossiers/H26.129.05-230614-0001'],
    ['subject', 'dossier/Nguyen-Van-An'],
    ['subject', 'directory/001085000001'],
    ['receiver', '001085000001'],
    ['node', 'hanoi-city'],
    ['offset', 100_000_000_000],
    ['offset', '41207'],
    ['count', Number.NaN],
    ['code', 'not a code'],
    ['status', 200],
    ['hash', { toString: () => 'x' }],
  ])('leaves %s %p out', (field, value) => {
    const { logger, last } = logOf();
    logger.info({ [field]: value }, 'x');
    expect(last()[field]).not.toEqual(value);
    expect(last()['dropped']).toBe(1);
  });
});

describe('a personal value', () => {
  it.each(PLANTED)('%s comes out of no field, named or not', (value) => {
    const { logger, lines } = logOf();
    const names = [
      'agency',
      'code',
      'context',
      'hash',
      'node',
      'origin',
      'reason',
      'receiver',
      'role',
      'route',
      'subject',
      'topic',
      'type',
      'verdict',
      'status',
      'count',
      'offset',
      'applicant',
      'fullName',
      '__proto__',
      'constructor',
      value,
    ];
    for (const name of names) {
      logger.info({ [name]: value }, 'x');
      logger.child({ [name]: value }).info({}, 'x');
      logger.info({ [name]: { nested: value } }, 'x');
      logger.info({ [name]: Number(value) }, 'x');
    }
    expect(lines.join('')).not.toContain(value);
  });

  it.each(PLANTED)('%s comes out of no error', (value) => {
    const { logger, lines } = logOf();
    const driver = Object.assign(new Error(`invalid input syntax for type date: "${value}"`), {
      code: '22007',
      detail: `Key (name)=(${value}) exists`,
      parameters: [value],
    });
    const wrapped = new Error(`first line\n    at ${value} "x"`, { cause: driver });
    const named = Object.assign(new Error('x'), { name: value, code: value });
    const domain = new DomainError('INVALID', 'the person is not found', { value });
    for (const error of [driver, wrapped, named, domain, value, { value }, [value]]) logger.error({ error }, 'failed');
    expect(lines.join('')).not.toContain(`"${value}`);
    expect(lines.join('')).not.toContain(`(${value})`);
    expect(lines[0]).toContain('22007');
  });

  it('of a document that is no JSON stays in the parser', () => {
    const { logger, lines } = logOf();
    try {
      JSON.parse('{"fullName":"Nguyễn Thị Bưởi", oops}');
    } catch (error) {
      logger.error({ error }, 'not read');
    }
    expect(lines[0]).toMatch(/JSON/);
    expect(lines[0]).not.toMatch(/Nguyễn|Bưởi|fullName/);
  });
});

describe('an error', () => {
  it('says what, where and why', () => {
    const { logger, last } = logOf();
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    logger.fatal({ error: new DomainError('LOG_REWRITTEN', 'the log is shorter than its checkpoint', {}) }, 'stopped');
    expect(last()['error']).toMatchObject({
      name: 'DomainError',
      code: 'LOG_REWRITTEN',
      message: 'the log is shorter than its checkpoint',
      at: expect.arrayContaining([expect.stringMatching(/logger\.spec/)]),
    });
    logger.warn({ error: new Error('away', { cause }) }, 'waiting');
    expect(last()['error']).toMatchObject({ cause: { code: 'ECONNREFUSED', message: cause.message } });
  });

  it('that causes itself ends', () => {
    const { logger, last } = logOf();
    const error = new Error('round');
    error.cause = error;
    logger.warn({ error }, 'x');
    expect(last()['error']).toMatchObject({ message: 'round', cause: { message: 'round' } });
  });
});

describe('masked text', () => {
  it.each([
    ['the broker does not answer', 'the broker does not answer'],
    ["doesn't know who can't", "doesn't know who can't"],
    ['type date: "x" and "y" too', 'type date: "…" too'],
    ["value 'x' is wrong", "value '…' is wrong"],
    ['postgres://user:pw@host/db is away', '…@… is away'],
    ['number 001085000001', 'number …'],
    ['at 2023-06-14T01:31:07.480Z', 'at 2023-06-14T01:31:07.480Z'],
    ['x'.repeat(900), 'x'.repeat(500)],
  ])('%s', (text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });
});
