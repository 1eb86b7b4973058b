/**
 * The plaintext of `openings` (wire format 4), sealed for one receiver by key custody:
 *
 *   JCS of { "openings": [{ "event": "<hash of the event or command they open>", "disclosures": […] }] }, at most 96,000 bytes
 *
 * Proved by `openings.spec.ts`: what is written is read back whole, in as many batches as the limit asks for.
 */
import {
  canonicalize,
  decodeCanonicalPart,
  DomainError,
  encodeUtf8,
  isHash,
  isJsonObject,
  type Hash,
  type JsonValue,
} from '#libs/kernel';

export interface Opening {
  readonly event: Hash;
  /** Disclosure strings; each is checked against the event's `_sd` by `checkDisclosure`. */
  readonly disclosures: readonly string[];
}

/** So that, sealed and in its envelope, it stays within the size of a message. */
export const MAX_OPENINGS_BYTES = 96_000;
const FRAME_BYTES = '{"openings":[]}'.length;
const EVENT_BYTES = '{"disclosures":[],"event":""},'.length + 43;
/** Quotes and comma. */
const DISCLOSURE_EXTRA_BYTES = 3;

const sizeOf = ({ disclosures }: Opening): number =>
  disclosures.reduce((sum, disclosure) => sum + disclosure.length + DISCLOSURE_EXTRA_BYTES, EVENT_BYTES);

function writeBatch(openings: readonly Opening[]): Uint8Array {
  const bytes = encodeUtf8(
    canonicalize({ openings: openings.map(({ event, disclosures }) => ({ event, disclosures })) }),
  );
  if (bytes.length <= MAX_OPENINGS_BYTES) return bytes;
  throw new DomainError('OPENINGS_TOO_LARGE', 'the openings of one event do not fit into one message', {
    bytes: bytes.length,
  });
}

/**
 * Plaintexts that together open all, in order, as few as a simple filling gives; those of one event stay together. Throws
 * `OPENINGS_TOO_LARGE` for an event beyond the 90,000 bytes that `commitPersonal` allows.
 */
export function encodeOpenings(openings: readonly Opening[]): readonly Uint8Array[] {
  const batches: Opening[][] = [];
  let room = 0;
  for (const opening of openings) {
    const size = sizeOf(opening);
    if (size > room || batches.length === 0) {
      batches.push([]);
      room = MAX_OPENINGS_BYTES - FRAME_BYTES;
    }
    batches.at(-1)?.push(opening);
    room -= size;
  }
  return batches.map(writeBatch);
}

function parseOpening(value: JsonValue): Opening | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
  const { event, disclosures } = value as { readonly event?: unknown; readonly disclosures?: unknown };
  if (typeof event !== 'string' || !isHash(event) || !Array.isArray(disclosures)) return undefined;
  return disclosures.every((disclosure) => typeof disclosure === 'string') ? { event, disclosures } : undefined;
}

/** Undefined for anything but the canonical bytes of such a plaintext: more members, other types, another spelling. */
export function decodeOpenings(plaintext: Uint8Array): readonly Opening[] | undefined {
  const value = decodeCanonicalPart(plaintext, MAX_OPENINGS_BYTES);
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return undefined;
  const { openings } = value as { readonly openings?: JsonValue };
  if (!Array.isArray(openings)) return undefined;
  const parsed = openings.map(parseOpening);
  return parsed.every((opening) => opening !== undefined) ? parsed : undefined;
}
