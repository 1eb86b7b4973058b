/** G5, G12: a node on yesterday's database signs nothing, is brought level by its peers, and goes on in its next life. */
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyCode, NodeId, Uuid } from '#libs/kernel';
import {
  CheckpointSigner,
  mailboxOf,
  openStored,
  ownCheckpoints,
  RecoveryDesk,
  verifyLedger,
  type RecoveryOrder,
} from '#libs/use-cases';
import { desksOf, exchangeAll } from '../../testing/exchange-all.ts';
import { ADAPTERS_AWAY, by, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { vkeyOf } from '../../testing/test-statements.ts';
import { createVaultDatabase } from '../../testing/vault-database.ts';
import { recordOf, sealExchange } from '../exchange-messages.ts';
import { heldAgainstPublished } from '../life/published-checkpoints.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, absent: [], ownWall: true });
const { act, acts, exchange, forward, forwardedToDistrict, headAt, lose, same } = gialam;

const ordered = (without: readonly NodeId[] = []): RecoveryOrder => ({
  agency: COMMUNE as AgencyCode,
  by: 'operator-1',
  correlationId: randomUUID() as Uuid,
  reason: 'backup-restored',
  without,
});
/** As the role of a running node does once a second. */
const looked = ({ services }: TestNode) => services.life.look(services.store);
const published = ({ services, world }: TestNode) =>
  ownCheckpoints(
    services,
    world.broker.records('lienthong.checkpoints.v1').map(({ value }) => Buffer.from(value).toString('utf8')),
  );

/** The commune's node on the database as it was before what `work` does; nothing of its mailbox is read again. */
async function restored(work: () => Promise<void>, more: { mark?: 'lost' } = {}): Promise<TestNode> {
  const backup = await gialam.commune.ledgerDatabase.copy();
  await work();
  await new CheckpointSigner(gialam.commune.services).signOnce();
  await looked(gialam.commune);
  if (more.mark === 'lost') rmSync(join(gialam.commune.keysDir, 'life.json'));
  return gialam.commune.startedOn(backup);
}

async function recover(node: TestNode): Promise<void> {
  await stateLife(node, await desksOf(node).recovery.begin(published(node), ordered()));
  for (let round = 1; node.services.life.state === 'recovering' && round <= 20; round++) {
    await exchange();
    gialam.wall.advance(11_000);
  }
  expect(node.services.life.state).toBe('alive');
}

async function verified({ services }: TestNode): Promise<readonly unknown[]> {
  const { store, contracts, sha256, verify, verifyAll } = services;
  const trusted = gialam.world.registrar.trusted;
  return (await verifyLedger({ store, contracts, sha256, verify, verifyAll, trusted })).faults;
}

/** Only a life that the registrar has stated is believed by who verifies. */
async function stateLife({ services, node }: TestNode, life: number): Promise<void> {
  const stated = gialam.world.registrar.last(node);
  const logs = stated['logs'] as readonly Record<string, string>[];
  const origin = `lienthong.example/${node}/${life}`;
  const log = { life, origin, vkey: vkeyOf(origin, services.keys.logKey().publicKey), from: '2023-06-14' };
  await gialam.world.publish(gialam.world.registrar.state('node', { ...stated, logs: [...logs, log] }));
}

describe('a node on an older database than its mark', () => {
  it('finds out before it signs anything, says what to do, and reads on', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    const node = await restored(() => acts(['start-processing', by(COMMUNE)]));
    expect(node.services.life).toMatchObject({ state: 'restored', reason: 'OTHER_DATABASE' });
    const refused = expect.objectContaining({
      code: 'NODE_RECOVERING',
      message: expect.stringContaining('lienthong recover'),
    });
    await expect(act('start-processing', by(COMMUNE))).rejects.toEqual(refused);
    await expect(new CheckpointSigner(node.services).signOnce()).rejects.toEqual(refused);
    expect((await headAt(node))?.streamseq).toBe(1);
    expect(node.reports).toContainEqual(expect.objectContaining({ code: 'NODE_RECOVERING' }));
    await recover(node);
  });

  it('gets back from its peers what it had sent, and goes on in its next life with one history everywhere', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const node = await restored(async () => {
      await acts(['start-processing', by(COMMUNE)], ['forward', forward()]);
      await exchange();
    });
    await recover(node);
    expect((await node.services.store.laterLives()).at(-1)).toMatchObject({ recoveredAt: expect.any(String) });
    expect(await same()).toEqual(['received', 'processing-started', 'forwarded', 'custody-accepted']);
    await acts(['start-processing', by(DISTRICT)], ['forward', by(DISTRICT, gialam.leg(COMMUNE, 'return'))]);
    await exchange();
    gialam.wall.advance(11_000);
    await exchange();
    expect((await same()).at(-1)).toBe('custody-accepted');
    for (const one of gialam.world.nodes) {
      for (const line of await one.services.store.deliveries())
        expect(line).toMatchObject({ contiguousUpTo: line.highest, missing: [], refused: [] });
      for (const line of await one.services.store.inbound()) expect(line.missing).toEqual([]);
    }
  });

  it('has who ordered it, and why, as the first act of the next life, and what came of it', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    const node = await restored(() => acts(['start-processing', by(COMMUNE)]).then(exchange));
    await recover(node);
    const { store, vault } = node.services;
    const { kept, life } = (await store.laterLives()).at(-1)!;
    const after = (await store.readLog(kept - 1, 100)).filter((one) => one.class === 'event').map(openStored);
    const own = after.filter(({ message }) => message.type.includes('.operation.'));
    expect(own.map(({ message }) => message)).toMatchObject([
      {
        type: 'vn.lienthong.operation.recovery-ordered.v1',
        authid: 'operator-1',
        data: { life, kept, without: [], reason: 'backup-restored' },
      },
      {
        type: 'vn.lienthong.operation.recovery-completed.v1',
        causationhash: own[0]!.hash,
        data: { life, kept, fetched: expect.any(Number) },
      },
    ]);
    expect(after[0]).toEqual(own[0]);
    expect(await vault.find([own[0]!.hash])).toEqual([]);
    expect(await verified(node)).toEqual([]);
  });

  it('signs its log under the next life, linked to the last checkpoint of the one before', async () => {
    await forwardedToDistrict();
    const node = await restored(() => acts(['file-dossier', by(COMMUNE)]).catch(() => undefined));
    await recover(node);
    const { life } = await node.services.store.lifeFacts();
    await new CheckpointSigner(node.services).signOnce();
    const last = published(node).at(-1);
    expect(last).toMatchObject({ life, size: (await node.services.store.logSize()).size + 1 });
    expect(await verified(node)).toEqual([]);
  });

  it('that lost its mark, too, is told by what it has published', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    const node = await restored(() => acts(['start-processing', by(COMMUNE)]), { mark: 'lost' });
    expect(await heldAgainstPublished(node.services, published(node))).toBe('BEHIND_PUBLISHED');
    await node.services.life.disprove(node.services.store, 'BEHIND_PUBLISHED');
    await expect(act('start-processing', by(COMMUNE))).rejects.toMatchObject({ code: 'NODE_RECOVERING' });
    const another = await node.anotherProcess();
    expect(another.life).toMatchObject({ state: 'restored', reason: 'BEHIND_PUBLISHED' });
    await recover(node);
  });

  it('that lost its mark and published nothing is told by receipts; with a mark, a lying peer stops nobody', async () => {
    await forwardedToDistrict();
    const receipt = { line: (await gialam.commune.services.store.lifeFacts()).life, contiguousUpTo: 10_000 };
    const said = async (node: TestNode) => {
      const { services } = gialam.district;
      const data = { ...receipt, missing: [], refused: [], logSize: 9 };
      const sealed = sealExchange(services, node.node, 'receipt', data);
      gialam.world.broker.put(mailboxOf(node.node), recordOf(services.node, sealed.bytes));
      await exchange();
    };
    const marked = await gialam.commune.startedOn(gialam.commune.ledgerDatabase);
    await said(marked);
    expect(marked.services.life.state).toBe('alive');
    rmSync(join(marked.keysDir, 'life.json'));
    const unmarked = await marked.startedOn(marked.ledgerDatabase);
    expect(unmarked.services.life.state).toBe('alive');
    await said(unmarked);
    expect(unmarked.services.life).toMatchObject({ state: 'restored', reason: 'BEHIND_RECEIPT' });
    await recover(unmarked);
  });

  it('issues no code twice, and has its openings again though the vault was put back', async () => {
    await acts(['file-dossier', by(COMMUNE)], ['forward', forward()]);
    await exchange();
    const node = await gialam.commune.startedOn(
      await gialam.commune.ledgerDatabase.copy(),
      await createVaultDatabase(),
    );
    await recover(node);
    await exchange();
    const received = (await gialam.mainAt(node))[0]!;
    expect((await node.services.vault.find([received.hash])).length).toBeGreaterThan(0);
    const number = await node.services.store.nextNumber(COMMUNE as AgencyCode, 'dossier-code/2023-06-14');
    expect(number).toBeGreaterThan(1000);
  });

  it.each([
    ['names another request', randomUUID() as Uuid],
    ['names none, and is older than the order', undefined],
  ])('takes no answer for its own that %s: old mail is read again', async (_, correlationId) => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    const node = await restored(() => acts(['start-processing', by(COMMUNE)]).then(exchange));
    const what = correlationId === undefined ? 'holdings' : { name: 'holdings', correlationId };
    const old = gialam.world.nodes
      .filter((one) => one.node !== node.node)
      .map(({ services }) => recordOf(services.node, sealExchange(services, node.node, what, { streams: [] }).bytes));
    gialam.world.clock.advance(1_000);
    await desksOf(node).recovery.begin(published(node), ordered());
    for (const record of old) gialam.world.broker.put(mailboxOf(node.node), record);
    await exchangeAll([node]);
    expect(node.services.life.state).toBe('recovering');
    expect((await desksOf(node).recovery.progress()).peers.map(({ done }) => done)).toEqual([false, false]);
    await recover(node);
    expect(await same()).toEqual(['received', 'processing-started']);
  });

  it('is left waiting by a peer that does not answer, until the operator goes on without it', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    const node = await restored(() => acts(['start-processing', by(COMMUNE)]));
    lose('exchange.holdings.');
    const { recovery } = desksOf(node);
    await recovery.begin(published(node), ordered());
    await exchange();
    expect(node.services.life.state).toBe('recovering');
    expect((await recovery.progress()).peers).toMatchObject([{ done: false }, { done: false }]);
    await recovery.begin(published(node), ordered(gialam.world.nodes.map(({ node: name }) => name)));
    // A process that was started since knows whom not to wait for.
    const another = await node.anotherProcess();
    await new RecoveryDesk(another).turn();
    expect(another.life.state).toBe('alive');
    await looked(node);
    expect(node.services.life.state).toBe('alive');
  });
});
