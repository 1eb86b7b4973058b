/**
 * The latest checkpoint of every log that nodes have published on the checkpoints topic. A database that was rolled back
 * together with its own checkpoint is seen by them: they are kept at the broker and at every peer that reads the topic.
 */
import { connect } from 'node:net';
import { groupPrefix, CHECKPOINTS_TOPIC, readDirectoryToEnd } from '#libs/messaging-kafka';
import { parseCheckpointText, parseNote } from '#libs/ledger';
import type { CheckpointFound } from '#libs/use-cases';
import type { StackFound } from '../reach/reach-nodes.ts';

const PATIENCE_MS = 10_000;
const CONNECT_MS = 2_000;

/** By origin of the log; empty when the broker is away: a checkpoint more or less does not hold up a verification. */
export async function readPublishedCheckpoints({ record }: StackFound): Promise<ReadonlyMap<string, CheckpointFound>> {
  const found = new Map<string, CheckpointFound>();
  const [node] = record.nodes;
  if (!node || !(await anyAnswers(record.brokers))) return found;
  const reader = readDirectoryToEnd({
    connection: {
      brokers: record.brokers,
      clientId: 'lienthong-verify',
      ...(node.kafka && { sasl: node.kafka }),
      ...(record.kafkaSsl && { tls: record.kafkaSslCa === undefined ? {} : { ca: record.kafkaSslCa } }),
    },
    groupPrefix: groupPrefix(node.node),
    topic: CHECKPOINTS_TOPIC,
    handle: async ({ records }) => {
      for (const { value } of records) if (value) keep(found, Buffer.from(value).toString('utf8'));
    },
  });
  await Promise.race([reader.level, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  await reader.stop();
  return found;
}

/** A reader waits for a broker as long as it takes; a check does not. */
async function anyAnswers(brokers: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(brokers.map(answersAt));
  return answers.some((answered) => answered);
}

function answersAt(broker: string): Promise<boolean> {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(broker) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: CONNECT_MS });
    const end = (answered: boolean) => (): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}

/** What is no checkpoint is passed over here; whether it is rightly signed is judged by the verification. */
function keep(found: Map<string, CheckpointFound>, note: string): void {
  try {
    const { origin, size } = parseCheckpointText(parseNote(note).text);
    if (size > (found.get(origin)?.size ?? -1)) found.set(origin, { size, note });
  } catch {
    return;
  }
}
