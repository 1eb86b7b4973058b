import type { JsonObject } from '#libs/kernel';
import { findContract } from './find.ts';
import { committedRendering, openRendering, versionOf } from './renderings.ts';

/** The two published renderings of a contract as JSON Schema 2020-12. */
export interface ContractSchemas {
  /** `<major>.<minor>`. */
  readonly version: string;
  readonly open: JsonObject;
  readonly committed: JsonObject;
}
/** The latest minor version of a major one; undefined for what is not known. */
export function findSchema(kind: string, name: string, major: number): ContractSchemas | undefined {
  const contract = findContract(kind, name, major);
  if (!contract) return undefined;
  return { version: versionOf(contract), open: openRendering(contract), committed: committedRendering(contract) };
}
