/**
 * The log of a life (wire format 8): origin `<host>/<node>/<life>`. A later life's log holds the whole ledger anew, behind a
 * first entry that stands for no message: the hash of the last checkpoint known of the life before (docs/adr/0016).
 */
import { parseNote } from '#libs/ledger';
import { encodeBase64Url, encodeUtf8, type Hash, type Sha256 } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { LaterLife, LifeStore } from '../ports/index.ts';

export const logOrigin = (
  { logOriginHost, node }: Pick<NodeServices, 'logOriginHost' | 'node'>,
  life: number,
): string => `${logOriginHost}/${node}/${life}`;

/** SHA-256 of the checkpoint's text without signatures; of nothing, when no checkpoint of the lives before is known. */
export const linkOf = ({ noteBefore }: Pick<LaterLife, 'noteBefore'>, sha256: Sha256): Hash =>
  encodeBase64Url(sha256(encodeUtf8(noteBefore === undefined ? '' : parseNote(noteBefore).text))) as Hash;

/** What stands in the log of this life before the entry of log index 0. */
export async function leavesBefore(
  store: Pick<LifeStore, 'laterLives'>,
  life: number,
  sha256: Sha256,
): Promise<readonly Hash[]> {
  const later = (await store.laterLives()).find((one) => one.life === life);
  return later ? [linkOf(later, sha256)] : [];
}
