/** One batch of the log folded onto the dossiers it concerns; reads the ledger for those that have to be folded anew. */
import type { Subject } from '#libs/kernel';
import type { EventStore, StoredMessage } from '#libs/use-cases';
import { codesOf, type FoldedDossier } from './dossier-row.ts';
import {
  begun,
  findLoggedEvent,
  park,
  seenWith,
  type DossierProjection,
  type LoggedEvent,
} from './dossier.projection.ts';
import type { FoldedBatch } from './dossier-rows.ts';

export interface FoldGround {
  readonly projection: DossierProjection;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly load: (subjects: readonly Subject[]) => Promise<ReadonlyMap<Subject, FoldedDossier>>;
  /** For entries that cannot be read at all: they concern no dossier that could be named. */
  readonly onError: (error: unknown) => void;
}

/** `upTo`: the last entry of the batch. Gives every dossier that changed, once. */
export async function foldBatch(
  ground: FoldGround,
  messages: readonly StoredMessage[],
  upTo: number,
): Promise<FoldedBatch> {
  const bySubject = Map.groupBy(eventsOf(messages, ground.onError), ({ subject }) => subject);
  const before = await ground.load([...bySubject.keys()]);
  const dossiers: FoldedDossier[] = [];
  for (const [subject, events] of bySubject) {
    const folded = foldOnto(ground.projection, before.get(subject), events);
    dossiers.push(folded ?? (await foldAnew(ground, subject, upTo)));
  }
  const recoded = dossiers.filter((dossier) => codesText(dossier) !== codesText(before.get(dossier.subject)));
  return { dossiers, recoded, upTo };
}

/** The dossier from its whole stream, as of an index of the log. */
export async function foldAnew(
  { projection, store }: FoldGround,
  subject: Subject,
  upTo: number,
): Promise<FoldedDossier> {
  const messages = await store.readStream(subject, 'all');
  return projection.anew(eventsOf(messages.filter(({ logIndex }) => logIndex <= upTo)));
}

/** Where even the row of a dossier cannot be written: the row before, if there was one, parked. */
export async function parkBatch(
  ground: FoldGround,
  messages: readonly StoredMessage[],
  upTo: number,
): Promise<FoldedBatch> {
  const events = eventsOf(messages, ground.onError);
  const before = await ground.load(events.map(({ subject }) => subject));
  const dossiers = events.map((event) =>
    park(seenWith(before.get(event.subject) ?? begun(event), event), 'FOLD_FAILED', event.sealed.hash),
  );
  return { dossiers, recoded: dossiers, upTo };
}

function foldOnto(
  projection: DossierProjection,
  before: FoldedDossier | undefined,
  events: readonly LoggedEvent[],
): FoldedDossier | undefined {
  let dossier = before;
  for (const event of events) {
    dossier = projection.next(dossier, event);
    if (!dossier) return undefined;
  }
  return dossier;
}

function eventsOf(messages: readonly StoredMessage[], onError?: (error: unknown) => void): LoggedEvent[] {
  return messages.flatMap((stored) => {
    try {
      return findLoggedEvent(stored) ?? [];
    } catch (error) {
      if (!onError) throw error;
      onError(error);
      return [];
    }
  });
}

const codesText = (dossier: FoldedDossier | undefined): string => JSON.stringify(dossier ? codesOf(dossier) : []);
