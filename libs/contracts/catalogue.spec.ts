import { describe, expect, it } from '@jest/globals';
import {
  allContracts,
  committedRendering,
  compileValidators,
  isKnown,
  knownNames,
  latestMinor,
  openRendering,
  personalPointers,
} from './index.ts';
import type { Contract, Schema } from './schema.ts';

const contracts = allContracts();
const validators = compileValidators();
const called = ({ kind, name, major }: Contract): string => `${kind}.${name}.${major}`;

interface Found {
  readonly pointer: string;
  readonly schema: Schema;
}
/** Every schema below, as it stands: inside a personal whole too. */
function* schemasOf(schema: Schema, pointer: string): Generator<Found> {
  yield { pointer, schema };
  if (schema.type === 'array') {
    for (const item of [...(schema.prefixItems ?? []), ...(schema.items ? [schema.items] : [])])
      yield* schemasOf(item, `${pointer}[]`);
  }
  if (schema.type !== 'object') return;
  for (const [name, member] of Object.entries({ ...schema.properties, ...schema.patternProperties }))
    yield* schemasOf(member, `${pointer}/${name}`);
}
const everySchema = contracts.flatMap((contract) => [...schemasOf(contract.data, called(contract))]);
const words = (text: string): string[] => text.trim().split(/\s+/);

describe('catalogue', () => {
  it('has every event of design 3', () => {
    const expected = words(`
      submitted received intake-refused component-added component-digitised supplement-requested supplement-provided
      identity-check-requested identity-confirmed identity-not-confirmed identity-check-failed fee-requested fee-paid
      fee-waived processing-started step-assigned step-completed opinion-requested opinion-given opinion-overdue forwarded
      custody-accepted custody-declined custody-released rehomed due-date-extended due-date-recomputed resolved refused
      stopped withdrawn result-ready result-dispatched result-returned linked satisfaction-rated petition-filed
      petition-answered personal-data-erased corrected`);
    expect([...knownNames('dossier')].sort()).toEqual(expected.sort());
  });

  it('has every exchange, outcome and directory message of wire format 2.1, 2.2 and 7', () => {
    const exchange =
      words(`openings openings-wanted openings-refused manifest receipt resend-wanted proofs holdings-wanted
      holdings head head-wanted erased checkpoint-offered cosigned`);
    expect([...knownNames('exchange')].sort()).toEqual(exchange.sort());
    expect([...knownNames('outcome')].sort()).toEqual(['accepted', 'refused']);
    expect([...knownNames('directory')].sort()).toEqual(['agency', 'calendar', 'node', 'procedure']);
  });

  it('lets exactly the commands of wire format 2.1 travel', () => {
    const travelling = contracts.filter(({ travels }) => travels === true).map(({ name }) => name);
    const expected = words(`file-dossier provide-supplement record-payment withdraw rate-satisfaction file-petition
      give-opinion finish-task recall record-identity-check`);
    expect(travelling.sort()).toEqual(expected.sort());
    expect(contracts.filter(({ kind, travels }) => (kind === 'command') !== (travels !== undefined))).toEqual([]);
  });

  it('names each contract once', () => {
    expect(new Set(contracts.map(called)).size).toBe(contracts.length);
  });

  it('knows what it holds and nothing else', () => {
    expect(isKnown('dossier', 'received', 1)).toBe(true);
    expect(isKnown('dossier', 'received', 2)).toBe(false);
    expect(isKnown('dossier', 'result-notarised', 1)).toBe(false);
    expect(knownNames('portal').size).toBe(0);
    expect(latestMinor('dossier', 'received', 1)).toBe(contracts.find(({ name }) => name === 'received')?.minor);
    expect(personalPointers('dossier', 'result-notarised', 1)).toEqual([]);
  });
});

