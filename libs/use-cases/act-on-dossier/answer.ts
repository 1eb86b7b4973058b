import type { DossierState, Refusal, SituationName } from '#libs/dossier';
import { splitType, type Hash, type SealedMessage } from '#libs/kernel';
import type { LoadedDossier } from '../decide/load-dossier.ts';

/** What an accepted command is answered with; kept as the answer of its idempotency key, so without personal data. */
export interface Answer {
  readonly subject: string;
  readonly events: readonly { readonly hash: string; readonly type: string; readonly place: number }[];
  readonly situation: string;
  readonly dossierCode?: string;
  readonly dueAt?: string;
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
