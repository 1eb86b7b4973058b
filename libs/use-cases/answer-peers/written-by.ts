import { agencySource, type NodeId, type Subject } from '#libs/kernel';
import { agenciesOf } from '../agencies-of.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

/**
 * The last place of a stream that an agency of the peer has written; undefined: none has. An agency that declined a dossier has
 * no part in it any more; yet if its node's database was put back, the dossier is on its way to it there, and it would answer
 * once more. What it wrote it may have again, with what came before.
 */
export async function lastWrittenBy(
  services: NodeServices,
  peer: NodeId,
  subject: Subject,
): Promise<number | undefined> {
  const sources = new Set<string>(agenciesOf(services, peer).map(agencySource));
  const events = (await services.store.readStream(subject, 'all')).map(openStored);
  const own = events.filter(({ message }) => sources.has(message.source));
  return own.length === 0 ? undefined : Math.max(...own.map(({ message }) => Number(message.streamseq)));
}
