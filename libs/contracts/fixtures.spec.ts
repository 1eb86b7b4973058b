/** Every version ever published stays readable: its fixture is kept for ever, and nobody edits it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { splitType, type JsonObject } from '#libs/kernel';
import { allContracts, compileValidators, versionOf } from './index.ts';

interface Fixture {
  readonly type: string;
  readonly dataschema: string;
  readonly open: JsonObject;
  readonly committed: JsonObject;
  readonly disclosures: readonly string[];
}
const root = join(import.meta.dirname, '../../test/fixtures');
const published = join(import.meta.dirname, 'published');
const files = ['events', 'contracts'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((contract) =>
    readdirSync(join(root, folder, contract)).map((file) => join(folder, contract, file)),
  ),
);
const read = (file: string): Fixture => JSON.parse(readFileSync(join(root, file), 'utf8')) as Fixture;
const { validateCommitted, validateOpen } = compileValidators();
const digestOf = (disclosure: string): string => createHash('sha256').update(disclosure, 'ascii').digest('base64url');

describe('fixtures', () => {
  it('are there for every published version', () => {
    const versions = readdirSync(published).filter((file) => file.endsWith('.open.json'));
    const kept = files.map((file) =>
      file
        .replace(/^[a-z]+\//, '')
        .replace('/', '.')
        .replace(/\.json$/, '.open.json'),
    );
    expect(kept.sort()).toEqual(versions.sort());
  });

  it.each(files)('%s is read by the contract of its major version', (file) => {
    const { type, open, committed } = read(file);
    const { kind, name, major } = splitType(type) ?? { kind: '', name: '', major: 0 };
    expect(validateCommitted(kind, name, major, committed)).toEqual([]);
    expect(validateOpen(kind, name, major, open)).toEqual([]);
  });

  it.each(files)('%s has a disclosure for each digest, and no value in clear', (file) => {
    const { committed, disclosures, open } = read(file);
    const digests = Object.values((committed['_sd'] ?? {}) as JsonObject);
    expect(disclosures.map(digestOf).sort()).toEqual(digests.sort());
    expect(disclosures.length === 0).toBe(JSON.stringify(open) === JSON.stringify(committed));
  });

  it('are of the versions that are written today, too', () => {
    const today = allContracts().map((contract) => `${contract.kind}.${contract.name}/${versionOf(contract)}.json`);
    expect(files.map((file) => file.replace(/^[a-z]+\//, ''))).toEqual(expect.arrayContaining(today));
  });
});
