import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { allContracts, type Contract, type ObjectSchema } from '#libs/contracts';
import { allProblems, contractProblems, readPublished, type Published } from './contracts-check.ts';
import { derivedFiles, keptFiles, type Files } from './contracts-files.ts';

const contracts = allContracts();
const repository = join(import.meta.dirname, '..');
const one = (name: string): Contract => contracts.find((contract) => contract.name === name) as Contract;
const forwarded = one('forwarded');
const withMember = (contract: Contract, required: boolean): Contract => {
  const extra = { type: 'boolean', title: 'Thêm', 'x-title-en': 'Extra' } as const;
  const data: ObjectSchema = {
    ...contract.data,
    properties: { ...contract.data.properties, extra },
    required: [...contract.data.required, ...(required ? ['extra'] : [])],
  };
  return { ...contract, data, example: { ...contract.example, extra: true } };
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'contracts-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
function put(files: Files): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
function publish(all: readonly Contract[]): readonly Published[] {
  put(keptFiles(all));
  return readPublished(root);
}

describe('the repository', () => {
  it('has its generated files up to date and breaks nothing that was published', () => {
    expect(allProblems(repository, contracts)).toEqual([]);
  });
});

describe('a contract', () => {
  it('may be published for the first time', () => {
    expect(contractProblems([forwarded], [])).toEqual([]);
    expect(contractProblems([{ ...forwarded, minor: 1 }], [])).toEqual([
      expect.stringMatching(/first version of a major one is 0/),
    ]);
    expect(contractProblems([{ ...forwarded, major: 2 }], [])).toEqual([
      expect.stringMatching(/next major version is 1/),
    ]);
  });

  it('may add an optional member in a new minor version', () => {
    expect(contractProblems([{ ...withMember(forwarded, false), minor: 1 }], publish([forwarded]))).toEqual([]);
  });

  it('may not change at all without one', () => {
    const changed = { ...forwarded, title: { vi: 'Đã chuyển', en: 'Forwarded' } };
    expect(contractProblems([changed], publish([forwarded]))).toEqual(
      [
        'dossier.forwarded 1.0: open rendering changed without a new minor version',
        'dossier.forwarded 1.0: committed rendering changed without a new minor version',
      ].sort(),
    );
  });

  it('may not break its readers in a minor version', () => {
    const problems = contractProblems([{ ...withMember(forwarded, true), minor: 1 }], publish([forwarded]));
    expect(problems).toEqual(
      expect.arrayContaining([expect.stringMatching(/open rendering breaks 1\.0 at \/: extra is newly required/)]),
    );
  });

  it('may break them in a new major version, beside the old one', () => {
    const next = { ...withMember(forwarded, true), major: 2 };
    expect(contractProblems([forwarded, next], publish([forwarded]))).toEqual([]);
    expect(contractProblems([next], publish([forwarded]))).toEqual(['dossier.forwarded 1: was published and is gone']);
    expect(contractProblems([forwarded, { ...next, major: 3 }], publish([forwarded]))).toEqual([
      expect.stringMatching(/next major version is 2/),
    ]);
  });

  it('may neither go back nor leave out a version', () => {
    const published = publish([forwarded, { ...withMember(forwarded, false), minor: 1 }]);
    expect(contractProblems([forwarded], published)).toEqual(['dossier.forwarded 1.0: 1.1 is published already']);
    expect(contractProblems([{ ...forwarded, minor: 3 }], published)).toEqual([
      'dossier.forwarded 1.3: leaves out a minor version after 1.1',
    ]);
  });
});

describe('generated files', () => {
  beforeEach(() => {
    put(keptFiles(contracts));
    put(derivedFiles(contracts));
  });

  it('are found to be up to date', () => {
    expect(allProblems(root, contracts)).toEqual([]);
  });

  it.each([
    'libs/dossier/generated/events.ts',
    'docs/generated/events.md',
    'test/fixtures/events/dossier.forwarded/1.0.json',
  ])('%s is missed and its changes are seen', (path) => {
    writeFileSync(join(root, path), 'edited by hand');
    expect(allProblems(root, contracts)).toEqual([`${path}: out of date`]);
    rmSync(join(root, path));
    expect(allProblems(root, contracts)).toEqual(expect.arrayContaining([`${path}: missing`]));
  });

  it('keep the fixture of a version that is no longer written', () => {
    const next = contracts.map((contract) =>
      contract === forwarded ? { ...withMember(forwarded, false), minor: 1 } : contract,
    );
    put(keptFiles(next));
    put(derivedFiles(next));
    expect(allProblems(root, next)).toEqual([]);
    rmSync(join(root, 'test/fixtures/events/dossier.forwarded/1.0.json'));
    expect(allProblems(root, next)).toEqual(['test/fixtures: dossier.forwarded/1.0.json is missing']);
  });
});
