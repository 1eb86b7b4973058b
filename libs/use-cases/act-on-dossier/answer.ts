import {
  warningMessage,
  type DossierState,
  type Refusal,
  type RefusalText,
  type SituationName,
  type WarningCode,
} from '#libs/dossier';
import { splitType, type Hash, type SealedMessage } from '#libs/kernel';
import type { LoadedDossier } from '../decide/load-dossier.ts';

/** What an accepted command is answered with; kept as the answer of its idempotency key, so without personal data. */
export interface Answer {
  readonly subject: string;
  readonly events: readonly { readonly hash: string; readonly type: string; readonly place: number }[];
  readonly situation: string;
  readonly dossierCode?: string;
  readonly dueAt?: string;
  /** What is to be seen of the events of this command; it was accepted all the same. */
  readonly warnings?: readonly AnswerWarning[];
}
export interface AnswerWarning {
  readonly code: WarningCode;
  readonly message: RefusalText;
  /** The event that it is about. */
  readonly event: string;
}
export type Acted =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly repeated: boolean }
  /** The command is on its way to the custodian; its address is its hash. */
  | { readonly kind: 'sent'; readonly command: Hash; readonly subject: string }
  | ({ readonly kind: 'refused'; readonly situation?: SituationName } & Refusal);

/** What an idempotency key was answered with before. */
export function answerBefore({ subject }: { readonly subject: string }, text: string): Acted {
  const answer = JSON.parse(text) as Answer | { readonly command: Hash };
  return 'command' in answer
    ? { kind: 'sent', command: answer.command, subject }
    : { kind: 'answered', answer, repeated: true };
}

export function answerOf({ subject, state }: LoadedDossier, events: readonly SealedMessage[]): Answer {
  return {
    subject,
    events: events.map(({ message, hash }) => ({
      hash,
      type: splitType(message.type)?.name ?? message.type,
      place: Number(message.streamseq),
    })),
    ...summaryOf(state),
    ...warningsOf(state, new Set(events.map(({ hash }) => hash))),
  };
}

/** Those of some events, or of all: the fold takes them from the events, so every node gives the same ones. */
export function warningsOf(state: DossierState, events?: ReadonlySet<string>): Pick<Answer, 'warnings'> {
  if (state.situation === 'NotFiled') return {};
  const found = state.facts.warnings.filter(({ event }) => events?.has(event) ?? true);
  if (found.length === 0) return {};
  return {
    warnings: found.map((warning) => ({ code: warning.code, message: warningMessage(warning), event: warning.event })),
  };
}

function summaryOf(state: DossierState): Pick<Answer, 'situation' | 'dossierCode' | 'dueAt'> {
  if (state.situation === 'NotFiled') return { situation: state.situation };
  const { dossierCode, due } = state.facts;
  return {
    situation: state.situation,
    ...(dossierCode === undefined ? {} : { dossierCode }),
    ...(due === undefined ? {} : { dueAt: due.dueAt }),
  };
}
