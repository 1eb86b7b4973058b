/**
 * How much is kept in quarantine (wire format 6: bounded per claimed source, and in all). Quarantine is evidence: nothing in
 * it goes for what comes later, so what is full is full. A message beyond the bounds is dropped; its number stays missing on
 * the sender's line, so it is sent again.
 *
 * Whoever may write to a mailbox may claim any source. So a message counts for its source only if its signature held; all
 * that failed before (or claim nothing) share one smaller whole, whatever names they bear. Beside that each source that has
 * keys in the directory has a little room of its own in either whole, which no flood under other names can take.
 *
 * Promises: forged names, however many, fill their own whole and no more; the only message of a source with keys is never
 * turned away; bytes are bounded, not messages alone; one admission costs the same however many sources there are. Proved by
 * `quarantine.spec.ts` and `forged-names.int.spec.ts`.
 */

/** `proved`: it failed after stage 4, so its source is no mere claim. */
export type QuarantineWhole = 'proved' | 'unproved';

export interface Taken {
  readonly messages: number;
  readonly bytes: number;
}
/** What is there already: in all, and of each source asked for that has anything. */
export type QuarantineTaken = Readonly<
  Record<QuarantineWhole, Taken & { readonly bySource: ReadonlyMap<string, Taken> }>
>;

export interface QuarantineBounds {
  readonly perSource: number;
  readonly inAll: number;
}
/**
 * In places. Evidence for an operator, not work in progress: at most 400 MB where it counts for somebody, 80 MB where it
 * does not.
 */
export const QUARANTINE_BOUNDS: Readonly<Record<QuarantineWhole, QuarantineBounds>> = {
  proved: { perSource: 5_000, inAll: 50_000 },
  unproved: { perSource: 2_000, inAll: 10_000 },
};
/** Places of each source with keys that are its own, in either whole: one message of the largest size finds room. */
export const QUARANTINE_RESERVED = 20;
/** A place is a message or these bytes. The usual message has some 1,500. */
const BYTES_PER_PLACE = 8_192;

export interface QuarantineClaim {
  readonly whole: QuarantineWhole;
  /** Claimed; '' where none could be read. */
  readonly source: string;
  /** The directory gives this source a key. */
  readonly hasKeys: boolean;
  readonly bytes: number;
}

const NOTHING: Taken = { messages: 0, bytes: 0 };
const plus = (a: Taken, b: Taken): Taken => ({ messages: a.messages + b.messages, bytes: a.bytes + b.bytes });
export const placesOf = ({ messages, bytes }: Taken): number => messages + Math.floor(bytes / BYTES_PER_PLACE);

/** Which of a batch are kept, in order. */
export function admitToQuarantine<T extends { readonly claim: QuarantineClaim }>(
  messages: readonly T[],
  taken: QuarantineTaken,
): readonly T[] {
  const added = new Map<string, Taken>();
  return messages.filter(({ claim: { whole, source, hasKeys, bytes } }) => {
    const share = `${whole} ${source}`;
    const message = { messages: 1, bytes };
    const all = plus(added.get(whole) ?? NOTHING, message);
    const own = plus(added.get(share) ?? NOTHING, message);
    const places = {
      all: placesOf(plus(taken[whole], all)),
      own: placesOf(plus(taken[whole].bySource.get(source) ?? NOTHING, own)),
    };
    if (!isAdmitted(places, hasKeys, QUARANTINE_BOUNDS[whole])) return false;
    added.set(whole, all);
    added.set(share, own);
    return true;
  });
}

/** The places there would be with it. */
function isAdmitted(
  { own, all }: { readonly own: number; readonly all: number },
  hasKeys: boolean,
  { perSource, inAll }: QuarantineBounds,
): boolean {
  if (own > perSource) return false;
  return all <= inAll || (hasKeys && own <= QUARANTINE_RESERVED);
}
