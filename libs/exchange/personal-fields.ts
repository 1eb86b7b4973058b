/**
 * Personal properties never stand in a message in clear (wire format 4): each is taken out of `data`, and `data._sd` keeps
 * a digest at its pointer. `commitPersonal` takes them out, `openPersonal` puts opened ones back for whoever may see them.
 */
import {
  DomainError,
  encodeBase64Url,
  formatPointer,
  hasPrefixPair,
  isHash,
  isJsonObject,
  parsePointer,
  validateJson,
  type Hash,
  type JsonObject,
  type JsonValue,
  type Sha256,
} from '#libs/kernel';
import { digestOf, MAX_DISCLOSURES_BYTES, writeDisclosure, type OpenedField } from './personal-fields-disclosure.ts';
import { findPersonalValues, placeValues, takeOut, type PersonalPattern } from './personal-fields-places.ts';

const ALGORITHM = 'sha-256';
const SD = '_sd';
const SD_ALG = '_sd_alg';

export interface CommittedField {
  readonly pointer: string;
  /** Whose datum it is: `applicant`, `officer`, or the label of a repeated person. */
  readonly subject: string;
  readonly disclosure: string;
  readonly digest: Hash;
}
export interface CommittedData {
  /** Without personal values; `_sd` and `_sd_alg` only where something was taken out. */
  readonly data: JsonObject;
  readonly disclosures: readonly CommittedField[];
}

/**
 * Open form to committed form. `patterns` are those of the schema; `newSalt` gives 32 fresh random bytes each time. An
 * object that is left empty goes as well. Throws the codes of `validateJson` (values in clear are judged here, since
 * nobody sees them later), `ALREADY_COMMITTED`, `PERSONAL_FIELD_IN_ARRAY`, `PERSONAL_FIELDS_OVERLAP`,
 * `DISCLOSURES_TOO_LARGE`.
 */
export function commitPersonal(
  data: JsonObject,
  patterns: readonly PersonalPattern[],
  newSalt: () => Uint8Array,
  sha256: Sha256,
): CommittedData {
  validateJson(data, 'data');
  if (data[SD] !== undefined) throw new DomainError('ALREADY_COMMITTED', 'data has an _sd already');
  const found = findPersonalValues(data, patterns);
  if (found.length === 0) return { data, disclosures: [] };
  const disclosures = found.map(({ path, subject, value }) => {
    const pointer = formatPointer(path);
    const disclosure = writeDisclosure({ salt: encodeBase64Url(newSalt()), pointer, value });
    return { pointer, subject, disclosure, digest: digestOf(disclosure, sha256) };
  });
  checkTogether(disclosures);
  const clear = takeOut(
    data,
    found.map(({ path }) => path),
  );
  const sd = Object.fromEntries(disclosures.map(({ pointer, digest }) => [pointer, digest]));
  return { data: { ...clear, [SD]: sd, [SD_ALG]: ALGORITHM }, disclosures };
}

function checkTogether(disclosures: readonly CommittedField[]): void {
  if (hasPrefixPair(disclosures.map(({ pointer }) => pointer))) {
    throw new DomainError('PERSONAL_FIELDS_OVERLAP', 'one personal field holds another');
  }
  const bytes = disclosures.reduce((sum, { disclosure }) => sum + disclosure.length, 0);
  if (bytes > MAX_DISCLOSURES_BYTES) {
    throw new DomainError('DISCLOSURES_TOO_LARGE', 'the personal fields of one event are at most 90,000 bytes', {
      bytes,
    });
  }
}

export type SdFault = 'SD_MALFORMED' | 'SD_PREFIX_PAIR' | 'SD_IN_CLEAR' | 'SD_THROUGH_ARRAY';

/**
 * Whether `_sd` and `_sd_alg` of received `data` are as wire format 4 has them, which is a matter of stage 8; undefined: no
 * fault. A pointer that leads through anything but objects could never be opened and is a fault as well.
 */
export function findSdFault(data: JsonObject): SdFault | undefined {
  const { [SD]: sd, [SD_ALG]: algorithm, ...clear } = data;
  if (sd === undefined && algorithm === undefined) return undefined;
  if (!isJsonObject(sd) || algorithm !== ALGORITHM) return 'SD_MALFORMED';
  const pointers = Object.keys(sd);
  if (!pointers.every((pointer) => isCommitment(pointer, sd[pointer]))) return 'SD_MALFORMED';
  if (hasPrefixPair(pointers)) return 'SD_PREFIX_PAIR';
  for (const pointer of pointers) {
    const fault = placeFault(clear, parsePointer(pointer) as readonly string[]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isCommitment(pointer: string, digest: unknown): boolean {
  const [first] = parsePointer(pointer) ?? [SD];
  return first !== SD && first !== SD_ALG && typeof digest === 'string' && isHash(digest);
}

function placeFault(clear: JsonObject, path: readonly string[]): SdFault | undefined {
  let at: JsonValue | undefined = clear;
  for (const name of path) {
    if (Array.isArray(at)) return 'SD_THROUGH_ARRAY';
    if (!isJsonObject(at)) return 'SD_IN_CLEAR';
    if (!Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return 'SD_IN_CLEAR';
}

/** Committed form with these fields in clear at their places again, and without `_sd`: the open form when all are given. */
export function openPersonal(data: JsonObject, opened: readonly OpenedField[]): JsonObject {
  const { [SD]: _sd, [SD_ALG]: _algorithm, ...clear } = data;
  return placeValues(
    clear,
    opened.flatMap(({ pointer, value }) => {
      const path = parsePointer(pointer);
      return path === undefined ? [] : [{ path, value }];
    }),
  );
}
