import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '#libs/calendar';
import { emptyDirectory } from '#libs/directory';
import type { FiledState } from '#libs/dossier';
import type { AgencyCode, Instant } from '#libs/kernel';
import { parseProcedures } from '#libs/procedures';
import { CITY, DISTRICT, given, happened, type Happened } from '../../testing/dossier-samples.ts';
import { handOverBy } from './hand-over-by.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../reference/${name}`, import.meta.url), 'utf8'));
const directory = emptyDirectory([]);
const interval = { from: '2020-01-01T00:00:00.000Z' as Instant, name: 'x', territories: [], services: [] };
const stated = (code: string, level: string, parent?: AgencyCode) => ({
  code: code as AgencyCode,
  intervals: [{ ...interval, level, ...(parent ? { parent } : {}) }],
  keys: [],
  successions: [],
  suspensions: [],
});
const services = {
  procedures: parseProcedures(read('procedures.json'), read('rules.json')),
  calendar: parseCalendar(read('working-calendar.json')),
  directory: () => ({
    ...directory,
    agencies: new Map(
      [stated(CITY, 'city'), stated(DISTRICT, 'district', CITY), stated('H26.129.05', 'commune', DISTRICT)].map(
        (one) => [one.code, one],
      ),
    ),
  }),
};
const vn = (text: string): Instant => new Date(`${text.replace(' ', 'T')}:00+07:00`).toISOString() as Instant;
const by = (...history: readonly Happened[]): Instant | undefined =>
  handOverBy(services, given(...history).state as FiledState, vn('2023-06-14 16:00'));
const received = (at: string, data: object = {}) => happened('received', data, { time: vn(at) });

describe('hand-over by the desk that received a dossier', () => {
  it.each([
    ['2023-06-14 15:00', '2023-06-14 17:30'],
    ['2023-06-14 15:01', '2023-06-15 08:00'],
    ['2023-06-17 09:00', '2023-06-19 08:00'],
  ])('received %s: by %s', (at, due) => {
    expect(by(received(at))).toBe(vn(due));
    expect(by(received(at, { channel: 'public-post' }))).toBe(vn(due));
  });

  it('is at once for what came online, and no matter once it has begun or gone', () => {
    const first = received('2023-06-14 09:00');
    expect(by(received('2023-06-14 09:00', { channel: 'online' }))).toBeUndefined();
    expect(by(first, happened('processing-started'))).toBeUndefined();
    expect(by(first, happened('forwarded'))).toBeUndefined();
    expect(by(first, happened('forwarded'), happened('custody-accepted', {}, { author: DISTRICT }))).toBeUndefined();
    expect(by(happened('submitted'))).toBeUndefined();
  });

  it('is not guessed where catalogue or calendar do not reach', () => {
    expect(by(received('2031-06-14 09:00'))).toBeUndefined();
    const procedure = { code: '9.999999', version: 1, case: 'standard' };
    expect(by(received('2023-06-14 09:00', { procedure }))).toBeUndefined();
  });
});
