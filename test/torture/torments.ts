/**
 * What goes wrong on the real thing, one at a time per lane: each torment does its harm, waits a drawn time, and mends what
 * it has done. The lane of the processes and the lane of what they stand on run beside each other.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openStateFile } from '../../tools/stack/state-file.ts';
import { isRunning } from '../../tools/stack/process.ts';
import { eventually } from '../../libs/testing/eventually.ts';
import type { Story } from '../support/story.ts';
import {
  CLOCK_BEHIND,
  CLOCK_SET_BACK,
  FULL_DISKS,
  MAILBOX_MADE_ANEW,
  MAILBOX_REFILLED,
  OFFSET_ELSEWHERE,
  REBALANCE_STORM,
} from './of-data.ts';
import { KILLED_AT_A_POINT } from './of-kills.ts';
import type { Torment } from './scene.ts';

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
  KILLED_AT_A_POINT,
  OFFSET_ELSEWHERE,
  CLOCK_BEHIND,
  REBALANCE_STORM,
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
  MAILBOX_MADE_ANEW,
  MAILBOX_REFILLED,
  CLOCK_SET_BACK,
  ...FULL_DISKS,
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
