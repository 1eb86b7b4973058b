/** A quarantined message leaves once: of acts that race, one is on record, and the others are told that it has gone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTroubleStore } from '#libs/event-store-postgres';
import type { AgencyCode, Uuid } from '#libs/kernel';
import { judgeQuarantinedAgain, openStored, type OperatorDoes, type TroubleStore } from '#libs/use-cases';
import { arrive, Stranger } from '../../testing/strangers.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';
import { releaseQuarantined } from '../release-quarantined/release-quarantined.ts';
import { discardQuarantined } from './discard-quarantined.ts';

const MESSAGES = 6;
const does = (agency: string): OperatorDoes => ({
  agency: agency as AgencyCode,
  by: `operator-of-${agency}`,
  correlationId: randomUUID() as Uuid,
  reason: 'other',
});

describe('a quarantined message', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let store: TroubleStore;
  beforeAll(async () => {
    node = await openTestNode();
    store = openTroubleStore({ url: node.ledgerDatabase.appUrl });
  });
  afterAll(async () => {
    await store.close();
    await node.close();
  });

  const release = (id: number, agency: string) => {
    const actor = { authtype: 'user', authid: 'somebody' } as const;
    return releaseQuarantined(node.services, { ...does(agency), id, reason: 'judged-again', actor });
  };

  it('that two agencies discard and a third releases, while the node judges all again, has one fate on record', async () => {
    const stranger = new Stranger('fate');
    await arrive(node, ...Array.from({ length: MESSAGES }, () => stranger.files()));
    await stranger.becomesKnown(node);
    const rows = await node.services.store.listQuarantine({ limit: 100 });
    expect(rows).toHaveLength(MESSAGES);
    const raced = rows.flatMap(({ id }) => [
      discardQuarantined(node.services, store, id, does('H26.129.05')),
      release(id, 'H26.129.06'),
      discardQuarantined(node.services, store, id, does('H26.129.07')),
    ]);
    const [judged, acts] = await Promise.all([judgeQuarantinedAgain(node.services), Promise.allSettled(raced)]);
    const refused = acts.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const one of refused) expect(one).toMatchObject({ code: 'ALREADY_RELEASED' });
    expect(acts.length - refused.length + judged).toBe(MESSAGES);

    const operations = (await node.services.store.readLog(-1, 10_000))
      .map((one) => openStored(one).message)
      .filter(({ type }) => /operation\.quarantine-(discarded|released)/.test(type));
    const named = operations.map(({ data }) => data['quarantine']);
    expect(named).toHaveLength(MESSAGES - judged);
    expect(new Set(named).size).toBe(named.length);
  });
});
