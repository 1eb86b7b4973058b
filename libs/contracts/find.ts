/** What the catalogue holds, by kind, name and major version. */
import { contracts } from './catalogue.ts';
import { commitmentsOf, type PersonalPointer } from './personal.ts';
import type { Contract } from './schema.ts';

const keyOf = (kind: string, name: string, major: number): string => `${kind}.${name}.${major}`;
const byKey: ReadonlyMap<string, Contract> = new Map(
  contracts.map((contract) => [keyOf(contract.kind, contract.name, contract.major), contract]),
);
const pointersByKey = new Map<string, readonly PersonalPointer[]>();

export const allContracts = (): readonly Contract[] => contracts;
export const findContract = (kind: string, name: string, major: number): Contract | undefined =>
  byKey.get(keyOf(kind, name, major));
export const isKnown = (kind: string, name: string, major: number): boolean => byKey.has(keyOf(kind, name, major));

/** Names of a kind (`command`, `outcome`, `exchange`, `directory`, `dossier`, …) in any major version; empty for an unknown kind. */
export const knownNames = (kind: string): ReadonlySet<string> =>
  new Set(contracts.filter((contract) => contract.kind === kind).map(({ name }) => name));

/** The minor version that is written; 0 for what is not known. */
export const latestMinor = (kind: string, name: string, major: number): number =>
  findContract(kind, name, major)?.minor ?? 0;

/** Where personal values stand in open data; empty for what is not known. */
export function personalPointers(kind: string, name: string, major: number): readonly PersonalPointer[] {
  const key = keyOf(kind, name, major);
  const before = pointersByKey.get(key);
  if (before) return before;
  const contract = byKey.get(key);
  if (!contract) return [];
  const made = commitmentsOf(contract.data).map(({ pointer, subject, class: kindOfData, required }) => ({
    pointer,
    subject,
    class: kindOfData,
    required,
  }));
  pointersByKey.set(key, made);
  return made;
}
