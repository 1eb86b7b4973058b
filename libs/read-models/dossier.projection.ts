/**
 * Folds recorded events onto dossiers. Where it goes on and where it stands still:
 *
 *     following ──not understood──▶ parked NOT_UNDERSTOOD ──upgrade: folded anew──▶ following
 *        │  └────throws──────────▶ parked FOLD_FAILED   ──upgrade: folded anew──▶ following
 *        └──second event at a place──▶ branched: at every event folded anew along the main branch of that moment
 *                                         └──equal branches──▶ parked FORK, at the last event before the forked place
 *
 * Promises: what comes out is a function of the events up to an index, however they were cut into batches; an event that
 * cannot be folded stops its own dossier and no other (G7). Proved by `dossier.projection.spec.ts`.
 */
import { evolve, initialState, NotUnderstood, unanswered, type DossierState, type RecordedEvent } from '#libs/dossier';
import { branchesOf, foldVerdict, supersededIn, toEventNode, type FoldContracts } from '#libs/exchange';
import {
  splitSource,
  splitSubject,
  splitType,
  type Hash,
  type Instant,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { StoredMessage } from '#libs/use-cases';
import type { FoldedDossier, Parked } from './dossier-row.ts';

/** An event of a dossier as the log holds it. */
export interface LoggedEvent {
  readonly sealed: SealedMessage;
  readonly subject: Subject;
  readonly logIndex: number;
  readonly appendedAt: Instant;
  readonly effect: StoredMessage['effect'];
}
export type Evolve = (state: DossierState, event: RecordedEvent) => DossierState;

/** Undefined for what is no event of a dossier. Throws on bytes that are no JSON: a changed ledger, for `verify` to find. */
export function findLoggedEvent(stored: StoredMessage): LoggedEvent | undefined {
  if (stored.class !== 'event') return undefined;
  const message = JSON.parse(Buffer.from(stored.bytes).toString('utf8')) as SealedMessage['message'];
  if (splitSubject(message.subject).kind !== 'dossier') return undefined;
  const sealed: SealedMessage = { class: 'event', message, bytes: stored.bytes, hash: stored.hash };
  const { logIndex, appendedAt, effect } = stored;
  return { sealed, subject: message.subject as Subject, logIndex, appendedAt, effect };
}

export class DossierProjection {
  readonly #contracts: FoldContracts;
  readonly #evolve: Evolve;

  constructor(contracts: FoldContracts, fold: Evolve = evolve) {
    this.#contracts = contracts;
    this.#evolve = fold;
  }

  /** The next event of a stream; undefined when the dossier has to be folded {@link anew}. */
  next(before: FoldedDossier | undefined, event: LoggedEvent): FoldedDossier | undefined {
    if (event.effect !== 'extends' || before?.branched) return undefined;
    const seen = seenWith(before ?? begun(event), event);
    return seen.parked ? { ...seen, unapplied: seen.unapplied + 1 } : this.#apply(seen, event.sealed);
  }

  /** From all events of a stream up to the index asked for, in log order, at least one. */
  anew(events: readonly LoggedEvent[]): FoldedDossier {
    const last = events.at(-1) as LoggedEvent;
    const branches = branchesOf(events.map(({ sealed }) => toEventNode(sealed)));
    const held = events.map(({ sealed }) => sealed);
    const bySelf = new Map(held.map((sealed) => [sealed.hash, sealed]));
    const main = branches.main.map(({ hash }) => bySelf.get(hash) as SealedMessage);
    const start = {
      ...seenWith(begun(events[0] as LoggedEvent), last),
      branched: branches.branched,
      unanswered: unanswered(supersededIn(held, branches)).length,
    };
    const folded = main.reduce<FoldedDossier>(
      (dossier, sealed) =>
        dossier.parked ? { ...dossier, unapplied: dossier.unapplied + 1 } : this.#apply(dossier, sealed),
      start,
    );
    if (!branches.fork) return folded;
    const side = branches.forkAt?.sides[0];
    return {
      ...folded,
      ...parkedAt(folded.parked ?? 'FORK', folded.parkedEvent ?? side),
      unapplied: folded.unapplied + branches.contested.length,
    };
  }

  #apply(dossier: FoldedDossier, sealed: SealedMessage): FoldedDossier {
    try {
      if (foldVerdict(sealed, this.#contracts)) return park(dossier, 'NOT_UNDERSTOOD', sealed.hash);
      const state = this.#evolve(dossier.state, recordedEvent(sealed));
      const forwardedBy = forwardedAfter(dossier, state);
      return { ...dossier, state, forwardedBy, head: sealed.hash, headPlace: dossier.headPlace + 1 };
    } catch (error) {
      return park(dossier, error instanceof NotUnderstood ? 'NOT_UNDERSTOOD' : 'FOLD_FAILED', sealed.hash);
    }
  }
}

/** Before anything of it was folded. */
export const begun = ({ subject, logIndex, appendedAt }: LoggedEvent): FoldedDossier => ({
  subject,
  state: initialState,
  forwardedBy: [],
  firstIndex: logIndex,
  updatedIndex: logIndex,
  updatedAt: appendedAt,
  headPlace: 0,
  branched: false,
  unapplied: 0,
  unanswered: 0,
});

/** The fold stands before this event. */
export const park = (dossier: FoldedDossier, parked: Parked, event: Hash): FoldedDossier => ({
  ...dossier,
  ...parkedAt(parked, event),
  unapplied: dossier.unapplied + 1,
});
const parkedAt = (parked: Parked, event: Hash | undefined): Pick<FoldedDossier, 'parked' | 'parkedEvent'> => ({
  parked,
  ...(event === undefined ? {} : { parkedEvent: event }),
});

/** It was recorded, whatever the fold makes of it. */
export const seenWith = (dossier: FoldedDossier, { logIndex, appendedAt }: LoggedEvent): FoldedDossier => ({
  ...dossier,
  updatedIndex: logIndex,
  updatedAt: appendedAt,
});

/** Its data have passed the committed schema. */
const recordedEvent = ({ message, hash }: SealedMessage): RecordedEvent =>
  ({
    type: splitType(message.type)?.name,
    data: message.data,
    hash,
    author: splitSource(message.source)?.name,
    time: message.time,
    recordedTime: message.recordedtime,
  }) as unknown as RecordedEvent;

/** Passed on counts once it was accepted; giving back (`return`) is no passing on. */
function forwardedAfter(
  { state: before, forwardedBy }: FoldedDossier,
  after: DossierState,
): FoldedDossier['forwardedBy'] {
  if (before.situation !== 'InTransit' || after.situation === 'NotFiled') return forwardedBy;
  const { from, to, reason } = before.leg;
  const accepted = after.facts.hand.kind === 'held' && after.facts.hand.custodian === to;
  return accepted && reason !== 'return' && !forwardedBy.includes(from) ? [...forwardedBy, from] : forwardedBy;
}
