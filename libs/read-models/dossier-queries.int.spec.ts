import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { AgencyCode, Instant, Subject } from '#libs/kernel';
import { DossierLog } from '../testing/dossier-log.ts';
import { createReadModelsDatabase } from '../testing/read-models-database.ts';
import type { TemporaryDatabase } from '../testing/temporary-database.ts';
import { openReadModels, type DossierFilter, type DossierOrder, type ListedDossier, type ReadModels } from './index.ts';

const COMMUNES = ['H26.129.05', 'H26.129.06'] as AgencyCode[];
const DISTRICT = 'H26.129' as AgencyCode;
const DOSSIERS = 60;
const log = new DossierLog();
const subjects: Subject[] = [];
jest.setTimeout(60_000);
let database: TemporaryDatabase;
let models: ReadModels;
let all: readonly ListedDossier[];

function logDossier(n: number): void {
  const by = COMMUNES[n % 2] as string;
  const dueAt = new Date(Date.parse('2023-06-15T10:00:00.000Z') + (n % 7) * 3_600_000).toISOString();
  const data = {
    receivingAgency: by,
    dossierCode: `${by}-2306${14 + (n % 2)}-${String(n + 1).padStart(4, '0')}`,
    otherCodes: [{ system: 'national-portal', code: `G01-${n}` }],
    procedure: { code: n % 3 === 0 ? '1.001193' : '1.000894', version: 1, case: 'standard' },
    dueAt,
  };
  const subject = log.begin('received', { by, data });
  subjects.push(subject);
  const received = log.last(subject);
  if (n % 4 === 0) log.log(subject, 'forwarded', { by, data: { to: DISTRICT, reason: 'route' } });
  if (n % 8 === 0) log.log(subject, 'custody-accepted', { by: DISTRICT });
  if (n % 16 === 0) log.log(subject, 'resolved', { by: DISTRICT });
  if (n % 4 === 1) log.log(subject, 'resolved', { by });
  if (n % 16 === 8) log.log(subject, 'processing-started', { by, after: received, effect: 'aside' });
  if (n % 20 === 3) log.log(subject, 'new-fact', { by });
}

beforeAll(async () => {
  for (let n = 0; n < DOSSIERS; n += 1) logDossier(n);
  database = await createReadModelsDatabase();
  const contracts = { isKnown: (_: string, name: string) => !name.startsWith('new-'), fits: () => true };
  models = await openReadModels({ url: database.appUrl, store: log, contracts });
  while ((await models.fold.foldNext()) > 0);
  all = (await models.dossiers.list({}, { limit: 500 })).dossiers;
});
afterAll(async () => {
  await models.close();
  await database.drop();
});

