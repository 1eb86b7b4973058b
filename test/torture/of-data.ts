/** What a broker, a clock or a disk does to what a node relies on. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { NodeId } from '#libs/kernel';
import {
  mailboxTopic,
  mailboxWanted,
  openAdmin,
  openSender,
  type KafkaAdmin,
  type KafkaConnection,
} from '#libs/messaging-kafka';
import { eventually } from '../../libs/testing/eventually.ts';
import type { Story } from '../support/story.ts';
import type { Scene, Torment } from './scene.ts';

const PATIENCE = { withinMs: 30_000 };

async function connectionOf({ stack }: Story): Promise<KafkaConnection> {
  const { admin: sasl } = await stack.startKafka();
  return { brokers: stack.record.brokers, clientId: 'torture', sasl };
}

async function withAdmin(story: Story, work: (admin: KafkaAdmin, connection: KafkaConnection) => Promise<void>) {
  const connection = await connectionOf(story);
  const admin = await openAdmin(connection);
  try {
    await work(admin, connection);
  } finally {
    await admin.close();
  }
}

async function recreate(admin: KafkaAdmin, node: NodeId): Promise<void> {
  await admin.deleteTopics([mailboxTopic(node)]);
  await eventually(() => admin.ensureTopics([mailboxWanted(node)]), PATIENCE);
}

/** As the owner of the node's ledger; what is in the database, and not what processes know of it. */
function inLedger({ stack }: Story, node: NodeId, statements: string): Promise<void> {
  // The other lane may have taken the server away.
  return eventually(async () => {
    const client = new pg.Client(stack.databaseUrls.get(node)?.ledger.ownerUrl);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(statements);
    } finally {
      await client.end().catch(() => undefined);
    }
  }, PATIENCE);
}

export const MAILBOX_MADE_ANEW: Torment = {
  name: 'mailbox topic deleted and made anew',
  run: ({ story }, { node }) => withAdmin(story, (admin) => recreate(admin, node)),
};

export const MAILBOX_REFILLED: Torment = {
  name: 'mailbox topic made anew and filled past what was read',
  run: ({ story }, { node }) =>
    withAdmin(story, async (admin, connection) => {
      const topic = mailboxTopic(node);
      const before = await admin.ranges(topic);
      const most = Math.max(...before.map(({ high }) => Number(high))) + 50;
      await recreate(admin, node);
      const sender = openSender({ connection });
      // Keys of many partitions: each is filled.
      const junk = Array.from({ length: most * before.length * 2 }, (_, at) => ({
        key: `junk-${at}`,
        value: Buffer.from('junk'),
      }));
      try {
        for (let at = 0; at < junk.length; at += 2_000)
          await eventually(() => sender.send(topic, junk.slice(at, at + 2_000)), PATIENCE);
      } finally {
        await sender.close();
      }
    }),
};

/** The process reads on from what its ledger says; the second one, where there is one, may set it right before. */
export const OFFSET_ELSEWHERE: Torment = {
  name: 'offset set to where the broker holds nothing, or something else',
  run: async ({ story }, { node, ms }) => {
    const by = ms % 2 === 0 ? 1_000_000 : 3;
    await story.kill(node);
    await inLedger(story, node, `update lt.mailbox_offset set next = next + ${by}`);
    await story.start(node);
  },
};

/** As rows look that were stamped by a clock which was hours ahead, and has been set back. */
export const CLOCK_SET_BACK: Torment = {
  name: 'clock of the database set back by three hours',
  run: ({ story }, { node }) =>
    inLedger(
      story,
      node,
      `update lt.receiver set lease_until = lease_until + interval '3 hours' where lease_owner is not null;
       update lt.resend set taken_at = taken_at + interval '3 hours';
       update lt.held set held_since = held_since + interval '3 hours'`,
    ),
};

const HOURS_BEHIND = 2;

/** The work clock stays right, since desks and nodes go by it together. */
export const CLOCK_BEHIND: Torment = {
  name: 'second process exchanged for one whose clock is two hours behind',
  run: async ({ story, seconds, balancer }, { node }) => {
    const ms = HOURS_BEHIND * 3_600_000;
    const moved = `globalThis.Date=class extends Date{constructor(...a){a.length?super(...a):super(Date.now()-${ms})}static now(){return super.now()-${ms}}}`;
    const wall = new Date(Date.parse(story.clock.wall) - ms).toISOString();
    await seconds.get(node)?.stop();
    const another = await story.stack.addProcess(node, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(moved)}`,
      WORK_CLOCK: JSON.stringify({ ...story.clock, wall }),
    });
    seconds.set(node, another);
    await balancer.add(node, another);
  },
};

export const REBALANCE_STORM: Torment = {
  name: 'storm of rebalances: three processes come, one is killed, two stop',
  run: async ({ story }, { node, ms }) => {
    const come = [];
    for (let count = 0; count < 3; count += 1) come.push(await story.stack.addProcess(node));
    await pause(ms / 6);
    await Promise.all(come.map((process, at) => (at === 0 ? process.kill('SIGKILL') : process.stop())));
  },
};

const full = (name: string, which: 'database' | 'broker', mend: (scene: Scene) => Promise<unknown>): Torment => ({
  name,
  run: async (scene, { ms }) => {
    const disk = scene.disks?.[which];
    if (!disk) return `not done, nothing may be mounted: ${name}`;
    disk.fill();
    await pause(ms / 2);
    disk.makeRoom();
    await mend(scene);
    return name;
  },
});

export const FULL_DISKS: readonly Torment[] = [
  // A server that could not write its log ahead has ended, and is started again.
  full('disk of the databases full', 'database', ({ story }) => story.stack.startPostgres()),
  full('disk of the broker full', 'broker', ({ story }) => story.stack.startKafka()),
];
