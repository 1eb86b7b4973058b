/**
 * Which superseded events wait for an answer of the custodian (design 4). The one reading: the decider refuses by it, and
 * views, lists and the command line show it.
 *
 * An answer is an event of the main history: `corrected` that refuses the event by name, or any event that has its hash as
 * cause. What one author signed at one place are so many versions of one act, so one answer is the answer to all of them,
 * those that arrive later included: otherwise whoever signs an old place again and again could make work without end.
 * Nothing but the events held counts, so nodes that hold the same say the same. Proved by `superseded.spec.ts`.
 */
import type { AgencyCode, Hash } from '#libs/kernel';

export interface SupersededEvent {
  readonly hash: Hash;
  readonly place: number;
  /** Its author. */
  readonly agency: AgencyCode;
  /** Name in the type; perhaps of a later program. */
  readonly type: string;
}
/** What an event of the main history says of others. */
export interface AnsweringEvent {
  readonly hash: Hash;
  readonly cause?: Hash;
  /** Superseded events that a `corrected` refuses. */
  readonly refuses: readonly Hash[];
}
export interface SupersededAct {
  readonly place: number;
  readonly agency: AgencyCode;
  /** At least one, in the order given. */
  readonly events: readonly Pick<SupersededEvent, 'hash' | 'type'>[];
  readonly status: 'answered' | 'unanswered';
  /** The first one on the main history. */
  readonly answer?: { readonly how: 'taken-over' | 'refused'; readonly event: Hash };
}

/** By place, then by author. `main` in its own order. */
export function supersededActs(
  superseded: readonly SupersededEvent[],
  main: readonly AnsweringEvent[],
): readonly SupersededAct[] {
  const answers = answersIn(main);
  const groups = Map.groupBy(superseded, ({ place, agency }) => `${String(place).padStart(10, '0')} ${agency}`);
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, events]) => actOf(events, answers));
}

/** Those without an answer. */
export const unanswered = (acts: readonly SupersededAct[]): readonly SupersededAct[] =>
  acts.filter(({ status }) => status === 'unanswered');

interface Answer {
  readonly answer: SupersededAct['answer'] & object;
  /** Its order on the main history. */
  readonly at: number;
}

function answersIn(main: readonly AnsweringEvent[]): ReadonlyMap<Hash, Answer> {
  const answers = new Map<Hash, Answer>();
  const note = (about: Hash, answer: Answer): void => void (answers.has(about) || answers.set(about, answer));
  for (const [at, { hash: event, cause, refuses }] of main.entries()) {
    if (cause !== undefined) note(cause, { answer: { how: 'taken-over', event }, at });
    for (const refused of refuses) note(refused, { answer: { how: 'refused', event }, at });
  }
  return answers;
}

function actOf(events: readonly SupersededEvent[], answers: ReadonlyMap<Hash, Answer>): SupersededAct {
  const [{ place, agency }] = events as [SupersededEvent, ...SupersededEvent[]];
  const given = events.flatMap(({ hash }) => answers.get(hash) ?? []).toSorted((a, b) => a.at - b.at);
  return {
    place,
    agency,
    events: events.map(({ hash, type }) => ({ hash, type })),
    status: given[0] ? 'answered' : 'unanswered',
    ...(given[0] ? { answer: given[0].answer } : {}),
  };
}
