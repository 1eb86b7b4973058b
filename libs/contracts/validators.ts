/**
 * Validation of `data`, compiled when first asked for and kept. No fault repeats a value of the data: faults travel in
 * outcomes and problem documents, and a value may be personal.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { formatPointer, isJsonObject, type JsonObject } from '#libs/kernel';
import { findContract } from './find.ts';
import { grammars } from './grammars.ts';
import { commitmentsOf, type Commitment } from './personal.ts';
import { readingRendering } from './reading-rendering.ts';
import { openRendering } from './renderings.ts';
import type { Contract } from './schema.ts';

export interface ContractFault {
  /** JSON pointer inside `data`. */
  readonly pointer: string;
  readonly message: string;
}
/** None when the data fit. An unknown contract is a fault too. */
export type Validate = (kind: string, name: string, major: number, data: JsonObject) => readonly ContractFault[];
export interface Validators {
  /** What is about to be written, personal values in clear: closed, every member known. */
  readonly validateOpen: Validate;
  /**
   * What came over the border: tolerant of members and codes of a later minor version. Whether `_sd` is well formed as
   * such (prefix pairs, a pointer also in clear) is `findSdFault` of libs/exchange.
   */
  readonly validateCommitted: Validate;
}

const MAX_FAULTS = 20;
const ANNOTATIONS = [
  'x-title-en',
  'x-personal',
  'x-personal-reason',
  'x-commits',
  'x-extensible',
  'x-name',
  'x-travels',
];
const UNKNOWN: readonly ContractFault[] = [{ pointer: '', message: 'there is no such contract' }];

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    addUsedSchema: false,
  });
  for (const keyword of ANNOTATIONS) ajv.addKeyword(keyword);
  ajv.addKeyword({
    keyword: 'x-grammar',
    type: 'string',
    schemaType: 'string',
    errors: false,
    validate: (grammar: string, text: string) => grammars[grammar]?.(text) ?? false,
  });
  return ajv;
}

/** The schemas themselves are ours and checked by a spec, so compiling cannot fail on what comes from outside. */
export function compileValidators(): Validators {
  const ajv = compiler();
  const compiled = new Map<string, ValidateFunction>();
  const validator = (contract: Contract, rendering: 'open' | 'reading'): ValidateFunction => {
    const key = `${contract.kind}.${contract.name}.${contract.major}.${rendering}`;
    const before = compiled.get(key);
    if (before) return before;
    const made = ajv.compile(rendering === 'open' ? openRendering(contract) : readingRendering(contract));
    compiled.set(key, made);
    return made;
  };
  return {
    validateOpen: (kind, name, major, data) => {
      const contract = findContract(kind, name, major);
      return contract ? faultsOf(validator(contract, 'open'), data) : UNKNOWN;
    },
    validateCommitted: (kind, name, major, data) => {
      const contract = findContract(kind, name, major);
      if (!contract) return UNKNOWN;
      const faults = faultsOf(validator(contract, 'reading'), data);
      return faults.length > 0 ? faults : missingInEntries(contract, data);
    },
  };
}

function faultsOf(validate: ValidateFunction, data: JsonObject): readonly ContractFault[] {
  if (validate(data)) return [];
  /** `if` says only that a `then` failed, which has its own fault. */
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return errors.slice(0, MAX_FAULTS).map(faultOf);
}

function faultOf({ keyword, instancePath, params, message }: ErrorObject): ContractFault {
  const named = params as { missingProperty?: string; additionalProperty?: string; allowedValues?: readonly string[] };
  if (named.missingProperty !== undefined) {
    return { pointer: instancePath + formatPointer([named.missingProperty]), message: 'is missing' };
  }
  if (named.additionalProperty !== undefined) {
    return { pointer: instancePath, message: `has the unknown member ${memberName(named.additionalProperty)}` };
  }
  if (named.allowedValues)
    return { pointer: instancePath, message: `must be one of ${named.allowedValues.join(', ')}` };
  if (keyword === 'x-grammar') return { pointer: instancePath, message: 'is not well formed, or does not exist' };
  if (keyword === 'false schema') return { pointer: instancePath, message: 'must not stand in clear' };
  return { pointer: instancePath, message: message ?? keyword };
}
/** A name that a schema could have; anything else might be somebody's data in the wrong place. */
const memberName = (name: string): string => (/^[A-Za-z_][A-Za-z_-]{0,31}$/.test(name) ? `"${name}"` : '(not shown)');

/** Each entry of a map that shows its clear part has its needed personal members in `_sd`. */
function missingInEntries(contract: Contract, data: JsonObject): readonly ContractFault[] {
  const sd = isJsonObject(data['_sd']) ? data['_sd'] : {};
  return neededInEntries(contract).flatMap(({ pointer }) => {
    const [, map = '', , member = ''] = pointer.split('/');
    const entries = data[map];
    return Object.keys(isJsonObject(entries) ? entries : {})
      .map((label) => formatPointer([map, label, member]))
      .filter((wanted) => !Object.hasOwn(sd, wanted))
      .map((wanted) => ({ pointer: formatPointer(['_sd', wanted]), message: 'is missing' }));
  });
}
const neededInEntries = ({ data }: Contract): readonly Commitment[] =>
  commitmentsOf(data).filter(({ labelled, neededInside }) => labelled && neededInside);
