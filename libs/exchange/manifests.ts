/**
 * A line is a sender's dense numbering 1, 2, 3 … of the events, commands and outcomes it owes one receiver (wire format 5).
 * Numbers stand in manifests only:
 *
 * > `manifest` `{ "line", "first", "hashes": […≤1000], "highest" }`: after each batch sent, and every 60 s until a receipt
 * > covers `highest`.
 *
 * A message is believed by its own signature and waits for no manifest; a manifest says where it belongs. A number keeps the
 * first hash that its line gave it. Proved by `receipts.spec.ts`.
 */
import { isHash, isJsonObject, type Hash, type JsonObject, type JsonValue } from '#libs/kernel';

export const MANIFEST_HASHES = 1000;
export const REMIND_AFTER_MS = 60_000;

export interface Manifest {
  readonly line: number;
  readonly first: number;
  readonly hashes: readonly Hash[];
  readonly highest: number;
}

const isNumber = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least;

/** `data` of a `manifest` message; undefined when it is none. */
export function readManifest(data: JsonValue | undefined): Manifest | undefined {
  if (!isJsonObject(data)) return undefined;
  const { line, first, highest, hashes } = data as Record<string, JsonValue | undefined>;
  if (!isNumber(line, 1) || !isNumber(first, 1) || !isNumber(highest, 0)) return undefined;
  if (!isHashList(hashes)) return undefined;
  return hashes.length === 0 || first + hashes.length - 1 <= highest ? { line, first, hashes, highest } : undefined;
}

function isHashList(value: JsonValue | undefined): value is readonly Hash[] {
  return (
    Array.isArray(value) &&
    value.length <= MANIFEST_HASHES &&
    (value as readonly JsonValue[]).every((hash) => typeof hash === 'string' && isHash(hash))
  );
}

export interface NumberedHash {
  readonly number: number;
  readonly hash: Hash;
}
/** Manifests for what was sent, one per unbroken run and at most 1000 hashes; none sent: one that names `highest` alone. */
export function manifestsOf(line: number, sent: readonly NumberedHash[], highest: number): readonly Manifest[] {
  const runs: NumberedHash[][] = [];
  for (const item of sent.toSorted((a, b) => a.number - b.number)) {
    const run = runs.at(-1);
    const follows = run && run.length < MANIFEST_HASHES && run.at(-1)?.number === item.number - 1;
    if (follows) run.push(item);
    else runs.push([item]);
  }
  if (runs.length === 0) return [{ line, first: Math.max(highest, 1), hashes: [], highest }];
  return runs.map((run) => ({
    line,
    first: (run[0] as NumberedHash).number,
    hashes: run.map(({ hash }) => hash),
    highest,
  }));
}

export const manifestData = ({ line, first, hashes, highest }: Manifest): JsonObject => ({
  line,
  first,
  hashes: [...hashes],
  highest,
});

/** Whether the last manifest is to be sent again. Times are real milliseconds. */
export const isReminderDue = (
  line: { readonly sent: number; readonly contiguousUpTo: number; readonly lastManifestMs: number },
  nowMs: number,
): boolean => line.contiguousUpTo < line.sent && nowMs - line.lastManifestMs >= REMIND_AFTER_MS;

/** What the receiver knows of a line: the hashes its manifests put at numbers, and the highest number named. */
export interface InboundLine {
  readonly line: number;
  readonly highest: number;
  readonly hashes: ReadonlyMap<number, Hash>;
}
export interface ManifestApplied {
  readonly inbound: InboundLine;
  /** Numbers that had another hash: the sender contradicts itself. What stood there stays. */
  readonly contradicted: readonly number[];
  /** A line before the one known: nothing was changed. */
  readonly stale: boolean;
}

/** A higher line begins anew (the sender was restored); of a lower one nothing is taken. */
export function applyManifest(known: InboundLine | undefined, manifest: Manifest): ManifestApplied {
  if (known && manifest.line < known.line) return { inbound: known, contradicted: [], stale: true };
  const before = known?.line === manifest.line ? known : { line: manifest.line, highest: 0, hashes: new Map() };
  const hashes = new Map<number, Hash>(before.hashes);
  const contradicted: number[] = [];
  manifest.hashes.forEach((hash, index) => {
    const number = manifest.first + index;
    const stood = hashes.get(number);
    if (stood === undefined) hashes.set(number, hash);
    else if (stood !== hash) contradicted.push(number);
  });
  const inbound = { line: manifest.line, highest: Math.max(before.highest, manifest.highest), hashes };
  return { inbound, contradicted, stale: false };
}
