/** Builders of plain schema objects: one call a member, the two titles first. */
import type { JsonObject } from '#libs/kernel';
import { titles } from './build-strings.ts';
import type {
  ArraySchema,
  BooleanSchema,
  Condition,
  Contract,
  IntegerSchema,
  ObjectSchema,
  Schema,
  Title,
} from './schema.ts';

export * from './build-strings.ts';

export function integer(vi: string, en: string, range: { min?: number; max?: number } = {}): IntegerSchema {
  return { type: 'integer', ...titles(vi, en), minimum: range.min ?? 0, maximum: range.max ?? Number.MAX_SAFE_INTEGER };
}
/** Integer of đồng (wire format 1). */
export const money = (vi: string, en: string): IntegerSchema => integer(vi, en);
export const flag = (vi: string, en: string): BooleanSchema => ({ type: 'boolean', ...titles(vi, en) });

export function list(vi: string, en: string, items: Schema, size: { min?: number; max?: number } = {}): ArraySchema {
  return {
    type: 'array',
    ...titles(vi, en),
    items,
    ...(size.min === undefined ? {} : { minItems: size.min }),
    maxItems: size.max ?? 100,
  };
}
export const setOf = (
  vi: string,
  en: string,
  items: Schema,
  size: { min?: number; max?: number } = {},
): ArraySchema => ({
  ...list(vi, en, items, size),
  uniqueItems: true,
});
export const tuple = (vi: string, en: string, ...prefixItems: readonly Schema[]): ArraySchema => ({
  type: 'array',
  ...titles(vi, en),
  prefixItems,
  items: false,
  minItems: prefixItems.length,
  maxItems: prefixItems.length,
});

interface Optional {
  readonly optional: Schema;
}
export type Member = Schema | Optional;
export const optional = (schema: Schema): Optional => ({ optional: schema });

interface ObjectRules {
  readonly name?: string;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly allOf?: readonly Condition[];
  readonly minProperties?: number;
}
export function object(members: Readonly<Record<string, Member>>, rules: ObjectRules = {}): ObjectSchema {
  const { name, ...rest } = rules;
  const entries = Object.entries(members);
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([key, member]) => [key, 'optional' in member ? member.optional : member]),
    ),
    required: entries.filter(([, member]) => !('optional' in member)).map(([key]) => key),
    additionalProperties: false,
    ...(name === undefined ? {} : { 'x-name': name }),
    ...rest,
  };
}
interface Entries {
  /** Pattern of the names, `^…$`. */
  readonly names: string;
  readonly value: Schema;
  readonly min?: number;
}
/** Objects under labels: what may hold personal fields stands under a name, never in an array (wire format 4). */
export function mapOf(vi: string, en: string, entries: Entries): ObjectSchema {
  return {
    type: 'object',
    ...titles(vi, en),
    properties: {},
    required: [],
    patternProperties: { [entries.names]: entries.value },
    additionalProperties: false,
    maxProperties: 100,
    ...(entries.min === undefined ? {} : { minProperties: entries.min }),
  };
}
export function requiredWhen(member: string, value: string, required: readonly string[]): Condition {
  return { if: { properties: { [member]: { const: value } }, required: [member] }, then: { required } };
}
/** The same shape at another place. */
export const titled = <S extends Schema>(vi: string, en: string, schema: S): S => ({ ...schema, ...titles(vi, en) });

interface Draft {
  readonly title: Title;
  readonly data: ObjectSchema;
  readonly example: JsonObject;
  readonly major?: number;
  readonly minor?: number;
  readonly travels?: boolean;
}
export function contract(kind: string, name: string, { major = 1, minor = 0, ...draft }: Draft): Contract {
  return { kind, name, major, minor, ...draft };
}
export const title = (vi: string, en: string): Title => ({ vi, en });
