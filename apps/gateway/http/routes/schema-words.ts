/** Words in which schemas of requests and answers are written. */
import type { JsonObject } from '#libs/kernel';

export const string: JsonObject = { type: 'string' };
export const integer: JsonObject = { type: 'integer' };
export const boolean: JsonObject = { type: 'boolean' };
export const instant: JsonObject = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
export const hash: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' };
export const uuid: JsonObject = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
};
export const agency: JsonObject = { type: 'string', pattern: '^[A-Y][0-9]{2}(\\.[0-9A-Z]{1,6}){0,4}$' };
export const anything: JsonObject = { type: 'object' };
export const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
export const oneOf = (...values: readonly string[]): JsonObject => ({ type: 'string', enum: values });
export const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** Members whose name ends in `?` may be absent. */
export function object(members: Readonly<Record<string, JsonObject>>, more: JsonObject = {}): JsonObject {
  const names = Object.keys(members);
  const required = names.filter((name) => !name.endsWith('?'));
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), members[name]])),
    ...(required.length > 0 ? { required } : {}),
    ...more,
  };
}
export const CLOSED: JsonObject = { additionalProperties: false };

export const message = object({ vi: string, en: string });
export const note: JsonObject = { type: 'string', minLength: 1, maxLength: 2000 };
