/** A quarantine that is full takes nothing in: what is judged again and fails again then stays where it is. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { QUARANTINE_BOUNDS } from '#libs/exchange';
import type { AgencyCode, Uuid } from '#libs/kernel';
import { judgeQuarantinedAgain, releaseQuarantined } from '#libs/use-cases';
import { arrive, Stranger } from '../../testing/strangers.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';

const FILLED = `insert into lt.quarantine (quarantined_at, stage, code, arrival_partition, arrival_offset, record_key, source, bytes)
  select now(), 'entitled', 'LINK', 7, n, '', $1, '\\x01' from generate_series(1, $2::int) n`;

describe('a full quarantine', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  beforeAll(async () => {
    node = await openTestNode();
  });
  afterAll(() => node.close());

  it('keeps what is judged again and would go there again', async () => {
    const stranger = new Stranger('full-1');
    // Entitled to nothing in a dossier that another agency files, once its key is known.
    const foreign = stranger.files({ subject: `dossier/H26/${randomUUID()}` });
    await arrive(node, foreign);
    const [row] = await node.services.store.listQuarantine({ limit: 10 });
    expect(row).toMatchObject({ code: 'KEY_UNKNOWN', hash: foreign.hash });
    await stranger.becomesKnown(node);
    const owner = new pg.Client(node.ledgerDatabase.ownerUrl);
    await owner.connect();
    await owner.query(FILLED, [foreign.message.source, QUARANTINE_BOUNDS.proved.perSource]);
    await owner.end();

    const id = row?.id as number;
    const release = releaseQuarantined(node.services, {
      id,
      reason: 'judged-again',
      agency: 'H26.129.05' as AgencyCode,
      actor: { authtype: 'user', authid: 'operator-1' },
      correlationId: randomUUID() as Uuid,
    });
    await expect(release).rejects.toEqual(expect.objectContaining({ code: 'NOT_RELEASABLE' }));
    await judgeQuarantinedAgain(node.services);
    const [still] = await node.services.store.listQuarantine({ limit: 1 });
    expect(still).toEqual(row);
  });
});