describe('every contract', () => {
  it.each(contracts.map((contract) => [called(contract), contract] as const))(
    '%s has titles in both languages',
    (_, contract) => {
      expect(contract.title.vi).not.toBe('');
      expect(contract.title.en).not.toBe('');
      expect(openRendering(contract)).toMatchObject({ title: contract.title.vi, 'x-title-en': contract.title.en });
      expect(committedRendering(contract)).toMatchObject({ title: contract.title.vi, 'x-title-en': contract.title.en });
    },
  );

  it.each(contracts.map((contract) => [called(contract), contract] as const))(
    '%s has an example that validates',
    (_, { kind, name, major, example }) => {
      expect(validators.validateOpen(kind, name, major, example)).toEqual([]);
    },
  );

  it('has titles in both languages for every member', () => {
    const untitled = everySchema.filter(
      ({ pointer }) => pointer.includes('/') && !pointer.endsWith('[]') && !pointer.includes('^'),
    );
    expect(
      untitled.filter(({ schema }) => !schema.title || !schema['x-title-en']).map(({ pointer }) => pointer),
    ).toEqual([]);
  });

  it('says of every string whether it is personal, and why not', () => {
    const undecided = everySchema.filter(({ schema }) => {
      if (schema.type !== 'string') return false;
      if (schema['x-personal'] === false) return !schema['x-personal-reason'];
      return schema['x-personal'] === undefined;
    });
    expect(undecided.map(({ pointer }) => pointer)).toEqual([]);
  });

  it('gives a subject and a class to what is personal', () => {
    const personal = everySchema.flatMap(({ schema }) => (schema['x-personal'] ? [schema['x-personal']] : []));
    expect(personal.length).toBeGreaterThan(300);
    for (const { subject, class: kind } of personal) {
      expect(['applicant', 'submitter', 'officer', '<label>']).toContain(subject);
      expect(['basic', 'sensitive']).toContain(kind);
    }
  });

  it('bounds every string and every list', () => {
    const unbounded = everySchema.filter(({ schema }) => {
      if (schema.type === 'array') return schema.maxItems === undefined;
      return (
        schema.type === 'string' &&
        schema.pattern === undefined &&
        schema.enum === undefined &&
        schema.const === undefined
      );
    });
    expect(unbounded.map(({ pointer }) => pointer)).toEqual([]);
  });
});

describe('examples', () => {
  const examples = JSON.stringify(contracts.map(({ example }) => example));

  it('name no real person: every twelve-digit number begins with 999', () => {
    const numbers = examples.match(/"\d{12}"/g) ?? [];
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number) => !number.startsWith('"999'))).toEqual([]);
  });

  it('are in NFC', () => {
    expect(examples.normalize('NFC')).toBe(examples);
  });
});

/** Domain reference 4.8: what cannot be guessed afterwards is required from the first day. */
describe('fields that cannot be added later', () => {
  const required = (name: string): readonly string[] =>
    contracts.find((contract) => contract.kind === 'dossier' && contract.name === name)?.data.required ?? [];
  const stated = words(
    'procedure channel applicantKind submittedBy returnMethod notifier place directoryVersion clock',
  );

  it.each([
    ['submitted', [...stated, 'receivingAgency']],
    ['received', [...stated, 'receivingAgency', 'dossierCode', 'otherCodes', 'registerNumber', 'actor']],
    ['supplement-requested', ['stage', 'clock', 'actor']],
    ['supplement-provided', ['stage', 'clock']],
    ['due-date-extended', ['previousDueAt', 'dueAt', 'clock', 'legalBasis', 'apology', 'directoryVersion', 'actor']],
    ['due-date-recomputed', ['previousDueAt', 'dueAt', 'clock']],
    ['fee-requested', ['fees', 'clockEffect']],
    ['fee-paid', ['fees', 'amount', 'method', 'place']],
    ['forwarded', ['to', 'leadAgency', 'step', 'legDueAt', 'actor']],
    ['opinion-requested', ['leadAgency', 'duty', 'dueAt', 'kind', 'fields', 'agency', 'actor']],
    ['step-assigned', ['leadAgency', 'step', 'dueAt', 'actor']],
    ['resolved', ['polarity', 'results', 'actor']],
    ['result-ready', ['polarity', 'results', 'actor']],
    ['component-added', ['components']],
    ['refused', ['legalBasis', 'directoryVersion', 'actor']],
    ['stopped', ['legalBasis', 'directoryVersion', 'actor']],
    ['rehomed', ['from', 'to', 'legalBasis', 'directoryVersion']],
  ])('%s requires them', (name, fields) => {
    expect(required(name)).toEqual(expect.arrayContaining(fields));
  });

  it('an online submission says when it must be answered', () => {
    const { kind, name, major, example } = contracts.find((contract) => contract.name === 'submitted') as Contract;
    const { intakeAnswerDueAt: _dueAt, ...without } = example;
    expect(validators.validateOpen(kind, name, major, { ...without, channel: 'online' })).not.toEqual([]);
    expect(validators.validateOpen(kind, name, major, { ...without, channel: 'public-post' })).toEqual([]);
  });
});