async function pagesOf(filter: DossierFilter, order: DossierOrder, limit: number): Promise<ListedDossier[]> {
  const found: ListedDossier[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await models.dossiers.list(filter, { order, limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.dossiers.length).toBeLessThanOrEqual(limit);
    found.push(...page.dossiers);
    cursor = page.next;
  }
  return found;
}
const names = (dossiers: readonly ListedDossier[]): Subject[] => dossiers.map(({ subject }) => subject);

/** The filter said once more, in the words of a person. */
const fits = (d: ListedDossier, f: DossierFilter): boolean =>
  (f.agency === undefined || [d.custodian, d.receivingAgency, d.inTransitTo].includes(f.agency)) &&
  (f.within === undefined || f.within.some((agency) => d.parties.includes(agency))) &&
  (f.custodian === undefined || d.custodian === f.custodian) &&
  (f.inTransitTo === undefined || d.inTransitTo === f.inTransitTo) &&
  (f.situations === undefined || f.situations.includes(d.situation)) &&
  (f.procedureCode === undefined || d.procedureCode === f.procedureCode) &&
  (f.dueBefore === undefined || (d.endedAt === undefined && d.dueAt !== undefined && d.dueAt < f.dueBefore)) &&
  (f.updatedSince === undefined || d.updatedAt >= f.updatedSince) &&
  (f.codePrefix === undefined || (d.dossierCode ?? '').startsWith(f.codePrefix)) &&
  (f.unanswered === undefined || d.unanswered > 0) &&
  (f.ended === undefined || (d.endedAt !== undefined) === f.ended) &&
  (f.parked === undefined ||
    (typeof f.parked === 'boolean' ? (d.parked !== undefined) === f.parked : d.parked === f.parked));

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });
const agency = fc.constantFrom(...COMMUNES, DISTRICT, 'H26' as AgencyCode);
const filters = fc
  .record({
    agency: optional(agency),
    within: optional(fc.array(agency, { maxLength: 2 })),
    custodian: optional(agency),
    inTransitTo: optional(fc.constant(DISTRICT)),
    situations: optional(fc.subarray(['Received', 'InTransit', 'Resolved', 'InProcess'])),
    procedureCode: optional(fc.constantFrom('1.001193', '1.000894')),
    dueBefore: optional(
      fc.integer({ min: 9, max: 17 }).map((hour) => `2023-06-15T${String(hour).padStart(2, '0')}:00:00.000Z`),
    ),
    updatedSince: optional(
      fc
        .integer({ min: 0, max: 90 })
        .map((minutes) => new Date(Date.parse('2023-06-14T02:00:00.000Z') + minutes * 60_000).toISOString()),
    ),
    codePrefix: optional(fc.constantFrom('H26.129.05-', 'H26.129.05-230614', 'H26.129.0%', 'H26_', '')),
    ended: optional(fc.boolean()),
    unanswered: optional(fc.constant(true)),
    parked: optional(fc.constantFrom(true, false, 'NOT_UNDERSTOOD', 'FORK')),
  })
  .map(
    (filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as DossierFilter,
  );

describe('lists', () => {
  it('hold what the filter says, newest first, on pages of any size', async () => {
    expect(all).toHaveLength(DOSSIERS);
    expect(names(all)).toEqual(subjects.toReversed());
    expect(all.filter(({ unanswered }) => unanswered > 0)).toHaveLength(4);
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 25 }), async (filter, limit) => {
        expect(names(await pagesOf(filter, 'newest', limit))).toEqual(
          names(all.filter((dossier) => fits(dossier, filter))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 7, 500])('run through deadlines and changes in order, %i at a time', async (limit) => {
    const running = all.filter(({ endedAt, dueAt }) => endedAt === undefined && dueAt !== undefined);
    const due = await pagesOf({}, 'due', limit);
    expect(new Set(names(due))).toEqual(new Set(names(running)));
    expect(due.map(({ dueAt }) => dueAt)).toEqual(running.map(({ dueAt }) => dueAt).toSorted());
    const updated = await pagesOf({}, 'updated', limit);
    expect(updated.map(({ updatedIndex }) => updatedIndex)).toEqual(
      all.map(({ updatedIndex }) => updatedIndex).toSorted((a, b) => a - b),
    );
  });

  it('of nobody’s jurisdiction are empty', async () => {
    expect((await models.dossiers.list({ within: [] })).dossiers).toEqual([]);
  });

  it('keep to their bounds', async () => {
    expect((await models.dossiers.list({}, { limit: 0 })).dossiers).toHaveLength(1);
    expect((await models.dossiers.list({}, { limit: 1_000_000 })).dossiers).toHaveLength(DOSSIERS);
  });

  it.each([
    'x',
    '',
    'W10',
    Buffer.from('["due","2023",1]').toString('base64url'),
    Buffer.from(`["newest","1); drop",1]`).toString('base64url'),
  ])('refuse the cursor %p', async (cursor) => {
    await expect(models.dossiers.list({}, { cursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});

describe('one dossier', () => {
  it('is found by its stream', async () => {
    const found = await models.dossiers.find(subjects[1] as Subject);
    expect(found).toMatchObject({
      situation: 'Resolved',
      status: 9,
      receivingAgency: 'H26.129.06',
      endedBy: 'H26.129.06',
      verdict: 'early',
      dueAt: '2023-06-15T11:00:00.000Z',
      registerNumber: expect.any(Number),
      updatedIndex: expect.any(Number),
    });
    for (const hidden of ['state', 'forwardedBy', 'firstIndex']) expect(found).not.toHaveProperty(hidden);
    expect(await models.dossiers.find('dossier/H26/none' as Subject)).toBeUndefined();
  });

  it('is found by any of its codes', async () => {
    for (const code of ['H26.129.05-230614-0001', 'G01-0'])
      expect(names(await models.dossiers.findByCode(code))).toEqual([subjects[0]]);
    expect(await models.dossiers.findByCode('H26.129.05-230614')).toEqual([]);
  });
});

describe('totals', () => {
  it('are sums over the dossiers', async () => {
    const totals = await models.dossiers.agencyTotals();
    const count = (test: (dossier: ListedDossier) => boolean): number => all.filter(test).length;
    expect(totals).toEqual(
      [DISTRICT, ...COMMUNES].map((of) => ({
        agency: of,
        received: count((d) => d.receivingAgency === of),
        takenOver: count((d) => d.custodians.slice(1).includes(of)),
        forwarded: of === DISTRICT ? 0 : count((d) => d.receivingAgency === of && d.parties.includes(DISTRICT)),
        settled: count((d) => d.endedBy === of),
        onTime: count((d) => d.endedBy === of && ['early', 'on-time'].includes(d.verdict)),
        waiting: count((d) => d.custodian === of && d.endedAt === undefined),
        coming: count((d) => d.inTransitTo === of),
      })),
    );
    expect(totals.reduce((sum, { settled }) => sum + settled, 0)).toBeGreaterThan(10);
    expect(await models.dossiers.agencyTotals([DISTRICT])).toEqual(totals.slice(0, 1));
    expect(await models.dossiers.agencyTotals([])).toEqual([]);
  });
});

describe('a code in two streams', () => {
  it('is an alarm on both, and mixes nothing', async () => {
    expect(await models.dossiers.codeAlarms()).toEqual([]);
    const code = 'H26.129.05-230614-0001';
    const twin = log.begin('received', {
      data: { dossierCode: code, otherCodes: [{ system: 'hand-register', code: 'G01-0' }] },
    });
    await models.fold.foldNext();
    const both = [subjects[0] as Subject, twin];
    expect(await models.dossiers.codeAlarms()).toEqual([{ system: '', code, subjects: both.toSorted() }]);
    expect((await models.dossiers.findByCode(code)).map(({ subject, codeAlarm }) => [subject, codeAlarm])).toEqual(
      both.map((subject) => [subject, true]),
    );
    expect(await models.dossiers.find(subjects[2] as Subject)).toMatchObject({ codeAlarm: false });
    expect(await models.dossiers.list({ updatedSince: '2999-01-01T00:00:00.000Z' as Instant })).toEqual({
      dossiers: [],
    });
  });
});

describe('a code with an agency code of the older form', () => {
  it('is the same code as the one after conversion: found, begun with and alarmed by either, shown as printed', async () => {
    const forms = ['000.17.22.H56-230614-9001', 'H56.22.17-230614-9001'] as const;
    const [old, current] = forms.map((dossierCode) => log.begin('received', { data: { dossierCode, otherCodes: [] } }));
    await models.fold.foldNext();
    for (const form of forms) {
      const found = await models.dossiers.findByCode(form);
      expect(found.map(({ subject, dossierCode, codeAlarm }) => [subject, dossierCode, codeAlarm])).toEqual([
        [old, forms[0], true],
        [current, forms[1], true],
      ]);
    }
    for (const codePrefix of ['000.17.22.H56-', 'H56.22.17-2306'])
      expect(names((await models.dossiers.list({ codePrefix })).dossiers)).toEqual([current, old]);
    expect(await models.dossiers.codeAlarms()).toContainEqual({
      system: '',
      code: forms[1],
      subjects: [old as Subject, current as Subject].toSorted(),
    });
  });
});
