import type { Hash } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { Operation } from '../record-operation/record-operation.ts';
import { openStored } from '../stored-messages.ts';

/** The start of a job as the cause of what the job does. */
export async function causeOf(
  { store }: Pick<NodeServices, 'store'>,
  started: Hash,
): Promise<Pick<Operation, 'cause'>> {
  const stored = (await store.findByHash([started])).get(started);
  return stored ? { cause: { id: openStored(stored).message.id, hash: started } } : {};
}
