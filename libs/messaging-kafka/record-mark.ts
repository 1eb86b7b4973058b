/**
 * What tells one record from every other that may stand at its offset: kafkajs does not show the id of a topic, so a topic made
 * anew is known by its records. The time is the producer's, so the same message sent again is another record.
 */
import { createHash } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';

export function markOf({ offset, timestamp, key, value }: KafkaMessage): string {
  const digest = createHash('sha256').update(`${offset} ${timestamp} ${key?.length ?? -1} ${value?.length ?? -1}\n`);
  if (key) digest.update(key);
  if (value) digest.update(value);
  return digest.digest('base64url');
}
