/**
 * How `data` that came over the border is judged: the committed rendering made tolerant. Members and codes of a later minor
 * version are let pass, personal values in clear are not. Derived when it is needed, never published. Proved by
 * validators.spec.ts.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '#libs/kernel';
import { committedRendering, DIGEST } from './renderings.ts';
import type { Contract, ObjectSchema } from './schema.ts';

/** A code of a list that may have grown. */
const ANY_CODE = '^[A-Za-z0-9](-?[A-Za-z0-9]){0,47}$';

export function readingRendering(contract: Contract): JsonObject {
  const { $id: _id, ...committed } = committedRendering(contract);
  const loose = tolerant(committed) as JsonObject;
  const properties = withoutPersonal(contract.data, (loose['properties'] ?? {}) as JsonObject);
  const sd = properties['_sd'] as JsonObject | undefined;
  return { ...loose, properties: { ...properties, ...(sd ? { _sd: { ...sd, additionalProperties: DIGEST } } : {}) } };
}

/** Opens what was closed: unknown members pass; entries of a map are data, so their names stay bound. */
function tolerant(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => tolerant(item));
  if (!isJsonObject(value)) return value;
  const loose = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, tolerant(member as JsonValue)]));
  return withAnyCode(withAnyMember(loose));
}
function withAnyMember(schema: JsonObject): JsonObject {
  const { additionalProperties, ...rest } = schema;
  return additionalProperties === false && schema['patternProperties'] === undefined ? rest : schema;
}
function withAnyCode(schema: JsonObject): JsonObject {
  const { enum: _codes, ...rest } = schema;
  return schema['x-extensible'] === true ? { ...rest, pattern: ANY_CODE } : schema;
}

/** Known personal members must not stand in clear, also where their container has vanished. */
function withoutPersonal(schema: ObjectSchema, clear: JsonObject): JsonObject {
  const entries = Object.entries(schema.properties).flatMap(([name, member]): [string, JsonValue][] => {
    if (member['x-personal']) return [[name, false]];
    if (member.type !== 'object') return [];
    return [[name, containerWithoutPersonal(member, objectAt(clear, name))]];
  });
  return { ...clear, ...Object.fromEntries(entries) };
}
function containerWithoutPersonal(schema: ObjectSchema, clear: JsonObject): JsonObject {
  const [pattern, entry] = Object.entries(schema.patternProperties ?? {})[0] ?? [];
  if (pattern === undefined) return { ...clear, properties: withoutPersonal(schema, membersOf(clear)) };
  if (entry?.type !== 'object') return clear;
  const clearEntry = objectAt((clear['patternProperties'] ?? {}) as JsonObject, pattern);
  const inside = { ...clearEntry, properties: withoutPersonal(entry, membersOf(clearEntry)) };
  return { ...clear, patternProperties: { [pattern]: inside } };
}
/** What has vanished from the clear part is an object still, so that its members can be forbidden. */
function objectAt(clear: JsonObject, name: string): JsonObject {
  const schema = clear[name];
  return isJsonObject(schema) ? schema : { type: 'object' };
}
const membersOf = (schema: JsonObject): JsonObject => (schema['properties'] ?? {}) as JsonObject;
