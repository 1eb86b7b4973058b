import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '#libs/calendar';
import { parseAgencyCode, parseProcedureCode, type Instant } from '#libs/kernel';
import { findVersion, parseProcedures, procedureRules, ruleAt } from './index.ts';

interface Json {
  [member: string]: unknown;
}
const read = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../../reference/${name}`, import.meta.url), 'utf8')) as Json;
const calendar = parseCalendar(read('working-calendar.json'));
const vn = (text: string): Instant => new Date(`${text.replace(' ', 'T')}:00+07:00`).toISOString() as Instant;
const wall = (at: Instant | undefined): string =>
  at === undefined ? '–' : new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const PROCEDURE = '1.001731';

/** Deadlines of a funeral allowance at a commune of Gia Lâm, by these files. */
function bound(at: string, { procedures = read('procedures.json'), rules = read('rules.json') } = {}) {
  const asked = procedureRules({
    procedures: parseProcedures(procedures, rules),
    calendar,
    agency: parseAgencyCode('H26.129.05'),
    at: vn(at),
    findAgency: () => ({ level: 'commune', superiors: [parseAgencyCode('H26.129'), parseAgencyCode('H26')] }),
  });
  const code = parseProcedureCode(PROCEDURE);
  const found = asked.findInForce({ code, case: 'standard', channel: 'direct', at: vn(at) });
  if (typeof found === 'string') throw new Error(found);
  return found;
}
const changedRule = (name: string, change: Json): Json => {
  const rules = read('rules.json');
  return { ...rules, [name]: (rules[name] as Json[]).map((rule) => ({ ...rule, ...change })) };
};
const problemsOf = (rules: unknown): string => {
  try {
    parseProcedures(read('procedures.json'), rules);
  } catch (error) {
    return (error as { details: { problems: string[] } }).details.problems.join('\n');
  }
  return '';
};

describe('a supplement is asked for within 3 working days of receipt', () => {
  it.each([
    ['on an ordinary Wednesday, to the end of work of Monday', '2023-06-14 08:31', '2023-06-19 17:30'],
    ['in the last minute of the day', '2023-06-14 17:30', '2023-06-19 17:30'],
    ['after the end of the day: counted from the next', '2023-06-14 17:31', '2023-06-20 17:30'],
    ['on a Saturday morning: counted from Monday', '2023-06-17 09:00', '2023-06-22 17:30'],
    // 29 April to 3 May 2023: two holidays, two days of compensation, a weekend.
    ['before the holidays of April and May', '2023-04-27 10:00', '2023-05-05 17:30'],
  ])('%s', (_what, receivedAt, dueAt) => {
    const due = bound(receivedAt).deadlines.supplementRequestDue(vn(receivedAt));
    expect([wall(due?.dueAt), due?.citation]).toEqual([dueAt, 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4']);
  });

  it('by the text in force on the day of receipt, and by none where none was', () => {
    const cited = (receivedAt: string) => bound(receivedAt).deadlines.supplementRequestDue(vn(receivedAt))?.citation;
    expect(cited('2025-06-30 16:00')).toBe('Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4');
    expect(cited('2025-07-01 00:00')).toBe('Nghị định 118/2025/NĐ-CP');
    const rules = changedRule('supplementRequest', { validFrom: '2026-01-01', validTo: null });
    const from2026 = { ...rules, supplementRequest: (rules['supplementRequest'] as Json[]).slice(0, 1) };
    expect(
      bound('2023-06-14 08:31', { rules: from2026 }).deadlines.supplementRequestDue(vn('2023-06-14 08:31')),
    ).toBeUndefined();
  });

  it('or as the sector law of the procedure version has it', () => {
    const procedures = read('procedures.json') as { procedures: (Json & { code: string; versions: Json[] })[] };
    const own = { within: { value: 8, unit: 'workingHour' }, citation: 'Luật ngành' };
    for (const { code, versions } of procedures.procedures)
      if (code === PROCEDURE) for (const version of versions) version['supplementRequest'] = own;
    const due = bound('2023-06-14 08:31', { procedures: procedures as unknown as Json }).deadlines;
    const { dueAt, citation } = due.supplementRequestDue(vn('2023-06-14 08:31')) ?? {};
    expect([wall(dueAt), citation]).toEqual(['2023-06-15 08:31', 'Luật ngành']);
  });
});

describe('other rules that hold for every procedure', () => {
  it('name the papers that must be there, by the version in force', () => {
    const version = findVersion(
      parseProcedures(read('procedures.json'), read('rules.json')),
      parseProcedureCode(PROCEDURE),
      vn('2023-06-14 08:00'),
    );
    expect(bound('2023-06-14 08:00').required).toEqual(version?.components.filter(({ required }) => required));
    const rules = changedRule('completeAtReceipt', { validFrom: '2030-01-01', validTo: '2030-01-02' });
    const later = { ...rules, completeAtReceipt: (rules['completeAtReceipt'] as Json[]).slice(0, 1) };
    expect(bound('2023-06-14 08:00', { rules: later }).required).toEqual([]);
  });

  it('give a petition a deadline for each way to deal with it', () => {
    const { deadlines } = bound('2023-06-14 08:31');
    const { citation, ...dates } = deadlines.petitionDue(vn('2023-06-14 08:31')) ?? {};
    expect(Object.entries(dates).map(([name, at]) => [name, wall(at)])).toEqual([
      ['refuseBy', '2023-06-16 08:31'],
      ['askMoreBy', '2023-06-21 08:31'],
      ['answerDueAt', '2023-07-05 08:31'],
    ]);
    expect(citation).toBe('Quyết định 766/QĐ-TTg, chỉ số 5.2');
    expect(wall(deadlines.petitionPublishDue(vn('2023-06-16 09:00'))?.dueAt)).toBe('2023-06-20 09:00');
  });

  it('are in force from their first day to the day before their last', () => {
    const { rules } = parseProcedures(read('procedures.json'), read('rules.json'));
    expect(ruleAt(rules.erasureAnswer, vn('2023-06-30 23:59'))).toBeUndefined();
    expect(ruleAt(rules.erasureAnswer, vn('2023-07-01 00:00'))?.hours).toBe(72);
    expect(ruleAt(rules.announceEarlyReturn, vn('2025-07-01 00:00'))?.citation).toBe('Nghị định 118/2025/NĐ-CP');
  });

  it('are read strictly', () => {
    expect(problemsOf(read('rules.json'))).toBe('');
    expect(problemsOf(changedRule('petition', { citation: '' }))).toContain('petition[0].citation: must be a text');
    expect(problemsOf(changedRule('erasureAnswer', { validTo: null }))).toContain(
      'erasureAnswer[1]: begins before the one before it ends',
    );
    expect(problemsOf(changedRule('completeAtReceipt', { validTo: '2000-01-01' }))).toContain('ends before it begins');
    expect(problemsOf(changedRule('petition', { solveIn: 15 }))).toContain('solveIn is not known');
    expect(problemsOf({ ...read('rules.json'), refunds: [] })).toContain('refunds is not known');
  });
});
