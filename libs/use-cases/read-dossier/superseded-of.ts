import type { SupersededAct } from '#libs/dossier';
import { supersededIn } from '#libs/exchange';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

/** Superseded acts of a dossier with their answers, as this node holds it today. A stream without branches is not read. */
export async function supersededOf(
  { store }: Pick<NodeServices, 'store'>,
  head: Pick<StreamHead, 'subject' | 'superseded'> | undefined,
): Promise<readonly SupersededAct[]> {
  if (!head || head.superseded.length === 0) return [];
  return supersededIn((await store.readStream(head.subject, 'all')).map(openStored));
}
