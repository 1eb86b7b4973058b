/** Shapes that contracts share (`x-name`: an address, an applicant …) stand once in the document, and are referred to. */
import { canonicalize, isJsonObject, type JsonObject, type JsonValue } from '#libs/kernel';

interface Hoisted {
  readonly schemas: Readonly<Record<string, JsonObject>>;
  readonly shapes: Readonly<Record<string, JsonObject>>;
}

/** What a place says of a shape, beside the shape: its title there, and whose data it is. */
const OF_THE_PLACE = ['title', 'x-title-en', 'x-personal', 'x-personal-reason'];

export function hoistShapes(schemas: Readonly<Record<string, JsonObject>>): Hoisted {
  const shapes = new Map<string, JsonObject>();
  const hoisted = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, walk(schema, shapes) as JsonObject]),
  );
  return { schemas: hoisted, shapes: Object.fromEntries([...shapes].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function walk(value: JsonValue | undefined, shapes: Map<string, JsonObject>): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => walk(item, shapes) as JsonValue);
  if (!isJsonObject(value)) return value;
  const walked: JsonObject = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, walk(member, shapes)]),
  );
  const { 'x-name': name, ...schema } = walked;
  return typeof name === 'string' && schema['type'] === 'object' ? hoist(name, schema, shapes) : walked;
}

/** Two shapes of one name that differ (an applicant's personal class is another's) are told apart by a number. */
function hoist(name: string, schema: JsonObject, shapes: Map<string, JsonObject>): JsonObject {
  const members = Object.entries(schema);
  const shape: JsonObject = Object.fromEntries(members.filter(([member]) => !OF_THE_PLACE.includes(member)));
  const here: JsonObject = Object.fromEntries(members.filter(([member]) => OF_THE_PLACE.includes(member)));
  for (let number = 1; ; number++) {
    const title = number === 1 ? `shape.${name}` : `shape.${name}.${number}`;
    const known = shapes.get(title);
    if (known && canonicalize(known) !== canonicalize(shape)) continue;
    shapes.set(title, shape);
    return { $ref: `#/components/schemas/${title}`, ...here };
  }
}
