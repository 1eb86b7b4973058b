/**
 * G6: whoever may write to a mailbox claims fifty thousand sources. What an honest source sends is kept all the same, and
 * the border does for each message what it did for the first. Counted here, not timed: see `bench/`.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { QUARANTINE_BOUNDS } from '#libs/exchange';
import { canonicalize, encodeUtf8, type SealedMessage } from '#libs/kernel';
import { someHash } from '../../testing/builders.ts';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge, mail, recordWith, type ForgedWanted } from '../../testing/forged-messages.ts';
import { acts, namesAt, newDossier, nodeAt } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { mailboxOf } from '../node-services.ts';
import type { OutgoingRecord, QuarantineRow } from '../ports/index.ts';

jest.setTimeout(180_000);

const COMMUNE = 'H26.129.05';
const NAMES = 50_000;
const AT_ONCE = 5_000;

let world: TestWorld;
let commune: TestNode;
let district: TestNode;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  commune = nodeAt(world, COMMUNE);
  district = nodeAt(world, 'H26.129');
}, 60_000);
afterAll(() => world.close());

const forged = (wanted: Partial<ForgedWanted> = {}): SealedMessage =>
  forge(commune, { subject: newDossier(), name: 'received', ...wanted }).sealed;
/** Signed by nobody: made from one message by another name. */
function inTheNameOf(code: string, { message }: SealedMessage): OutgoingRecord {
  const claimed = { ...message, source: `urn:lienthong:agency:${code}`, keyid: `${code}#2023-1` };
  return recordWith({ message, bytes: encodeUtf8(canonicalize({ ...claimed, signature: 'A'.repeat(86) })) });
}
const codeOf = (at: number): string => `H26.${at.toString(36).toUpperCase().padStart(4, '0')}`;
const rowsOf = async ({ hash }: SealedMessage): Promise<readonly QuarantineRow[]> => {
  const found: QuarantineRow[] = [];
  for (let after = 0; ;) {
    const page = await district.services.store.listQuarantine({ after, limit: 5_000 });
    found.push(...page.filter((row) => row.hash === hash));
    const last = page.at(-1);
    if (!last) return found;
    after = last.id;
  }
};

describe('fifty thousand forged names', () => {
  it('fill their own share, and nobody’s else; the partition is read to its end', async () => {
    const template = forged();
    const template22 = forged({ agency: 'H26.129.22', subject: newDossier('H26.129.22') });
    for (let first = 0; first < NAMES; first += AT_ONCE) {
      const records = Array.from({ length: AT_ONCE }, (_, at) => inTheNameOf(codeOf(first + at), template));
      mail(district, ...records);
      await exchangeAll(world.nodes);
    }
    const { unproved, proved } = await district.services.store.quarantineTaken([]);
    expect(unproved.messages).toBeLessThanOrEqual(QUARANTINE_BOUNDS.unproved.inAll);
    expect(unproved.messages).toBeGreaterThan(QUARANTINE_BOUNDS.unproved.inAll / 2);
    expect(proved.messages).toBe(0);
    expect((await district.services.store.findOffset(0))?.next).toBe(
      String(world.broker.records(mailboxOf(district.node)).length),
    );
    // One more name, one more of each kind by sources with keys.
    const unknown = inTheNameOf('H26.ZZZZ', template);
    const unproven = inTheNameOf('H26.129.22', template22);
    const notEntitled = forged({ agency: 'H26.129.06', name: 'resolved' });
    const gap = forged({ name: 'processing-started', members: { streamseq: '0000000007', prevhash: someHash() } });
    const subject = newDossier();
    mail(district, unknown, unproven, recordWith(notEntitled), recordWith(gap));
    await acts(world, subject, ['file-dossier']);
    await exchangeAll(world.nodes);
    expect(await namesAt(district, subject)).toEqual(['received']);
    expect(await district.services.store.isHeld([gap.hash])).toEqual(new Set([gap.hash]));
    expect(await rowsOf(notEntitled)).toMatchObject([{ code: 'NOT_ENTITLED' }]);
    const after = await district.services.store.quarantineTaken([
      'urn:lienthong:agency:H26.129.22',
      'urn:lienthong:agency:H26.ZZZZ',
    ]);
    expect([...after.unproved.bySource.keys()]).toEqual(['urn:lienthong:agency:H26.129.22']);
  });
});
