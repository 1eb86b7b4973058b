import { createHash, randomUUID } from 'node:crypto';
import type { Hash, Subject } from '#libs/kernel';
import type { StoredDisclosure } from '#libs/use-cases';

/** Disclosures as wire format 4 makes them, of a stream and an event that no other test uses. */
export function disclosuresOf(
  values: Readonly<Record<string, string>>,
  given: Partial<StoredDisclosure> = {},
): StoredDisclosure[] {
  const stream = given.stream ?? newStream();
  const event = given.event ?? newEvent();
  return Object.entries(values).map(([pointer, value]) => ({
    stream,
    event,
    pointer,
    subject: given.subject ?? (pointer.split('/')[1] as string),
    disclosure: Buffer.from(JSON.stringify([randomUUID(), pointer, value])).toString('base64url'),
  }));
}
export const newStream = (): Subject => `dossier/H26.129.05/${randomUUID()}` as Subject;
export const newEvent = (): Hash => createHash('sha256').update(randomUUID()).digest('base64url') as Hash;
