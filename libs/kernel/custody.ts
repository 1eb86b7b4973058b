/**
 * In whose hand a dossier is (design 4, wire format 6). Exactly four event types move custody; no other type does,
 * known or not. Shared by the domain (what may be asked next) and by the border (who is entitled to the next place).
 */
import type { AgencyCode } from './ids.ts';

export type Hand =
  /** The custodian alone extends the stream. */
  | { readonly kind: 'held'; readonly custodian: AgencyCode }
  /** A `forwarded` is open: `to` answers it; `from` gets its right back on `custody-declined`. */
  | { readonly kind: 'transit'; readonly from: AgencyCode; readonly to: AgencyCode }
  /** `custody-released`: nobody may write but the rehomer. */
  | { readonly kind: 'released'; readonly by: AgencyCode };

/** The agency in whose hand the place is: decides which statement names the rehomer. */
export function agencyInHand(hand: Hand): AgencyCode {
  switch (hand.kind) {
    case 'held':
      return hand.custodian;
    case 'transit':
      return hand.to;
    case 'released':
      return hand.by;
  }
}

/** The hand after an event `name` by `author`; `to` is `data.to` of `forwarded` and `rehomed`. `before` is undefined at place 1. */
export function handAfter(before: Hand | undefined, name: string, author: AgencyCode, to?: AgencyCode): Hand {
  if (before === undefined) return { kind: 'held', custodian: author };
  switch (name) {
    case 'forwarded':
      return { kind: 'transit', from: author, to: to as AgencyCode };
    case 'custody-accepted':
      return { kind: 'held', custodian: author };
    case 'custody-declined':
      return before.kind === 'transit' ? { kind: 'held', custodian: before.from } : before;
    case 'custody-released':
      return { kind: 'released', by: author };
    case 'rehomed':
      return { kind: 'held', custodian: to as AgencyCode };
    default:
      return before;
  }
}
