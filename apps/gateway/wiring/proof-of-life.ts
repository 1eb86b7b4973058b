/**
 * What this node has published of its log, read from the checkpoints topic: in place of a mark that is lost, and before a
 * recovery, which must know the last life there was.
 */
import type { GatewayConfig } from '#libs/config';
import { DomainError } from '#libs/kernel';
import { CHECKPOINTS_TOPIC, groupPrefix, readDirectoryToEnd } from '#libs/messaging-kafka';
import { heldAgainstPublished, ownCheckpoints, type PublishedCheckpoint } from '#libs/use-cases';
import type { OpenNode } from './open-node.ts';

export interface PublishedReading {
  /** Waits for a broker that is away. */
  readonly level: Promise<readonly PublishedCheckpoint[]>;
  stop(): Promise<void>;
}

export function readPublished(config: GatewayConfig, { services, connection }: OpenNode): PublishedReading {
  const notes: string[] = [];
  const own = Buffer.from(`${config.logOriginHost}/${config.nodeId}/`);
  const reader = readDirectoryToEnd({
    connection,
    groupPrefix: groupPrefix(config.nodeId),
    topic: CHECKPOINTS_TOPIC,
    handle: async ({ records }) => {
      for (const { value } of records)
        if (value && own.equals(value.subarray(0, own.length))) notes.push(Buffer.from(value).toString('utf8'));
    },
  });
  return { level: reader.level.then(() => ownCheckpoints(services, notes)), stop: () => reader.stop() };
}

/** Within this time a recovery has the broker's word or fails. */
const PATIENCE_MS = 15_000;

/** @throws DomainError `BROKER_AWAY` */
export async function publishedNow(config: GatewayConfig, node: OpenNode): Promise<readonly PublishedCheckpoint[]> {
  const reading = readPublished(config, node);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref());
  const found = await Promise.race([reading.level, late]);
  await reading.stop();
  if (found) return found;
  throw new DomainError('BROKER_AWAY', 'a recovery asks the peers: the broker has to be there', { retryable: true });
}

export interface Proof {
  /** Resolves once the mark, or the broker in its place, has spoken for or against this database. */
  readonly given: Promise<void>;
  stop(): Promise<void>;
}

/** A mark is enough; without one, what the broker keeps is waited for, and nothing is signed or taken in before. */
export function proveLife(config: GatewayConfig, node: OpenNode): Proof {
  const { services } = node;
  if (services.life.mark()) return { given: Promise.resolve(), stop: () => Promise.resolve() };
  const reading = readPublished(config, node);
  const prove = async (): Promise<void> => {
    const published = await reading.level;
    const why = await heldAgainstPublished(services, published);
    if (why) await services.life.disprove(services.store, why);
    else await services.life.prove(services.store);
    await reading.stop();
  };
  const given = prove().catch((error: unknown) => services.report({ code: 'LIFE_NOT_PROVED', details: { error } }));
  return { given, stop: () => reading.stop() };
}
