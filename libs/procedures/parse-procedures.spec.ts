import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#libs/kernel';
import { legsOf, parseProcedures } from './index.ts';

interface Json {
  [member: string]: unknown;
}
interface Item extends Json {
  code: string;
  versions: (Json & { route: Json[]; components: Json[] })[];
}
const text = readFileSync(new URL('../../reference/procedures.json', import.meta.url), 'utf8');
const rulesText = readFileSync(new URL('../../reference/rules.json', import.meta.url), 'utf8');
const rules = (): Json => JSON.parse(rulesText) as Json;
const file = (): Json & { procedures: Item[] } => JSON.parse(text);

/** The file with one procedure changed. */
function changed(code: string, change: (procedure: Item) => void): unknown {
  const json = file();
  const procedure = json.procedures.find((item) => item.code === code);
  if (!procedure) throw new Error(`no procedure ${code}`);
  change(procedure);
  return json;
}

function problemsOf(json: unknown): string {
  try {
    parseProcedures(json, rules());
  } catch (error) {
    if (error instanceof DomainError && error.code === 'REFERENCE_DATA_INVALID')
      return (error.details['problems'] as readonly string[]).join('\n');
    throw error;
  }
  return '';
}

describe('the procedures of reference/', () => {
  it('are read whole', () => {
    const { byCode, version } = parseProcedures(file(), rules());
    expect(version).toBe('1');
    expect(byCode.size).toBe(37);
    expect([...byCode.values()].flatMap(({ versions }) => versions)).toHaveLength(51);
  });

  it('each have legs that begin and end where the dossier is received', () => {
    for (const { versions } of parseProcedures(file(), rules()).byCode.values())
      for (const version of versions) {
        const legs = legsOf(version);
        expect(legs[0]?.level).toBe(version.receivesAt);
        expect(legs.at(-1)?.level).toBe(version.receivesAt);
        expect(legs.flatMap(({ steps, alongside }) => [...steps, ...alongside])).toHaveLength(version.route.length);
      }
  });
});

describe('a faulty catalogue', () => {
  it('that holds a procedure twice is refused', () => {
    const json = file();
    json.procedures.push(json.procedures[0]!);
    expect(problemsOf(json)).toMatch(/stands twice/);
  });

  const forwarded = '1.001731';
  it.each<[string, (procedure: Item) => void, RegExp]>([
    ['a misspelt member', (p) => (p.versions[0]!['validto'] = '2020-01-01'), /validto is not known/],
    ['a version without papers', (p) => (p.versions[0]!.components = []), /is empty/],
    ['an unknown task', (p) => (p.versions[0]!.route[1]!['task'] = 'dance'), /task dance is not known/],
    ['a code outside the grammar', (p) => (p.code = '1731'), /a procedure code/],
    ['versions that overlap', (p) => (p.versions[1]!['validFrom'] = '2025-06-30'), /begins before version 1 ends/],
    ['a version without an end before another', (p) => (p.versions[0]!['validTo'] = null), /begins before version 1/],
    ['an interval backwards', (p) => (p.versions[0]!['validTo'] = '2020-01-01'), /ends before it begins/],
    ['versions misnumbered', (p) => (p.versions[1]!['version'] = 3), /version 3 stands where 2 belongs/],
    ['no versions', (p) => (p.versions = []), /is empty/],
    ['a limit of nothing', (p) => (p.versions[0]!['limit'] = { value: 0, unit: 'workingDay' }), /0 is instant/],
    ['an unknown unit', (p) => (p.versions[0]!['limit'] = { value: 5, unit: 'week' }), /one of workingDay/],
    ['a fraction', (p) => (p.versions[0]!['limit'] = { value: 1.5, unit: 'workingDay' }), /an integer/],
    ['an unknown clock rule', (p) => (p.versions[0]!['clockRule'] = 'shift'), /one of restart/],
    ['a negative fee', (p) => (p.versions[0]!['fee'] = -1), /an integer of at least 0/],
    ['a component twice', (p) => p.versions[0]!.components.push(p.versions[0]!.components[0]!), /holds a code twice/],
    ['a link to nowhere', (p) => (p.versions[0]!['interlinkedWith'] = ['9.999999']), /9\.999999, which is not here/],
    ['a route that ends elsewhere', (p) => p.versions[0]!.route.pop(), /must end at commune/],
    ['a route that begins in the middle', (p) => p.versions[0]!.route.shift(), /must begin with receive/],
    ['a route misnumbered', (p) => (p.versions[0]!.route[1]!['step'] = 7), /not numbered/],
    ['a role nobody knows', (p) => (p.versions[0]!.route[1]!['role'] = 'wizard'), /role wizard/],
    ['a level it never reaches', (p) => (p.versions[0]!['resolvesAt'] = 'city'), /never reaches city/],
    [
      'steps longer than the limit',
      (p) => (p.versions[0]!['limit'] = { value: 4, unit: 'workingDay' }),
      /take 40 hours/,
    ],
    [
      'two kinds of day',
      (p) => (p.versions[0]!['limit'] = { value: 9, unit: 'calendarDay' }),
      /different kinds of day/,
    ],
    [
      'a case twice',
      (p) => (p.versions[0]!['cases'] = [{ ...p.versions[0], code: 'standard' }]),
      /standard stands twice/,
    ],
  ])('with %s is refused', (_what, change, problem) => {
    expect(problemsOf(changed(forwarded, change))).toMatch(problem);
  });

  it('shows all its problems at once', () => {
    const problems = problemsOf({ ...file(), format: 'other', procedures: [{ code: 'x' }, 5] });
    for (const part of [/\$\.format/, /procedures\[0\]\.code/, /versions is missing/, /procedures\[1\]/])
      expect(problems).toMatch(part);
  });
});
