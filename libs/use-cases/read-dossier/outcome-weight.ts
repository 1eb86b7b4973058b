/**
 * Which of several outcomes answers a command. A signature says who states an outcome, not whether it was that agency's to
 * give: whoever holds a key and knows a command's hash can sign one, and whoever has had the command can send it on until
 * somebody answers `TOO_MANY_HOPS`. So what the stream proves comes first, then what an agency says that could decide, then
 * what any node on the way may say (wire format 2.1); what nobody of these says is no answer until the command has expired
 * and nothing better can come. Proved by `outcome-weight.int.spec.ts`.
 */
import {
  isHash,
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';

export interface OutcomeFound {
  readonly sealed: SealedMessage;
  /** Signed by an agency of this node. */
  readonly isOwn: boolean;
}
export interface OutcomeGrounds {
  readonly subject: Subject;
  readonly expiredAt: string;
  readonly now: Instant;
  /** Events of this stream that the command caused and that are held here. */
  readonly caused: ReadonlySet<Hash>;
  /** Whether a decision could be this agency's; nobody can tell of a stream of which nothing is held. */
  readonly mayDecide: (agency: AgencyCode) => boolean;
}

const WEIGHTS = { proved: 4, decided: 3, onTheWay: 2, late: 1, none: 0 } as const;

/** The weightiest; of equals the one recorded first. */
export function chooseOutcome(outcomes: readonly OutcomeFound[], grounds: OutcomeGrounds): SealedMessage | undefined {
  let chosen: { readonly sealed: SealedMessage; readonly weight: number } | undefined;
  for (const { sealed, isOwn } of outcomes) {
    const weight = weigh({ sealed, isOwn }, grounds);
    if (weight > (chosen?.weight ?? WEIGHTS.none)) chosen = { sealed, weight };
  }
  return chosen?.sealed;
}

function weigh(found: OutcomeFound, grounds: OutcomeGrounds): number {
  const { sealed, isOwn } = found;
  if (sealed.message.subject !== grounds.subject) return WEIGHTS.none;
  const events = eventsNamed(sealed);
  if (events.length > 0 && events.every((hash) => grounds.caused.has(hash))) return WEIGHTS.proved;
  if (isSaidOnTheWay(sealed, grounds)) return WEIGHTS.onTheWay;
  if (isOwn || grounds.mayDecide(splitSource(sealed.message.source)?.name as AgencyCode)) return WEIGHTS.decided;
  return grounds.now > grounds.expiredAt ? WEIGHTS.late : WEIGHTS.none;
}

/** Refusals of nodes that decide nothing; of `EXPIRED` its own time is asked. */
function isSaidOnTheWay({ message }: SealedMessage, { expiredAt }: OutcomeGrounds): boolean {
  const code = message.data['code'];
  return SAID_ON_THE_WAY.has(code) || (code === 'EXPIRED' && message.recordedtime > expiredAt);
}
const SAID_ON_THE_WAY: ReadonlySet<unknown> = new Set(['TOO_MANY_HOPS', 'AGENCY_NOT_VALID']);

/** Hashes in `data.events` of `accepted`; none of `refused`. */
export function eventsNamed({ message }: SealedMessage): readonly Hash[] {
  const named = message.data['events'];
  if (splitType(message.type)?.name !== 'accepted' || !Array.isArray(named)) return [];
  return named.filter((value): value is Hash => isString(value) && isHash(value));
}
const isString = (value: unknown): value is string => typeof value === 'string';
