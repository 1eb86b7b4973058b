/**
 * Walking `data` along pointers. Members are always made as own properties (`Object.fromEntries`), so that a label called
 * `__proto__` is a label like any other.
 */
import { DomainError, formatPointer, isJsonObject, parsePointer, type JsonObject, type JsonValue } from '#libs/kernel';

const ANY_LABEL = '*';

/** A property that the schema marks `x-personal`. */
export interface PersonalPattern {
  /** Pointer inside `data`, in which a member name `*` stands for the label of a repeated person. */
  readonly pointer: string;
  /** Whose datum it is; `*`: the label's. */
  readonly subject: string;
}
export type Path = readonly string[];
export interface PlacedValue {
  readonly path: Path;
  readonly value: JsonValue;
}
export interface PersonalValue extends PlacedValue {
  readonly subject: string;
}

interface Walk {
  readonly rest: Path;
  readonly path: Path;
  readonly label: string;
}

function* matches(
  value: JsonValue | undefined,
  { rest, path, label }: Walk,
): Generator<PlacedValue & { label: string }> {
  if (value === undefined) return;
  const [name, ...more] = rest;
  if (name === undefined) {
    yield { path, label, value };
    return;
  }
  if (Array.isArray(value)) {
    throw new DomainError('PERSONAL_FIELD_IN_ARRAY', 'a pointer to a personal field leads through an array', {
      pointer: formatPointer(path),
    });
  }
  if (!isJsonObject(value)) return;
  for (const member of name === ANY_LABEL ? Object.keys(value) : [name]) {
    if (!Object.hasOwn(value, member)) continue;
    const walk = { rest: more, path: [...path, member], label: name === ANY_LABEL ? member : label };
    yield* matches(value[member], walk);
  }
}

/** Every value in `data` that a pattern names. Throws `PERSONAL_FIELD_IN_ARRAY`, and `MALFORMED` for what is no pointer. */
export function findPersonalValues(data: JsonObject, patterns: readonly PersonalPattern[]): readonly PersonalValue[] {
  return patterns.flatMap(({ pointer, subject }) => {
    const rest = parsePointer(pointer);
    if (rest === undefined) throw new DomainError('MALFORMED', 'not a pointer', { pointer });
    const found = [...matches(data, { rest, path: [], label: '' })];
    return found.map(({ path, value, label }) => ({ path, value, subject: subject === ANY_LABEL ? label : subject }));
  });
}

/** The paths that go on below each first name. */
function byFirstName<T extends { readonly path: Path }>(places: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const place of places) {
    const [first, ...rest] = place.path;
    if (first === undefined) continue;
    const group = grouped.get(first) ?? [];
    group.push({ ...place, path: rest });
    grouped.set(first, group);
  }
  return grouped;
}

/** `object` without the values at `paths`; an object that is left empty by that goes too, `object` itself stays. */
export function takeOut(object: JsonObject, paths: readonly Path[]): JsonObject {
  const below = byFirstName(paths.map((path) => ({ path })));
  const kept = Object.entries(object).flatMap(([name, value]): [string, JsonValue | undefined][] => {
    const group = below.get(name);
    if (group === undefined) return [[name, value]];
    if (!isJsonObject(value) || group.some(({ path }) => path.length === 0)) return [];
    const rest = takeOut(
      value,
      group.map(({ path }) => path),
    );
    return Object.keys(rest).length === 0 ? [] : [[name, rest]];
  });
  return Object.fromEntries(kept);
}

/** `object` with each value at its path, objects on the way made; what would overwrite something is left out. */
export function placeValues(object: JsonObject, places: readonly PlacedValue[]): JsonObject {
  const added = [...byFirstName(places)].flatMap(([name, group]): [string, JsonValue][] => {
    const there = Object.hasOwn(object, name) ? object[name] : undefined;
    const whole = group.find(({ path }) => path.length === 0);
    if (whole !== undefined) return there === undefined ? [[name, whole.value]] : [];
    return there === undefined || isJsonObject(there) ? [[name, placeValues(there ?? {}, group)]] : [];
  });
  return Object.fromEntries([...Object.entries(object), ...added]);
}
