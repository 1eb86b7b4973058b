import { decodeBase64Url, isInstant, isJsonObject, isKeyLabel, isNodeId } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import type { Reading } from './setting.ts';

/** A registrar's key that this node is told to trust; has the shape of `RegistrarKey` in the room `directory`. */
export interface TrustedKey {
  /** `<registrar>#<label>` */
  readonly keyId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
  /** Good for nothing but a change of a node's `encryptionKeys` (wire format 7). */
  readonly only?: 'encryptionKeys';
}

/** `{"hanoi":[{"keyId":"hanoi#2023-1","publicKey":"<base64url>"}]}`, with `validFrom`, `validTo` and `only` where they apply. */
export function readRegistrarKeys(value: unknown): Reading<readonly TrustedKey[]> {
  if (!isJsonObject(value)) return PROBLEM;
  const keys = Object.entries(value).map(([registrar, list]) =>
    Array.isArray(list) ? list.map((item: unknown) => readKey(registrar, item)) : [undefined],
  );
  const read = keys.flat();
  const trusted = read.filter((key) => key !== undefined);
  const areEnough = trusted.some(({ only }) => only === undefined);
  const areApart = new Set(trusted.map(({ keyId }) => keyId)).size === read.length;
  return areEnough && areApart ? { value: trusted } : PROBLEM;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isAbsentOrTime = (value: unknown): boolean => value === undefined || (isText(value) && isInstant(value));
/** What each member of a key must be; a member that is not named here may not stand in it. */
const MEMBERS: Readonly<Record<string, (value: unknown, registrar: string) => boolean>> = {
  keyId: (value, registrar) =>
    isText(value) &&
    isNodeId(registrar) &&
    value.startsWith(`${registrar}#`) &&
    isKeyLabel(value.slice(registrar.length + 1)),
  publicKey: (value) => isText(value) && decodeBase64Url(value)?.length === 32,
  validFrom: isAbsentOrTime,
  validTo: isAbsentOrTime,
  only: (value) => value === undefined || value === 'encryptionKeys',
};

function readKey(registrar: string, item: unknown): TrustedKey | undefined {
  if (!isJsonObject(item) || Object.keys(item).some((member) => !Object.hasOwn(MEMBERS, member))) return undefined;
  if (!Object.entries(MEMBERS).every(([member, fits]) => fits(item[member], registrar))) return undefined;
  const key = item as unknown as Omit<TrustedKey, 'publicKey'> & { publicKey: string };
  return { ...key, publicKey: decodeBase64Url(key.publicKey) ?? new Uint8Array(0) };
}

const PROBLEM = {
  problem: {
    en: 'must name for each registrar a list of keys: keyId <registrar>#<label>, publicKey (base64url, 32 bytes), if need be validFrom, validTo, "only": "encryptionKeys"; each once, one at least without "only"',
    vi: 'phải ghi cho mỗi cơ quan đăng ký một danh sách khoá: keyId <registrar>#<label>, publicKey (base64url, 32 byte), khi cần thì validFrom, validTo, "only": "encryptionKeys"; mỗi khoá một lần, ít nhất một khoá không có "only"',
  },
} as const;
