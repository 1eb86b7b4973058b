import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commitPersonal } from '#libs/exchange';
import { isJsonObject, splitType, type JsonObject, type JsonValue } from '#libs/kernel';
import { allContracts, compileValidators, personalPointers } from './index.ts';
import type { Contract } from './schema.ts';

const { validateOpen, validateCommitted } = compileValidators();
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const commit = ({ kind, name, major, example }: Contract): JsonObject =>
  commitPersonal(example, personalPointers(kind, name, major), () => new Uint8Array(32), sha256).data;
const all = allContracts().map((contract) => [`${contract.kind}.${contract.name}`, contract] as const);
const contractOf = (name: string): Contract => allContracts().find((one) => one.name === name) as Contract;

/** The data once for each object in it, each time with one member more there. Entries of maps and `_sd` are data themselves. */
function* withOneMore(value: JsonValue, path: string, skip: ReadonlySet<string>): Generator<JsonValue> {
  if (Array.isArray(value)) {
    for (const [at, item] of (value as readonly JsonValue[]).entries()) {
      for (const changed of withOneMore(item, `${path}[]`, skip))
        yield (value as readonly JsonValue[]).with(at, changed);
    }
  } else if (isJsonObject(value)) {
    if (!skip.has(path)) yield { ...value, fromALaterMinor: { word: 'mới' } };
    for (const [name, member] of Object.entries(value)) {
      for (const changed of withOneMore(member as JsonValue, `${path}/${name}`, skip))
        yield { ...value, [name]: changed };
    }
  }
}
const MAPS = new Set(['/components', '/exemptComponents', '/items', '/results', '/children', '/relatedPersons']);

describe('writing', () => {
  it.each(all)('%s is closed: an unknown member at any level is refused', (_, contract) => {
    const { kind, name, major, example } = contract;
    const personalWholes = new Set(personalPointers(kind, name, major).map(({ pointer }) => pointer));
    for (const changed of withOneMore(example, '', personalWholes)) {
      expect(validateOpen(kind, name, major, changed as JsonObject)).not.toEqual([]);
    }
  });

  it('says where the fault is', () => {
    const { example } = contractOf('forwarded');
    const { actor: _actor, ...without } = example;
    expect(validateOpen('dossier', 'forwarded', 1, without)).toEqual([{ pointer: '/actor', message: 'is missing' }]);
    expect(validateOpen('dossier', 'forwarded', 1, { ...example, reason: 'why-not' })).toEqual([
      { pointer: '/reason', message: 'must be one of route, wrong-competence, return' },
    ]);
    expect(validateOpen('dossier', 'forwarded', 1, { ...example, nextAgency: 'H26' })).toEqual([
      { pointer: '', message: 'has the unknown member "nextAgency"' },
    ]);
  });

  it('never repeats a value', () => {
    const { example } = contractOf('received');
    const applicant = { fullName: '\u0007Nguyễn Bí Mật', personalId: '12345', birthDate: 'Bí Mật', 'Nguyễn Bí Mật': 1 };
    const faults = validateOpen('dossier', 'received', 1, { ...example, applicant, channel: 'Bí Mật' });
    expect(faults.length).toBeGreaterThan(4);
    expect(JSON.stringify(faults)).not.toMatch(/Bí Mật|12345/);
  });

  it.each([
    ['a date that does not exist', { dueAt: '2023-02-30T00:00:00.000Z' }],
    ['a time without milliseconds', { dueAt: '2023-02-20T00:00:00Z' }],
    ['a personal number of eleven digits', { applicant: { fullName: 'A', personalId: '99918500001' } }],
    ['a personal number of a century to come', { applicant: { fullName: 'A', personalId: '999485000001' } }],
    ['a day of birth that does not exist', { applicant: { fullName: 'A', birthDate: '1985-02-30' } }],
    ['a territory finer or coarser than a commune', { place: { territory: '01', area: 'tdp-03' } }],
    ['an agency code of the older form', { receivingAgency: '000.00.19.H26' }],
    ['a fraction of a number', { registerNumber: 1.5 }],
    ['a limit without a due date', { dueAt: undefined }],
    ['a name with a control character', { applicant: { fullName: 'A\u0000' } }],
  ])('refuses %s', (_, change) => {
    const data = { ...contractOf('received').example, ...change } as JsonObject;
    const present = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    expect(validateOpen('dossier', 'received', 1, present)).not.toEqual([]);
  });

  it('takes a procedure without a fixed limit', () => {
    const { dueAt: _dueAt, limit: _limit, ...without } = contractOf('received').example;
    expect(validateOpen('dossier', 'received', 1, without)).toEqual([]);
  });

  it('takes lines and tabs in free text and a year alone as a date of birth', () => {
    const { example } = contractOf('received');
    const changed = { ...example, summary: 'Một\n\thai', applicant: { fullName: 'A', birthDate: '1950' } };
    expect(validateOpen('dossier', 'received', 1, changed)).toEqual([]);
  });

  it('wants the event corrected, or the superseded events refused', () => {
    const { actor } = contractOf('corrected').example;
    const clear = { reason: 'overtaken', actor } as JsonObject;
    expect(validateOpen('dossier', 'corrected', 1, { ...clear, verdict: 'refused' })).toEqual([
      { pointer: '/supersededEvents', message: 'is missing' },
    ]);
    const refused = { ...clear, verdict: 'refused', supersededEvents: ['LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII'] };
    expect(validateOpen('dossier', 'corrected', 1, refused)).toEqual([]);
  });

  it('knows what it does not know', () => {
    expect(validateOpen('dossier', 'result-notarised', 1, {})).toEqual([
      { pointer: '', message: 'there is no such contract' },
    ]);
    expect(validateCommitted('dossier', 'received', 2, {})).toEqual([
      { pointer: '', message: 'there is no such contract' },
    ]);
  });
});

