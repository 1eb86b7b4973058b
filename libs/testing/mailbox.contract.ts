/**
 * What every transport of mailboxes promises (ports/mailbox.port.ts, design 6), as a function of a factory: at least once,
 * in order per partition, from the offset that the caller keeps; what the caller could not take comes again; a place that
 * the broker no longer holds is told, never jumped over.
 */
import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import { deliveryContract } from './mailbox-delivery.contract.ts';
import { gapsContract } from './mailbox-gaps.contract.ts';
import { readerContract } from './mailbox-reader.contract.ts';
import type { MailboxWorld, OpenMailboxes } from './mailbox-under-test.ts';

export function mailboxContract(name: string, makeWorld: () => Promise<MailboxWorld>): void {
  describe(`mailbox contract: ${name}`, () => {
    jest.setTimeout(60_000);
    let groups = 0;
    const open = { running: [], newGroup: (topic) => `${topic}.group-${(groups += 1)}` } as Pick<
      OpenMailboxes,
      'running' | 'newGroup'
    > as OpenMailboxes;
    beforeAll(async () => {
      open.world = await makeWorld();
      open.sender = open.world.openSender();
    });
    afterEach(async () => {
      await Promise.all(open.running.splice(0).map((consumer) => consumer.stop()));
    });
    afterAll(async () => {
      await open.sender.close();
      await open.world.close();
    });
    describe('delivery', () => deliveryContract(open));
    describe('readers', () => readerContract(open));
    describe('gaps', () => gapsContract(open));
  });
}
