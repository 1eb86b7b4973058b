/**
 * The clock of the machine is set, in the midst of work, by hours: what waits goes on in its time, what is sent arrives, and
 * what is signed never contradicts what was signed before.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { steadyClock, systemClock } from '#libs/key-custody';
import { instantToMs, type Instant } from '#libs/kernel';
import { CheckpointSigner, mailboxOf, openStored, verifyLedger } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { acts, historyAt, newDossier } from '../../../libs/testing/test-acts.ts';
import { TestClock } from '../../../libs/testing/test-clock.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../../libs/testing/test-node.ts';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
/** The machine's, and how long it has run. */
const machine = new TestClock(systemClock.now());
let elapsed = 0;
const pass = (ms: number): void => {
  machine.advance(ms);
  elapsed += ms;
};
let world: TestWorld;
let communes: TestNode;
let district: TestNode;

beforeAll(async () => {
  const wall = steadyClock(
    () => instantToMs(machine.now()),
    () => elapsed,
  );
  world = await openTestWorld({ nodes: GIALAM.slice(0, 2), absent: GIALAM.slice(2), wall });
  [communes, district] = world.nodes as [TestNode, TestNode];
});
afterAll(() => world.close());

describe.each([
  ['back', -5 * HOUR],
  ['forwards', 5 * HOUR],
])('a clock set %s', (_, jump) => {
  it('holds up neither what could not be sent nor what is missing', async () => {
    const subject = newDossier();
    const mailbox = mailboxOf(district.node);
    await exchangeAll(world.nodes);
    world.broker.setAway(true, [mailbox]);
    await acts(world, subject, ['file-dossier'], ['start-processing']);
    await exchangeAll(world.nodes);
    machine.advance(jump);
    world.broker.setAway(false);
    pass(20_000);
    // What is sent now is lost on the way, but for the last event: it waits for the others.
    world.broker.disturb((records, topic) => (topic === mailbox ? records.slice(-2) : records));
    await exchangeAll(world.nodes);
    world.broker.disturb();
    machine.advance(-jump);
    for (let minute = 0; minute < 3; minute += 1) {
      pass(60_000);
      await exchangeAll(world.nodes);
    }
    expect(await historyAt(district, subject)).toEqual(await historyAt(communes, subject));
    expect(await historyAt(district, subject)).toHaveLength(2);
  });

  it('makes no checkpoint that contradicts another, and no event earlier than the one before', async () => {
    const signer = new CheckpointSigner(communes.services);
    const subject = newDossier();
    await acts(world, subject, ['file-dossier']);
    await signer.signOnce();
    world.clock.advance(jump);
    await acts(world, subject, ['start-processing']);
    await signer.signOnce();
    world.clock.advance(-jump);
    await acts(world, newDossier(), ['file-dossier']);
    await new CheckpointSigner(communes.services).signOnce();
    const main = await communes.services.store.readStream(subject, 'main');
    const times = main.map((stored) => openStored(stored).message.recordedtime as Instant);
    expect(times).toEqual(times.toSorted());
    const log = (await communes.services.store.readLog(-1, 10_000)).map(({ appendedAt }) => appendedAt);
    expect(log).toEqual(log.toSorted());
    const checked = await verifyLedger({ ...communes.services, trusted: world.registrar.trusted });
    expect(checked.faults).toEqual([]);
  });
});
