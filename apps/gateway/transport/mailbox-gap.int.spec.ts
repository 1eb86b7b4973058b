/**
 * The broker has lost what was on its way (G12): it comes at once, and not when some timer of the sender's runs out. Real
 * time stands still for all that waits here: no reminder after 60 s, no resending after 10.
 */
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { type DynamicModule, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { GatewayConfig } from '#libs/config';
import { openTroubleStore } from '#libs/event-store-postgres';
import { systemClock } from '#libs/key-custody';
import { type KafkaAdmin, mailboxWanted, openAdmin, openSender } from '#libs/messaging-kafka';
import {
  LineDesk,
  mailboxOf,
  RecoveryDesk,
  StopSwitches,
  type MailboxSender,
  type NodeServices,
  type TroubleStore,
} from '#libs/use-cases';
import type { NodeId, Subject } from '#libs/kernel';
import { eventually } from '../../../libs/testing/eventually.ts';
import { acts, newDossier } from '../../../libs/testing/test-acts.ts';
import { TestClock } from '../../../libs/testing/test-clock.ts';
import { adminConnection, anyNode } from '../../../libs/testing/test-kafka.ts';
import { GIALAM_COMMUNES, openTestWorld, type TestNode, type TestWorld } from '../../../libs/testing/test-node.ts';
import { startRoles, type RoleLoops } from '../roles/roles.ts';
import { INGEST, MailboxController } from './mailbox.controller.ts';
import { mailboxOfNode } from './mailbox-of-node.ts';

jest.setTimeout(60_000);

const connection = adminConnection();
const COMMUNE = 'H26.129.05';
const [COMMUNES, DISTRICT, CITY] = [anyNode(), anyNode(), anyNode()];

@Module({})
class Mailbox {}

/** What a process of the node is to the broker: its mailbox and the roles that go with it. */
class Running {
  private constructor(
    private readonly app: INestMicroservice,
    private readonly roles: RoleLoops,
    private readonly store: TroubleStore,
  ) {}

  static async start(services: NodeServices, { desk, ledgerDatabase }: TestNode): Promise<Running> {
    const lines = new LineDesk(services);
    const module: DynamicModule = {
      module: Mailbox,
      controllers: [MailboxController],
      providers: [{ provide: INGEST, useValue: { services, judged: () => undefined } }],
    };
    const strategy = mailboxOfNode({ services, connection }, lines);
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    const config = { roles: ['relay', 'ingest'], holdAskAfterMs: 10_000 } as unknown as GatewayConfig;
    const deadlines = { findOpinionsDue: () => Promise.resolve([]) };
    const store = openTroubleStore({ url: ledgerDatabase.appUrl });
    const trouble = { store, stops: new StopSwitches(store) };
    const housekeeping = { prune: () => Promise.resolve() };
    const life = { recovery: new RecoveryDesk(services), isDirectoryLevel: () => true, housekeeping };
    const roles = startRoles({ services, config, owner: 'spec', deadlines, directory: desk, lines, trouble, ...life });
    return new Running(app, roles, store);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await Promise.all(this.roles.loops.map((loop) => loop.stop()));
    await this.store.close();
  }
}

const wall = new TestClock(systemClock.now());
let world: TestWorld;
let admin: KafkaAdmin;
let sender: MailboxSender;
const running: Running[] = [];
const mailboxes = (nodes: readonly NodeId[]) => nodes.map((node) => mailboxWanted(node, { partitions: 1 }));

beforeAll(async () => {
  admin = await openAdmin(connection);
  await admin.ensureTopics(mailboxes([COMMUNES, DISTRICT, CITY]));
  sender = openSender({ connection });
  world = await openTestWorld({
    nodes: [
      { node: COMMUNES, agencies: GIALAM_COMMUNES },
      { node: DISTRICT, agencies: ['H26.129'] },
    ],
    absent: [{ node: CITY, agencies: ['H26', 'H26.901', 'H26.902', 'H26.903'] }],
    wall,
  });
});
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));
afterAll(async () => {
  await world.close();
  await sender.close();
  await admin.close();
});

async function start(name: NodeId): Promise<Running> {
  const node = world.nodeOf(name);
  const one = await Running.start({ ...node.services, sender }, node);
  running.push(one);
  return one;
}
/** The broker deletes in its own time; until then the name is taken. */
async function recreate(topic: string): Promise<void> {
  await admin.deleteTopics([topic]);
  await eventually(async () => {
    await admin.ensureTopics(mailboxes([DISTRICT]));
    expect((await admin.ranges(topic)).map(({ high }) => high)).toEqual(['0']);
  });
}
const heldAt = async (name: NodeId, subject: Subject): Promise<number> =>
  (await world.nodeOf(name).services.store.readStream(subject, 'main')).length;

it.each([
  ['expired', (topic: string) => admin.deleteRecords(topic), 'EXPIRED'],
  [
    'were thrown away with their topic',
    recreate,
    // By how far the old one had been read and kept.
    expect.stringMatching(/^(BEYOND_END|START_WENT_BACK)$/),
  ],
  [
    'were thrown away with their topic, which others have filled past where it had been read,',
    async (topic: string) => {
      await recreate(topic);
      // The partition has begun at 0 as long as it is known.
      await eventually(() =>
        sender.send(
          topic,
          Array.from({ length: 50 }, (_one, number) => ({ key: 'k', value: Buffer.from(`nobody's ${number}`) })),
        ),
      );
    },
    expect.stringMatching(/^(RECORD_DIFFERS|START_WENT_BACK)$/),
  ],
])('records that %s before they were read are asked for at once', async (_, lose, reason) => {
  // As long after the last loss as a sender answers one question and not the next; nothing is on its way.
  wall.advance(10_000);
  const subject = newDossier(COMMUNE);
  const { services } = world.nodeOf(COMMUNES);
  await start(COMMUNES);
  const district = await start(DISTRICT);
  await acts(world, subject, ['file-dossier', { agency: COMMUNE, data: {} }]);
  await eventually(async () => expect(await heldAt(DISTRICT, subject)).toBe(1));
  running.splice(running.indexOf(district), 1);
  await district.stop();
  await acts(world, subject, ['start-processing', { agency: COMMUNE, data: {} }]);
  await eventually(async () => {
    const line = (await services.store.deliveries()).find(({ peer }) => peer === DISTRICT);
    expect(line?.sent).toBe(line?.highest);
  });
  await lose(mailboxOf(DISTRICT));
  await start(DISTRICT);
  await eventually(async () => expect(await heldAt(DISTRICT, subject)).toBe(2));
  expect(world.nodeOf(DISTRICT).reports).toContainEqual({ code: 'MAILBOX_GAP', details: { reason, partition: 0 } });
});
