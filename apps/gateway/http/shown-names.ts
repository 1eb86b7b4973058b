/**
 * Names of members as a problem document may repeat them: those that some contract or request knows. Any other name was
 * chosen by the caller and might be somebody's name in the wrong place.
 */
import { allContracts } from '#libs/contracts';
import { formatPointer, isJsonObject } from '#libs/kernel';

const OF_REQUESTS = [
  'data',
  'occurredAt',
  'id',
  'receivingAgency',
  'reason',
  'note',
  'event',
  'expectedHash',
  'takesOver',
  'stopped',
];
const OF_QUERIES = [
  'agency',
  'state',
  'dueBefore',
  'code',
  'cursor',
  'limit',
  'order',
  'parked',
  'unanswered',
  'version',
  'at',
  'after',
  'olderThan',
];
const HIDDEN = '(not shown)';
/** An index, a label such as `c1`, a component code: nothing that tells of a person. */
const HARMLESS = /^(\d{1,3}|[a-z]\d{1,2}|\d\.\d{6}\.[A-Z]\d{2})$/;

let known: ReadonlySet<string> | undefined;

function knownNames(): ReadonlySet<string> {
  known ??= new Set([...OF_REQUESTS, ...OF_QUERIES, ...allContracts().flatMap(({ data }) => namesIn(data))]);
  return known;
}

function namesIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (!isJsonObject(schema)) return [];
  const { properties } = schema;
  const own = isJsonObject(properties) ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(namesIn)];
}

export const shownName = (name: string): string => (knownNames().has(name) || HARMLESS.test(name) ? name : HIDDEN);

/** A sentence of a contract about an unknown member, its name hidden unless it is one of ours. */
export const shownMessage = (message: string): string =>
  message.replace(/^has the unknown member "([^"]*)"$/, (whole, name: string) =>
    shownName(name) === HIDDEN ? `has an unknown member ${HIDDEN}` : whole,
  );

/** A pointer whose foreign segments are hidden; `validateJson` writes names into it as they are. */
export const shownPointer = (pointer: string): string =>
  pointer === '' ? '' : formatPointer(pointer.slice(1).split('/').map(shownName));
