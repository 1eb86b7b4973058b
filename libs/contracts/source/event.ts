import type { JsonObject } from '#libs/kernel';
import { contract, title } from '../build.ts';
import type { Contract, ObjectSchema } from '../schema.ts';

interface Written {
  readonly vi: string;
  readonly en: string;
  readonly data: ObjectSchema;
  readonly example: JsonObject;
  /** Raised by one with each published change (ADR 0003). */
  readonly minor?: number;
}
/** An event of a `dossier` stream. */
export const dossierEvent = (name: string, { vi, en, ...rest }: Written): Contract =>
  contract('dossier', name, { title: title(vi, en), ...rest });
/** A command that another node may send (wire format 2.1). */
export const travelling = (name: string, { vi, en, ...rest }: Written): Contract =>
  contract('command', name, { title: title(vi, en), ...rest, travels: true });
/** A command of the custodian's own API. */
export const local = (name: string, { vi, en, ...rest }: Written): Contract =>
  contract('command', name, { title: title(vi, en), ...rest, travels: false });
export const written = (kind: string, name: string, { vi, en, ...rest }: Written): Contract =>
  contract(kind, name, { title: title(vi, en), ...rest });
