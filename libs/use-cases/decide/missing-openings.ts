import { committedPointers } from '#libs/exchange';
import type { Hash, SealedMessage } from '#libs/kernel';
import { subjectOfPointer } from '../answer-peers/subject-of-pointer.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';
import type { LoadedDossier } from './load-dossier.ts';

/**
 * Events of the main branch with a digest whose opening this node lacks and whose subject has not been erased: what an
 * agency must have before it may take the dossier over (wire format 4).
 */
export async function missingOpenings(
  services: NodeServices,
  { subject, state }: LoadedDossier,
): Promise<readonly Hash[]> {
  const events = (await services.store.readStream(subject, 'main')).map(openStored);
  const erased = new Set(state.situation === 'NotFiled' ? [] : state.facts.erasedSubjects);
  return withoutOpenings(services, events, erased);
}

/** Of these messages, those with a digest that cannot be opened here. */
export async function withoutOpenings(
  services: NodeServices,
  messages: readonly SealedMessage[],
  erased: ReadonlySet<string> = new Set(),
): Promise<readonly Hash[]> {
  const committing = messages.filter((message) => committedPointers(message).length > 0);
  if (committing.length === 0) return [];
  const held = await services.vault.findPointers(committing.map(({ hash }) => hash));
  return committing
    .filter((message) => !isOpened(services, message, { held: held.get(message.hash) ?? [], erased }))
    .map(({ hash }) => hash);
}

function isOpened(
  services: NodeServices,
  message: SealedMessage,
  { held, erased }: { held: readonly string[]; erased: ReadonlySet<string> },
): boolean {
  const open = new Set(held);
  return committedPointers(message).every(
    (pointer) => open.has(pointer) || erased.has(subjectOfPointer(services.contracts, message.message.type, pointer)),
  );
}
