import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { acts, newDossier } from '../../testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';
import { CHECKPOINTS_TOPIC } from '../node-services.ts';
import { verifyLedger } from '../verify-ledger/verify-ledger.ts';
import { CheckpointSigner } from './sign-checkpoints.ts';

jest.setTimeout(60_000);

let node: TestNode;
beforeAll(async () => {
  node = await openTestNode();
}, 60_000);
afterAll(() => node.close());

const work = () => acts(node.world, newDossier(), ['file-dossier'], ['start-processing']);
const all = () => node.services.store.readCheckpoints(0, 100);
const faults = async () => (await verifyLedger({ ...node.services, trusted: node.world.registrar.trusted })).faults;
async function asAdmin(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: node.ledgerDatabase.adminUrl });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe('the signer of checkpoints', () => {
  it('signs what is new once, publishes it, and goes on after a restart', async () => {
    const signer = new CheckpointSigner(node.services);
    const size = await signer.signOnce();
    expect(size).toBe((await node.services.store.logSize()).size);
    expect(await signer.signOnce()).toBeUndefined();
    await work();
    expect(await signer.signOnce()).toBe((size ?? 0) + 2);
    await work();
    expect(await new CheckpointSigner(await node.anotherProcess()).signOnce()).toBe((size ?? 0) + 4);
    expect(node.world.broker.records(CHECKPOINTS_TOPIC)).toHaveLength(3);
    expect((await all()).map((checkpoint) => checkpoint.size)).toEqual([size, (size ?? 0) + 2, (size ?? 0) + 4]);
    expect(await faults()).toEqual([]);
  });

  it('signs the same trees as another one at the same time', async () => {
    const signers = [new CheckpointSigner(node.services), new CheckpointSigner(await node.anotherProcess())];
    for (let round = 0; round < 5; round += 1)
      await Promise.all([work(), ...signers.map((signer) => signer.signOnce()), work()]);
    await Promise.all(signers.map((signer) => signer.signOnce()));
    expect((await all()).at(-1)?.size).toBe((await node.services.store.logSize()).size);
    expect(await faults()).toEqual([]);
  });

  it('signs with the broker away, and says that it could not publish', async () => {
    node.world.broker.setAway(true);
    await work();
    expect(await new CheckpointSigner(node.services).signOnce()).toBeGreaterThan(0);
    node.world.broker.setAway(false);
    const why = { error: expect.objectContaining({ message: 'the broker is away' }) };
    expect(node.reports.at(-1)).toMatchObject({ code: 'CHECKPOINT_NOT_PUBLISHED', details: why });
  });

  it('refuses a log that changed under it, or since the last checkpoint, now and later', async () => {
    const running = new CheckpointSigner(node.services);
    await work();
    await running.signOnce();
    await work();
    const ahead = new CheckpointSigner(node.services);
    await asAdmin(
      'create table lt.kept as table lt.ledger',
      'delete from lt.ledger where log_index >= (select max(size) from lt.checkpoint) - 1',
    );
    for (const signer of [running, ahead, running])
      await expect(signer.signOnce()).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    await work();
    await work();
    for (const signer of [running, new CheckpointSigner(await node.anotherProcess())])
      await expect(signer.signOnce()).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    await asAdmin('delete from lt.ledger', 'insert into lt.ledger select * from lt.kept');
    expect(await new CheckpointSigner(node.services).signOnce()).toBe((await node.services.store.logSize()).size);
  });
});
