/**
 * The part of JSON Schema 2020-12 that contracts are written in, and what a contract is. Small on purpose: whatever
 * stands here can be rendered open and committed (wire format 4), compared with the last published version, and turned
 * into a TypeScript type.
 */
import type { JsonObject } from '#libs/kernel';

/** `basic` and `sensitive` as in Nghị định 13/2023 Art 2(3), 2(4). */
export type PersonalClass = 'basic' | 'sensitive';
/** Whose datum it is. `<label>`: the person stands under a label, and the label is the subject (wire format 4). */
export type PersonalSubject = 'applicant' | 'submitter' | 'officer' | '<label>';
export interface Personal {
  readonly subject: PersonalSubject;
  readonly class: PersonalClass;
}

interface Annotations {
  /** Vietnamese. */
  readonly title?: string;
  readonly 'x-title-en'?: string;
  readonly 'x-personal'?: Personal | false;
  /** Why a string is no personal datum. */
  readonly 'x-personal-reason'?: string;
}
export interface StringSchema extends Annotations {
  readonly type: 'string';
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly const?: string;
  /** A reader takes codes it does not know yet (a later minor may add some). */
  readonly 'x-extensible'?: true;
  /** Grammar with a branded type in the kernel, e.g. `AgencyCode`. */
  readonly 'x-grammar'?: string;
}
export interface IntegerSchema extends Annotations {
  readonly type: 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
}
export interface BooleanSchema extends Annotations {
  readonly type: 'boolean';
  readonly const?: boolean;
}
export interface ArraySchema extends Annotations {
  readonly type: 'array';
  readonly items: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
}
/** `if` one clear member has a value `then` these members are required. */
export interface Condition {
  readonly if: {
    readonly properties: Readonly<Record<string, { readonly const: string }>>;
    readonly required: readonly string[];
  };
  readonly then: { readonly required: readonly string[] };
}
export interface ObjectSchema extends Annotations {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
  /** Members under a label or a code: one pattern at most. */
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly allOf?: readonly Condition[];
  /** Name of the TypeScript type of this shape. */
  readonly 'x-name'?: string;
}
export type Schema = StringSchema | IntegerSchema | BooleanSchema | ArraySchema | ObjectSchema;

export interface Title {
  readonly vi: string;
  readonly en: string;
}
/** One version of one contract: what stands in `data` of a message, in its open form. */
export interface Contract {
  /** As in the type: `dossier`, `operation`, `command`, `outcome`, `exchange`, `directory`. */
  readonly kind: string;
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly title: Title;
  readonly data: ObjectSchema;
  /** Open data that validates; its persons bear numbers that begin with 999. */
  readonly example: JsonObject;
  /** Commands only: whether it crosses to another node (wire format 2.1) or is a call of the node's own API. */
  readonly travels?: boolean;
}
