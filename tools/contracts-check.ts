/**
 * Whether the contracts fit what was published (libs/contracts/published) and every generated file is up to date. Promises:
 * a published version never changes, a minor version breaks nobody (libs/contracts/compatibility.ts), a published major
 * version stays. Proved by contracts-check.spec.ts, which tries each kind of break.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { differs, findBreaks, openRendering, type Contract } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { committedWithExample } from './contracts-fixtures.ts';
import { derivedFiles, keptFiles, PUBLISHED, type Files } from './contracts-files.ts';

/** One rendering of one version, as it was published. */
export interface Published {
  readonly kind: string;
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly rendering: 'open' | 'committed';
  readonly schema: JsonObject;
}
const NAME = /^([a-z]+)\.([a-z0-9-]+)\.(\d+)\.(\d+)\.(open|committed)\.json$/;

export function readPublished(root: string): readonly Published[] {
  const folder = join(root, PUBLISHED);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const match = NAME.exec(file);
      if (!match) return [];
      const [, kind = '', name = '', major, minor, rendering] = match;
      const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
      return [
        {
          kind,
          name,
          major: Number(major),
          minor: Number(minor),
          rendering: rendering as Published['rendering'],
          schema,
        },
      ];
    });
}

/** One sentence for each thing that is wrong with the contracts themselves. */
export function contractProblems(contracts: readonly Contract[], published: readonly Published[]): readonly string[] {
  return [...contracts.flatMap((contract) => problemsOf(contract, published)), ...goneProblems(contracts, published)];
}

function problemsOf(contract: Contract, published: readonly Published[]): readonly string[] {
  const { kind, name, major, minor } = contract;
  const called = `${kind}.${name} ${major}.${minor}`;
  const ofName = published.filter((one) => one.kind === kind && one.name === name);
  const ofMajor = ofName.filter((one) => one.major === major);
  if (ofMajor.length === 0)
    return firstOfMajor(
      contract,
      ofName.map((one) => one.major),
    ).map((problem) => `${called}: ${problem}`);
  const last = Math.max(...ofMajor.map((one) => one.minor));
  if (minor < last) return [`${called}: ${major}.${last} is published already`];
  if (minor > last + 1) return [`${called}: leaves out a minor version after ${major}.${last}`];
  return ofMajor
    .filter((one) => one.minor === last)
    .flatMap((one) => comparison(contract, one).map((problem) => `${called}: ${problem}`));
}

function firstOfMajor({ major, minor }: Contract, majors: readonly number[]): string[] {
  if (minor !== 0) return ['the first version of a major one is 0'];
  const expected = majors.length === 0 ? 1 : Math.max(...majors) + 1;
  return major === expected ? [] : [`the next major version is ${expected}`];
}

function comparison(contract: Contract, last: Published): string[] {
  const current = last.rendering === 'open' ? openRendering(contract) : committedWithExample(contract);
  if (contract.minor === last.minor) {
    return differs(last.schema, current) ? [`${last.rendering} rendering changed without a new minor version`] : [];
  }
  return findBreaks(last.schema, current).map(
    ({ pointer, message }) =>
      `${last.rendering} rendering breaks ${last.major}.${last.minor} at ${pointer || '/'}: ${message}`,
  );
}

function goneProblems(contracts: readonly Contract[], published: readonly Published[]): readonly string[] {
  const kept = new Set(contracts.map(({ kind, name, major }) => `${kind}.${name} ${major}`));
  const before = new Set(published.map(({ kind, name, major }) => `${kind}.${name} ${major}`));
  return [...before].filter((called) => !kept.has(called)).map((called) => `${called}: was published and is gone`);
}

/** Files that are not as the sources would make them; `kept` ones of earlier versions must only be there. */
export function fileProblems(root: string, files: Files): readonly string[] {
  return [...files].flatMap(([path, content]) => {
    const full = join(root, path);
    if (!existsSync(full)) return [`${path}: missing`];
    return readFileSync(full, 'utf8') === content ? [] : [`${path}: out of date`];
  });
}

/** Every version that was published has its fixture, for ever. */
export function fixtureProblems(root: string, published: readonly Published[]): readonly string[] {
  return published
    .filter(({ rendering }) => rendering === 'open')
    .map(({ kind, name, major, minor }) => `${kind}.${name}/${major}.${minor}.json`)
    .filter((file) => !['events', 'contracts'].some((folder) => existsSync(join(root, 'test/fixtures', folder, file))))
    .map((file) => `test/fixtures: ${file} is missing`);
}

export function allProblems(root: string, contracts: readonly Contract[]): readonly string[] {
  const published = readPublished(root);
  return [
    ...contractProblems(contracts, published),
    ...fixtureProblems(root, published),
    ...fileProblems(root, new Map([...keptFiles(contracts), ...derivedFiles(contracts)])),
  ];
}