describe('reading', () => {
  it.each(all)('%s lets members of a later minor version pass at any level', (_, contract) => {
    for (const changed of withOneMore(commit(contract), '', new Set(['/_sd', ...MAPS]))) {
      expect(validateCommitted(contract.kind, contract.name, contract.major, changed as JsonObject)).toEqual([]);
    }
  });

  it.each(all)('%s wants every committed member that is required', (_, contract) => {
    const { kind, name, major } = contract;
    const data = commit(contract);
    for (const { pointer } of personalPointers(kind, name, major).filter(({ required }) => required)) {
      const { [pointer]: _gone, ...rest } = data['_sd'] as JsonObject;
      expect(validateCommitted(kind, name, major, { ...data, _sd: rest })).not.toEqual([]);
    }
  });

  it.each(all.filter(([, contract]) => '_sd' in commit(contract)))(
    '%s refuses personal values in clear',
    (_, { kind, name, major, example }) => {
      expect(validateCommitted(kind, name, major, example)).not.toEqual([]);
    },
  );

  it.each(['submitted', 'received', 'supplement-requested', 'resolved'])(
    '%s wants the committed members of each entry',
    (name) => {
      const contract = contractOf(name);
      const data = commit(contract);
      const inEntry = Object.keys(data['_sd'] as JsonObject).filter((pointer) =>
        /^\/(relatedPersons|items|results)\/[^/]+\/(fullName|guidance|signer)$/.test(pointer),
      );
      expect(inEntry).toHaveLength(1);
      const { [inEntry[0] as string]: _gone, ...rest } = data['_sd'] as JsonObject;
      expect(validateCommitted('dossier', name, 1, { ...data, _sd: rest })).toEqual([
        { pointer: expect.stringMatching(/^\/_sd\//), message: 'is missing' },
      ]);
    },
  );

  it('lets commitments of a later minor version pass, but none that is no digest', () => {
    const data = commit(contractOf('received'));
    const sd = data['_sd'] as JsonObject;
    const digest = sd['/applicant/fullName'] as string;
    expect(
      validateCommitted('dossier', 'received', 1, { ...data, _sd: { ...sd, '/applicant/faith': digest } }),
    ).toEqual([]);
    expect(
      validateCommitted('dossier', 'received', 1, { ...data, _sd: { ...sd, '/applicant/faith': 'none' } }),
    ).not.toEqual([]);
  });

  it('lets codes of a later minor version pass in lists that may grow, and in no other', () => {
    const released = commit(contractOf('custody-released'));
    expect(validateCommitted('dossier', 'custody-released', 1, { ...released, reason: 'agency-moves' })).toEqual([]);
    expect(validateCommitted('dossier', 'custody-released', 1, { ...released, reason: 'agency moves' })).not.toEqual(
      [],
    );
    const forwarded = commit(contractOf('forwarded'));
    expect(validateCommitted('dossier', 'forwarded', 1, { ...forwarded, reason: 'detour' })).not.toEqual([]);
  });
});

/** What the wire vectors hold of messages whose data are fixed by the wire format itself. */
describe('wire vectors', () => {
  const text = readFileSync(join(import.meta.dirname, '../../test/fixtures/wire-vectors.json'), 'utf8');
  function* messagesIn(value: unknown): Generator<{ type: string; data: JsonObject }> {
    if (typeof value === 'string' && value.startsWith('{')) {
      try {
        yield* messagesIn(JSON.parse(value));
      } catch {
        return;
      }
    } else if (Array.isArray(value)) {
      for (const item of value) yield* messagesIn(item);
    } else if (isJsonObject(value)) {
      if (typeof value['type'] === 'string' && isJsonObject(value['data']))
        yield { type: value['type'], data: value['data'] };
      for (const member of Object.values(value)) yield* messagesIn(member);
    }
  }
  const messages = [...messagesIn(JSON.parse(text))].filter(({ type }) =>
    /\.(outcome|exchange|directory)\./.test(type),
  );

  it('of outcomes, exchange and directory fit the contracts', () => {
    expect(messages.length).toBeGreaterThan(9);
    for (const { type, data } of messages) {
      const { kind, name, major } = splitType(type) ?? { kind: '', name: '', major: 0 };
      expect([type, validateCommitted(kind, name, major, data)]).toEqual([type, []]);
      expect([type, validateOpen(kind, name, major, data)]).toEqual([type, []]);
    }
  });
});
