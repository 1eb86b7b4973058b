/** A broker of a spec's own, to be killed, stopped and wiped; the one that all specs share must live. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaConnection } from '#libs/messaging-kafka';
import { openStack, removeStack } from '#tools/stack';

export interface OwnKafka {
  /** As the administrator. */
  readonly connection: KafkaConnection;
  connectionAs(username: string): Promise<KafkaConnection>;
  /** SIGKILL, as when the power goes; `start` brings it back with the same data and port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** While it is killed: all data gone, so that it comes back as another cluster. */
  wipe(): void;
  /** SIGSTOP and SIGCONT: connected, and silent. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}

export async function startOwnKafka(users: readonly string[] = []): Promise<OwnKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-kafka-'));
  const stack = openStack(folder);
  let kafka = await stack.startKafka({ users });
  const as = (sasl: { readonly username: string; readonly password: string }): KafkaConnection => ({
    brokers: kafka.brokers,
    clientId: 'spec',
    sasl,
  });
  return {
    connection: as(kafka.admin),
    connectionAs: async (username) => as(await kafka.ensureUser(username)),
    async kill() {
      process.kill(kafka.process.pid, 'SIGKILL');
      await stack.stopKafka();
    },
    async start() {
      kafka = await stack.startKafka({ users });
    },
    wipe: () => rmSync(join(folder, 'kafka/logs'), { recursive: true, force: true }),
    freeze: () => process.kill(kafka.process.pid, 'SIGSTOP'),
    thaw: () => process.kill(kafka.process.pid, 'SIGCONT'),
    async remove() {
      await stack.stopAll();
      await removeStack(folder);
    },
  };
}
