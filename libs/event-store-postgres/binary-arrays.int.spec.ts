/** What we write as PostgreSQL's binary forms, PostgreSQL reads as what was meant. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { createTemporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.ts';
import {
  bool,
  bytea,
  type Codec,
  column,
  encodeArray,
  encodeRows,
  hash,
  int4,
  int8,
  text,
  texts,
  timestamptz,
  uuid,
} from './binary-arrays.ts';

let database: TemporaryDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTemporaryDatabase({ migrated: false });
  client = new pg.Client(database.ownerUrl);
  await client.connect();
  await client.query('create type mixed as (n bigint, words text[], at timestamptz, yes boolean, bytes bytea)');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Without U+0000 and halves of surrogate pairs, which PostgreSQL has no place for. */
const string = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

async function roundTrip<T>(type: string, codec: Codec<T>, values: readonly T[]): Promise<unknown> {
  const { rows } = await client.query<{ back: unknown }>(`select $1::${type}[] as back`, [encodeArray(codec, values)]);
  return rows[0]?.back;
}

describe('arrays of values', () => {
  const cases: readonly [string, Codec<never>, fc.Arbitrary<never>, (value: never) => unknown][] = [
    ['int4', int4, fc.integer(), (value: number) => value],
    ['int8', int8, fc.maxSafeInteger(), String],
    ['bool', bool, fc.boolean(), (value: boolean) => value],
    ['text', text, string, (value: string) => value],
    ['bytea', bytea, bytes, (value: Buffer) => value],
    [
      'bytea',
      hash,
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => Buffer.from(value).toString('base64url')),
      (value: string) => Buffer.from(value, 'base64url'),
    ],
    ['uuid', uuid, fc.uuid(), (value: string) => value],
    ['timestamptz', timestamptz, time, (value: string) => new Date(value)],
  ] as never;

  it.each(cases)('%s', async (type, codec, values, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.array(values), async (wanted) => {
        expect(await roundTrip(type, codec, wanted)).toEqual(wanted.map(expected));
      }),
      { numRuns: 50 },
    );
  });
});

describe('arrays of rows', () => {
  it('come back column by column, nulls too', async () => {
    const oid = (await client.query<{ oid: number }>(`select 'mixed'::regtype::oid::int as oid`)).rows[0]
      ?.oid as number;
    const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
    const row = fc.record({
      n: nullable(fc.maxSafeInteger()),
      words: nullable(fc.array(string)),
      at: nullable(time),
      yes: nullable(fc.boolean()),
      bytes: nullable(bytes),
    });
    type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;
    const columns = [
      column(int8, (value: Row) => value.n),
      column(texts, (value: Row) => value.words),
      column(timestamptz, (value: Row) => value.at),
      column(bool, (value: Row) => value.yes),
      column(bytea, (value: Row) => value.bytes),
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (wanted) => {
        const { rows } = await client.query('select m.* from unnest($1::mixed[]) m', [
          encodeRows(oid, columns, wanted),
        ]);
        expect(rows).toEqual(
          wanted.map(({ n, at, ...rest }) => ({ ...rest, n: n === null ? null : String(n), at: at && new Date(at) })),
        );
      }),
      { numRuns: 50 },
    );
  });
});
