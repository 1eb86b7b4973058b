/** G3, G12: a request repeated across a restore acts once, if what it did came back; what was asked of others is known again. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Uuid } from '#libs/kernel';
import { desksOf } from '../../testing/exchange-all.ts';
import { ADAPTERS_AWAY, by, COMMUNE, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { actFor, newDossier } from '../../testing/test-acts.ts';
import type { TestNode } from '../../testing/test-node.ts';
import { actOnDossier } from './act-on-dossier.ts';
import { readOutcome } from '../read-dossier/read-outcome.ts';

const gialam = giaLam({ ...ADAPTERS_AWAY, absent: [], ownWall: true });
const { acts, exchange, headAt, same } = gialam;

const keyed = (key: string, request = key) => ({
  idempotency: { client: 'one-stop', key, request: Buffer.from(request) },
});

/** The node on the database as it was before `work`, recovered. */
async function recovered(node: TestNode, work: () => Promise<void>): Promise<TestNode> {
  const backup = await node.ledgerDatabase.copy();
  await work();
  await node.services.life.look(node.services.store);
  const again = await node.startedOn(backup);
  await desksOf(again).recovery.begin([], {
    agency: again.agencies[0] as AgencyCode,
    by: 'operator-1',
    correlationId: randomUUID() as Uuid,
    reason: 'backup-restored',
    without: [],
  });
  for (let round = 1; again.services.life.state === 'recovering' && round <= 20; round++) {
    await exchange();
    gialam.wall.advance(11_000);
  }
  expect(again.services.life.state).toBe('alive');
  return again;
}

describe('a request repeated across a restore', () => {
  it('has its first answer and acts once, if what it did came back', async () => {
    const file = actFor('file-dossier', gialam.subject, { more: keyed('k-file') });
    const start = actFor('start-processing', gialam.subject, { agency: COMMUNE, more: keyed('k-start') });
    const first: unknown[] = [];
    const node = await recovered(gialam.commune, async () => {
      for (const one of [file, start]) first.push(await actOnDossier(gialam.commune.services, one));
      await exchange();
    });
    expect(await node.services.store.findIdempotent('one-stop', COMMUNE, 'k-file')).toBeUndefined();
    const [filed, started] = [await actOnDossier(node.services, file), await actOnDossier(node.services, start)];
    expect([filed, started]).toMatchObject([
      { kind: 'answered', repeated: true, answer: { events: [{ type: 'received', place: 1 }] } },
      { kind: 'answered', repeated: true, answer: { events: [{ type: 'processing-started', place: 2 }] } },
    ]);
    expect(started).toMatchObject({ answer: { ...(first[1] as { answer: object }).answer } });
    expect((await headAt(node))?.revision).toBe(2);
    // Another body under the same key is another request: it is judged as any.
    const other = actFor('start-processing', gialam.subject, { agency: COMMUNE, more: keyed('k-start', 'other') });
    expect(await actOnDossier(node.services, other)).toMatchObject({ kind: 'refused' });
    await exchange();
    expect(await same()).toEqual(['received', 'processing-started']);
  });

  it('acts where nothing of it came back: its first effect is nowhere', async () => {
    const subject = newDossier(COMMUNE);
    const file = actFor('file-dossier', subject, { more: keyed('k-lost') });
    const node = await recovered(gialam.commune, async () => {
      await actOnDossier(gialam.commune.services, file);
    });
    expect(await actOnDossier(node.services, file)).toMatchObject({ kind: 'answered', repeated: false });
    expect(await actOnDossier(node.services, file)).toMatchObject({ kind: 'answered', repeated: true });
  });

  it('that was sent to another node is known again, with its outcome', async () => {
    await acts(['file-dossier', by(COMMUNE)]);
    await exchange();
    gialam.world.clock.advance(60_000);
    const ask = actFor('rate-satisfaction', gialam.subject, { agency: DISTRICT, more: keyed('k-ask') });
    let sent: unknown;
    const node = await recovered(gialam.district, async () => {
      sent = await actOnDossier(gialam.district.services, ask);
      await exchange();
    });
    const again = await actOnDossier(node.services, ask);
    expect(again).toEqual(sent);
    if (again.kind !== 'sent') throw new Error('it was sent before');
    await exchange();
    const reader = { agencies: [DISTRICT as AgencyCode], roles: [] };
    expect((await readOutcome(node.services, again.command, reader)).status).not.toBe('pending');
    const all = await node.services.store.readCommandsOf([`urn:lienthong:agency:${DISTRICT}`], -1, 99);
    expect(all.filter(({ hash }) => hash === again.command)).toHaveLength(1);
  });
});
