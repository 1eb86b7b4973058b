/** Refusals: a code with its details, and the sentences made of them. */
import type { DossierCommandName } from './generated/commands.ts';
import type { DossierEvent } from './generated/events.ts';
import { REFUSALS, type RefusalCode, type RefusalText } from './refusal-codes.ts';

/** Values for the sentence's places: codes, instants, labels and numbers; never a personal datum. */
export type RefusalDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** What one decision answers when it does not decide. */
export interface Refused {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;
}
/** What a decider gives: events in their open form, in order, at least one; or why not. */
export type Decided = readonly [DossierEvent, ...DossierEvent[]] | Refused;

export interface Refusal extends Refused {
  readonly message: RefusalText;
  /** What the same agency may ask for instead (`data.allowed` of the outcome). */
  readonly allowed: readonly DossierCommandName[];
}

export const refuse = (code: RefusalCode, details: RefusalDetails = {}): Refused => ({ code, details });

/** Both sentences of a code, its places filled. A place without a value is left empty. */
export function refusalMessage({ code, details }: Refused): RefusalText {
  return { vi: fillIn(REFUSALS[code].vi, details), en: fillIn(REFUSALS[code].en, details) };
}
export const fillIn = (text: string, details: RefusalDetails): string =>
  text.replaceAll(/\{(\w+)\}/g, (_place, name: string) => shown(details[name]));
const shown = (value: RefusalDetails[string] | undefined): string =>
  value === undefined ? '' : typeof value === 'object' ? value.join(', ') : String(value);
