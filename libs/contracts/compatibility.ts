/**
 * What a minor version may do (compatibility within a major version, both ways): add optional members, lengthen a list of
 * codes that was marked `x-extensible`, and change words. Everything that was written must stay readable (nothing removed,
 * newly required or narrowed), and what is written now must be readable by whoever has not upgraded (nothing optional
 * that was required, no constraint widened): a reader that meets what it cannot read parks the dossier, so such a change
 * is a new major version, which says so in the type.
 *
 * Works on the published JSON, not on the sources, because the published files are what others hold. Proved by
 * compatibility.spec.ts.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '#libs/kernel';

export interface Break {
  /** JSON pointer inside the schema. */
  readonly pointer: string;
  readonly message: string;
}

/** Words for people and for generators: a change of them needs a minor version and breaks nobody. */
const WORDS = new Set(['title', 'x-title-en', 'x-personal-reason', 'x-name', 'examples', '$id', 'description']);
/** Compared member by member, not as one value. */
const STRUCTURE = new Set([
  'properties',
  'patternProperties',
  'required',
  'items',
  'prefixItems',
  'enum',
  'dependentRequired',
  'allOf',
]);

/** Breaks between the last published rendering of a major version and the one about to be published; empty: none. */
export function findBreaks(published: JsonObject, current: JsonObject, pointer = ''): readonly Break[] {
  return [
    ...constraintBreaks(published, current, pointer),
    ...memberBreaks(published, current, pointer),
    ...codeBreaks(published, current, pointer),
    ...itemBreaks(published, current, pointer),
    ...conditionBreaks(published, current, pointer),
  ];
}

/** Whether the same version was published with other content: then the minor version must be raised. */
export const differs = (published: JsonValue, current: JsonValue): boolean => stable(published) !== stable(current);

function constraintBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  const keys = new Set([...Object.keys(published), ...Object.keys(current)]);
  return [...keys]
    .filter((key) => !WORDS.has(key) && !STRUCTURE.has(key) && differsAt(published, current, key))
    .map((key) => ({ pointer, message: `${key} changed from ${shown(published[key])} to ${shown(current[key])}` }));
}

function memberBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  return ['properties', 'patternProperties']
    .flatMap((keyword) => {
      const [before, now] = [objectAt(published, keyword), objectAt(current, keyword)];
      const removed = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
      const kept = Object.keys(before).filter((name) => Object.hasOwn(now, name));
      return [
        ...removed.map((name) => ({ pointer: `${pointer}/${keyword}/${name}`, message: 'member removed' })),
        ...kept.flatMap((name) =>
          findBreaks(objectAt(before, name), objectAt(now, name), `${pointer}/${keyword}/${name}`),
        ),
      ];
    })
    .concat(requiredBreaks(published, current, pointer));
}

function requiredBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  const [before, now] = [textsAt(published, 'required'), textsAt(current, 'required')];
  return [
    ...now.filter((name) => !before.includes(name)).map((name) => ({ pointer, message: `${name} is newly required` })),
    ...before
      .filter((name) => !now.includes(name))
      .map((name) => ({ pointer, message: `${name} is no longer required: older readers expect it` })),
  ];
}

function codeBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  const [before, now] = [textsAt(published, 'enum'), textsAt(current, 'enum')];
  if (published['enum'] === undefined && current['enum'] !== undefined)
    return [{ pointer, message: 'narrowed to a list of codes' }];
  if (published['enum'] !== undefined && current['enum'] === undefined)
    return [{ pointer, message: 'list of codes dropped: older readers refuse others' }];
  const added = now.filter((value) => !before.includes(value));
  return [
    ...before.filter((value) => !now.includes(value)).map((value) => ({ pointer, message: `code ${value} removed` })),
    ...(published['x-extensible'] === true
      ? []
      : added.map((value) => ({ pointer, message: `code ${value} added to a closed list` }))),
  ];
}

function itemBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  const before = [published['items'], ...listAt(published, 'prefixItems')];
  const now = [current['items'], ...listAt(current, 'prefixItems')];
  if (before.length !== now.length) return [{ pointer, message: 'length of the tuple changed' }];
  return before.flatMap((item, at) => {
    const other = now[at];
    if (isJsonObject(item) && isJsonObject(other)) return findBreaks(item, other, `${pointer}/items`);
    return differs(item ?? '', other ?? '') ? [{ pointer: `${pointer}/items`, message: 'items changed' }] : [];
  });
}

/** What demands what: as it was, but that a new member may demand others, since nobody has sent it yet. */
function conditionBreaks(published: JsonObject, current: JsonObject, pointer: string): Break[] {
  const isNew = (name: string): boolean => !Object.hasOwn(objectAt(published, 'properties'), name);
  const [before, now] = [objectAt(published, 'dependentRequired'), objectAt(current, 'dependentRequired')];
  const changed = Object.keys({ ...before, ...now }).filter((name) => differsAt(before, now, name) && !isNew(name));
  const conditions = listAt(current, 'allOf').map(stable);
  const dropped = listAt(published, 'allOf').filter((condition) => !conditions.includes(stable(condition)));
  const kept = new Set(listAt(published, 'allOf').map(stable));
  const added = listAt(current, 'allOf').filter(
    (one) => !kept.has(stable(one)) && !textsAt(objectAt(one as JsonObject, 'if'), 'required').some(isNew),
  );
  return [
    ...changed.map((name) => ({ pointer, message: `what ${name} demands changed` })),
    ...dropped.map((condition) => ({ pointer, message: `condition dropped: ${stable(condition)}` })),
    ...added.map((condition) => ({ pointer, message: `condition added: ${stable(condition)}` })),
  ];
}

const differsAt = (a: JsonObject, b: JsonObject, key: string): boolean => stable(a[key]) !== stable(b[key]);
const shown = (value: JsonValue | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));
function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isJsonObject(value) ? value : {};
}
const textsAt = (from: JsonObject, key: string): readonly string[] => {
  const value = from[key];
  return Array.isArray(value) ? (value as readonly string[]) : [];
};
const listAt = (from: JsonObject, key: string): readonly JsonValue[] => {
  const value = from[key];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
};

/** Text with members in one order, so that order alone is no difference. */
function stable(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stable(value[key])}`);
  return `{${members.join(',')}}`;
}
