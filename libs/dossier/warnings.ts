/**
 * What was accepted and is to be seen: a rule was not kept, and refusing would have left the desk with no way on, or would have
 * made the record untrue (ADR 0015). A warning is taken from the event itself when it is folded, so every node that holds
 * the dossier shows the same ones, whoever decided; the caller gets those of the events of the command. Never a refusal.
 */
import type { Hash } from '#libs/kernel';
import { fillIn, type RefusalDetails } from './refusal.ts';
import type { RefusalText } from './refusal-codes.ts';

/** Stable, like the codes of refusals. */
export const WARNINGS = {
  SUPPLEMENT_TWICE: {
    vi: 'Hồ sơ đã được yêu cầu bổ sung trước đó; theo quy định chỉ yêu cầu một lần, đầy đủ.',
    en: 'A supplement had been asked for before: it is to be asked for once, fully.',
  },
  SUPPLEMENT_LATE: {
    vi: 'Yêu cầu bổ sung sau thời hạn {dueAt} ({legalBasis}).',
    en: 'The supplement was asked for after {dueAt} ({legalBasis}).',
  },
  DOSSIER_CODE_DATE_DIFFERS: {
    vi: 'Ngày trong mã hồ sơ {dossierCode} khác ngày tiếp nhận {receivedOn}.',
    en: 'The date in dossier code {dossierCode} is not the date of receipt, {receivedOn}.',
  },
  RESULT_NOT_ANNOUNCED: {
    vi: 'Kết quả được trả trước hạn mà chưa báo trước.',
    en: 'The result was returned before it was due, and not announced first.',
  },
  PETITION_LATE: {
    vi: 'Phản ánh {petition} được xử lý sau thời hạn {dueAt}.',
    en: 'Petition {petition} was dealt with after {dueAt}.',
  },
} as const satisfies Record<string, RefusalText>;
export type WarningCode = keyof typeof WARNINGS;

export interface DossierWarning {
  readonly code: WarningCode;
  /** The event that it is about. */
  readonly event: Hash;
  readonly details: RefusalDetails;
}

/** Both sentences of a warning. */
export const warningMessage = ({ code, details }: DossierWarning): RefusalText => ({
  vi: fillIn(WARNINGS[code].vi, details),
  en: fillIn(WARNINGS[code].en, details),
});

export interface Warned {
  /** Codes of the warnings, each once. */
  readonly flags: readonly WarningCode[];
  /** In the order of the events. */
  readonly warnings: readonly DossierWarning[];
}

/** With what is to be seen of this event; undefined: nothing. */
export function warned(
  { flags, warnings }: Warned,
  event: { readonly hash: Hash },
  ...found: readonly (readonly [WarningCode, RefusalDetails] | undefined)[]
): Warned {
  const added = found.flatMap((one) => (one ? [{ code: one[0], event: event.hash, details: one[1] }] : []));
  return {
    flags: [...new Set([...flags, ...added.map(({ code }) => code)])],
    warnings: [...warnings, ...added],
  };
}
