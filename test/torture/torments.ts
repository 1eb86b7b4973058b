/**
 * What goes wrong on the real thing, one at a time per lane: each torment does its harm, waits a drawn time, and mends what
 * it has done. The lane of the processes and the lane of what they stand on run beside each other.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { mailboxTopic, mailboxWanted, openAdmin } from '#libs/messaging-kafka';
import type { NodeId } from '#libs/kernel';
import type { NodeProcess } from '#tools/embedded';
import type { Chance } from '../../apps/load/chance.ts';
import type { CuttingProxy } from '../../libs/testing/cutting-proxy.ts';
import { openStateFile } from '../../tools/stack/state-file.ts';
import { isRunning } from '../../tools/stack/process.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import type { Balancer } from '../support/balancer.ts';
import type { Story } from '../support/story.ts';

export interface Scene {
  readonly story: Story;
  readonly balancer: Balancer;
  readonly chance: Chance;
  /** Between the first process of each node and its ledger. */
  readonly proxies: ReadonlyMap<NodeId, CuttingProxy>;
  /** The second process of a node, where it has one. */
  readonly seconds: Map<NodeId, NodeProcess>;
  say(text: string): void;
}
export interface Torment {
  readonly name: string;
  run(scene: Scene, at: { readonly node: NodeId; readonly ms: number }): Promise<void>;
}

/** Signals to the processes of a node. */
export const OF_PROCESSES: readonly Torment[] = [
  {
    name: 'process killed (SIGKILL)',
    run: async ({ story }, { node, ms }) => {
      await story.kill(node);
      await pause(ms / 4);
      await story.start(node);
    },
  },
  {
    name: 'process stopped (SIGTERM) and started',
    run: async ({ story }, { node }) => {
      await story.stack.stopNode(node);
      await story.start(node);
    },
  },
  {
    name: 'process suspended (SIGSTOP) and resumed',
    run: async ({ story }, { node, ms }) => {
      const suspended = story.stack.findProcess(node);
      suspended?.signal('SIGSTOP');
      await pause(ms);
      suspended?.signal('SIGCONT');
    },
  },
  {
    name: 'second process killed, another one started',
    run: async ({ story, seconds, balancer }, { node, ms }) => {
      await seconds.get(node)?.kill('SIGKILL');
      await pause(ms / 4);
      const another = await story.stack.addProcess(node);
      seconds.set(node, another);
      await balancer.add(node, another);
    },
  },
];

/** What stands below all nodes, and between them. */
export const OF_SERVERS: readonly Torment[] = [
  {
    name: 'broker killed (SIGKILL)',
    run: async ({ story }, { ms }) => {
      await crash(story, 'kafka', 'SIGKILL');
      await pause(ms / 2);
      await story.stack.startKafka();
    },
  },
  {
    name: 'broker stopped and started',
    run: async ({ story }, { ms }) => {
      await story.stack.stopKafka();
      await pause(ms / 2);
      await story.stack.startKafka();
    },
  },
  {
    name: 'database killed (SIGQUIT, crash recovery)',
    run: async ({ story }, { ms }) => {
      await crash(story, 'postgres', 'SIGQUIT');
      await pause(ms / 4);
      await story.stack.startPostgres();
    },
  },
  {
    name: 'connections to the ledger cut',
    run: async ({ proxies }, { node }) => proxies.get(node)?.cut(),
  },
  {
    name: 'ledger silent, connections open',
    run: async ({ proxies }, { node, ms }) => {
      proxies.get(node)?.silence();
      await pause(ms);
      proxies.get(node)?.heal();
      proxies.get(node)?.cut();
    },
  },
  {
    name: 'mailbox topic deleted and made anew',
    run: async ({ story }, { node }) => {
      const { brokers } = story.stack.record;
      const { admin: sasl } = await story.stack.startKafka();
      const admin = await openAdmin({ brokers, clientId: 'torture', sasl });
      try {
        const topic = mailboxTopic(node);
        await admin.deleteTopics([topic]);
        await eventually(() => admin.ensureTopics([mailboxWanted(node)]), { withinMs: 30_000 });
      } finally {
        await admin.close();
      }
    },
  },
];

/** At once, without a word; resolves when it has ended. */
async function crash(story: Story, which: 'kafka' | 'postgres', signal: NodeJS.Signals): Promise<void> {
  const mark = openStateFile(story.stack.folder.dir).read()[which]?.process;
  if (!mark) throw new Error(`${which} does not run`);
  process.kill(mark.pid, signal);
  await eventually(() => {
    if (isRunning(mark)) throw new Error(`${which} has not ended`);
  });
}
