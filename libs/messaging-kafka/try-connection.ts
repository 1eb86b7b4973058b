import { makeClient, type KafkaConnection } from './connection.ts';
import { classify } from './failure.ts';
import { speaksTls } from './secure-sockets.ts';

/** What another attempt does not mend: somebody has to set something right. */
const FOR_GOOD: ReadonlySet<string> = new Set(['TLS_REFUSED', 'LOGIN_FAILED']);

/** A start does not wait long for a broker that is connected and silent. */
const WITHIN_MS = 3_000;

/**
 * To be called at a start: rejects with `TLS_REFUSED` or `LOGIN_FAILED` when broker and client do not believe each other. A
 * broker that is away is no obstacle: the node works without, and these are found out again by whoever connects later.
 */
export async function tryConnection(connection: KafkaConnection): Promise<void> {
  const admin = makeClient(connection, { retry: { retries: 0 }, requestTimeout: WITHIN_MS }).admin();
  try {
    await admin.connect();
    await admin.listTopics();
  } catch (error) {
    const failure = classify(error);
    if (FOR_GOOD.has(failure.code)) throw failure;
    if (!connection.tls && failure.code === 'BROKER_AWAY' && (await speaksTls(connection.brokers)))
      throw classify(new Error('the broker speaks only TLS at this port'));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
