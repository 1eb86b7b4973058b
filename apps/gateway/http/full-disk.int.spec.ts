/** The disk below ledger and vault is full (G1): commands are refused whole, reading goes on, and room is all it takes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findContract } from '#libs/contracts';
import type { Subject } from '#libs/kernel';
import { verifyLedger } from '#libs/use-cases';
import { openStack, type Stack } from '#tools/stack';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { findSmallDisk, type SmallDisk } from '../../../libs/testing/small-disk.ts';
import { openTestNode } from '../../../libs/testing/test-node.ts';
import { DiskWatch } from '../watching/disk-watch.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05';
const disk = findSmallDisk(400);
/** A command needs some 3 kB: more than enough to fill the pages that were begun. */
const MOST = 500;

(disk ? describe : describe.skip)(
  'a full disk (skipped where no file system can be mounted: it has to be real)',
  () => {
    let stack: Stack;
    let door: TestDoor;
    let clerk: Knock;
    const shared = process.env['TEST_DATABASE_ADMIN_URL'];
    beforeAll(async () => {
      const { dir } = disk as SmallDisk;
      stack = openStack(dir);
      process.env['TEST_DATABASE_ADMIN_URL'] = (await stack.startPostgres()).adminUrl;
      door = await openTestDoor(await openTestNode());
      clerk = await door.as();
    });
    afterAll(async () => {
      disk?.makeRoom();
      await door.close();
      await door.node.close();
      if (shared) process.env['TEST_DATABASE_ADMIN_URL'] = shared;
      await stack.stopAll();
      disk?.remove();
    });

    const file = async (id: string) => {
      const data = findContract('command', 'file-dossier', 1)?.example;
      return clerk
        .post('/v1/dossiers', { id, receivingAgency: COMMUNE, data })
        .set('idempotency-key', `file-${id}`)
        .then(({ status, headers, body }) => ({ status, headers, body: body as { code?: string } }));
    };

    it('refuses commands with 503 and nothing half written, and goes on by itself when there is room', async () => {
      const { services, world } = door.node;
      const reports: string[] = [];
      const watch = new DiskWatch(({ code }) => void reports.push(code));
      const watched = {
        ...services,
        store: watch.of('ledger', services.store),
        vault: watch.of('vault', services.vault),
      };
      Object.assign(services, { store: watched.store, vault: watched.vault });
      const acknowledged: string[] = [];
      const first = randomUUID();
      expect((await file(first)).status).toBe(201);
      acknowledged.push(first);
      disk?.fill();
      let refused: Awaited<ReturnType<typeof file>> | undefined;
      let last = '';
      for (let count = 0; !refused && count < MOST; count += 1) {
        last = randomUUID();
        const answer = await file(last);
        if (answer.status === 201) acknowledged.push(last);
        else refused = answer;
      }
      expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
      expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
      expect([watch.isFull, reports]).toEqual([true, ['DISK_FULL']]);
      const [, agency, id] = `dossier/${COMMUNE}/${first}`.split('/');
      expect((await clerk.get(`/v1/dossiers/${agency}/${id}`)).status).toBe(200);
      const subject = (one: string): Subject => `dossier/${COMMUNE}/${one}` as Subject;
      expect(await services.store.readStream(subject(last), 'all')).toEqual([]);

      disk?.makeRoom();
      expect((await file(last)).status).toBe(201);
      expect([watch.isFull, reports]).toEqual([false, ['DISK_FULL', 'DISK_HAS_ROOM']]);
      for (const one of [...acknowledged, last]) {
        expect(await services.store.readStream(subject(one), 'all')).toHaveLength(1);
        // Asked again: the first answer.
        expect((await file(one)).status).toBe(200);
        expect(await services.store.readStream(subject(one), 'all')).toHaveLength(1);
      }
      expect((await verifyLedger({ ...services, trusted: world.registrar.trusted })).faults).toEqual([]);
    });
  },
);
