import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { commitPersonal } from '#libs/exchange';
import type { JsonObject } from '#libs/kernel';
import { contract, label, mapOf, object, optional, personalLine, requiredWhen, code, title, LABEL } from './build.ts';
import { allContracts, committedRendering, findSchema, openRendering, personalPointers } from './index.ts';
import { commitmentsOf } from './personal.ts';
import type { Contract } from './schema.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const salt = (): Uint8Array => new Uint8Array(32);
const commit = ({ example, data }: Contract): JsonObject =>
  commitPersonal(example, commitmentsOf(data), salt, sha256).data;

const name = (subject: 'applicant' | 'submitter' | '<label>') => personalLine('Tên', 'Name', { subject, max: 50 });
const sample = contract('dossier', 'sample', {
  title: title('Mẫu', 'Sample'),
  data: object(
    {
      by: code('Bởi', 'By', ['self', 'proxy']),
      applicant: object({ fullName: name('applicant'), alias: optional(name('applicant')) }),
      proxy: optional(object({ fullName: name('submitter'), phone: optional(name('submitter')) })),
      officer: optional(object({ unit: label('Phòng', 'Unit'), name: name('submitter') })),
      children: optional(mapOf('Trẻ em', 'Children', { names: LABEL, value: object({ fullName: name('<label>') }) })),
      heirs: optional(
        mapOf('Người thừa kế', 'Heirs', {
          names: LABEL,
          value: object({ role: label('Vai', 'Role'), fullName: name('<label>') }),
        }),
      ),
    },
    { allOf: [requiredWhen('by', 'proxy', ['proxy'])] },
  ),
  example: { by: 'self', applicant: { fullName: 'A' } },
});
const strict = new Ajv2020({ strict: false }).compile(committedRendering(sample));
const digest = 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE'.slice(0, 42) + 'A';
const committed = (clear: JsonObject, ...pointers: readonly string[]): JsonObject => ({
  ...clear,
  _sd: Object.fromEntries(pointers.map((pointer) => [pointer, digest])),
  _sd_alg: 'sha-256',
});
const self = { by: 'self' };

describe('committed rendering', () => {
  it('takes what was committed', () => {
    expect(strict(committed(self, '/applicant/fullName'))).toBe(true);
    expect(strict(committed(self, '/applicant/fullName', '/applicant/alias', '/children/c1/fullName'))).toBe(true);
    expect(
      strict(committed({ ...self, heirs: { h1: { role: 'son' } } }, '/applicant/fullName', '/heirs/h1/fullName')),
    ).toBe(true);
  });

  it.each([
    ['a required member of _sd is missing', committed(self, '/applicant/alias')],
    ['_sd is missing', self],
    ['_sd_alg is missing', { ...self, _sd: { '/applicant/fullName': digest } }],
    ['the algorithm is another', { ...committed(self, '/applicant/fullName'), _sd_alg: 'sha-512' }],
    ['a digest is none', { ...committed(self), _sd: { '/applicant/fullName': 'Nguyễn' } }],
    ['a pointer is unknown', committed(self, '/applicant/fullName', '/applicant/age')],
    ['a label is malformed', committed(self, '/applicant/fullName', '/children/c 1/fullName')],
    ['a personal member stands in clear', { ...committed(self, '/applicant/fullName'), applicant: { fullName: 'A' } }],
    ['a vanished container stands there', { ...committed(self, '/applicant/fullName'), applicant: {} }],
    ['a proxy is said and not committed', committed({ by: 'proxy' }, '/applicant/fullName')],
    ['a container is committed without its required member', committed(self, '/applicant/fullName', '/proxy/phone')],
    [
      'a container shows its clear part alone',
      committed({ ...self, officer: { unit: 'desk' } }, '/applicant/fullName'),
    ],
  ])('refuses when %s', (_, data) => {
    expect(strict(data)).toBe(false);
  });

  it('takes a condition on a container that has vanished', () => {
    expect(strict(committed({ by: 'proxy' }, '/applicant/fullName', '/proxy/fullName'))).toBe(true);
  });

  it.each(allContracts().map((one) => [`${one.kind}.${one.name}`, one] as const))(
    'of %s fits what the exchange room commits',
    (_, one) => {
      const validate = new Ajv2020({ strict: false }).compile(committedRendering(one));
      expect([validate(commit(one)), validate.errors]).toEqual([true, null]);
    },
  );

  it.each(allContracts().map((one) => [`${one.kind}.${one.name}`, one] as const))(
    'of %s hides every personal value',
    (_, one) => {
      const pointers = personalPointers(one.kind, one.name, one.major);
      const { data, disclosures } = commitPersonal(one.example, pointers, salt, sha256);
      const clear = JSON.stringify(data);
      for (const { disclosure } of disclosures) {
        const [, , value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString('utf8')) as [
          string,
          string,
          unknown,
        ];
        expect(clear).not.toContain(JSON.stringify(value));
      }
    },
  );

  it('leaves a contract without personal members as it is', () => {
    const { open, committed: other } = findSchema('outcome', 'accepted', 1) ?? {};
    expect({ ...other, $id: '' }).toEqual({ ...open, $id: '', examples: undefined });
  });
});

describe('renderings', () => {
  it.each(allContracts().map((one) => [`${one.kind}.${one.name}`, one] as const))(
    'of %s are closed at every level',
    (_, one) => {
      for (const rendering of [openRendering(one), committedRendering(one)]) {
        const objects = JSON.stringify(rendering).match(/"type":"object"/g)?.length ?? 0;
        const closed = JSON.stringify(rendering).match(/"additionalProperties":false/g)?.length ?? 0;
        expect(closed).toBe(objects);
      }
    },
  );

  it('bear the address of the dataschema member', () => {
    expect(findSchema('dossier', 'received', 1)?.open['$id']).toMatch(
      /^urn:lienthong:schema:dossier\.received:1\.\d+:open$/,
    );
    expect(findSchema('dossier', 'received', 9)).toBeUndefined();
  });
});

describe('personal members', () => {
  it('are listed with pointer, subject, class and whether they are required', () => {
    expect(commitmentsOf(sample.data).map(({ pointer, subject, required }) => [pointer, subject, required])).toEqual([
      ['/applicant/fullName', 'applicant', true],
      ['/applicant/alias', 'applicant', false],
      ['/proxy/fullName', 'submitter', false],
      ['/proxy/phone', 'submitter', false],
      ['/officer/name', 'submitter', false],
      ['/children/*/fullName', '*', false],
      ['/heirs/*/fullName', '*', false],
    ]);
  });

  it('cannot stand inside an array', () => {
    const item = object({ fullName: name('applicant') });
    const data = object({ people: { type: 'array', items: item, maxItems: 3 } });
    expect(() => commitmentsOf(data)).toThrow('inside the array /people');
  });

  it('cannot stand deeper than the committed rendering can say', () => {
    const data = object({ outer: object({ inner: object({ fullName: name('applicant') }) }) });
    expect(() => commitmentsOf(data)).toThrow('too deep under /outer/inner');
  });

  it('of a received dossier hold those of the wire vectors', () => {
    const pointers = personalPointers('dossier', 'received', 1).map(({ pointer }) => pointer);
    const wired = [
      '/actor/name',
      '/actor/officerCode',
      '/applicant/address',
      '/applicant/fullName',
      '/applicant/personalId',
    ];
    expect(pointers).toEqual(expect.arrayContaining(wired));
  });
});
