/** What every vault promises to who uses it (design 8); the races between processes are tried where there are processes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Hash, Instant, NodeId, Subject } from '#libs/kernel';
import type { DisclosureRefused, DisclosureSent, ErasureConfirmed, StoredDisclosure, Vault } from '#libs/use-cases';
import { disclosuresOf, newEvent, newStream } from './disclosures.ts';

export interface VaultUnderTest {
  readonly vault: Vault;
  /** The same vault as another process, or this one after a restart, has it. */
  readonly another: () => Promise<Vault>;
}

const FAR_AHEAD = '2999-01-01T00:00:00.000Z' as Instant;
const PERSON = {
  '/applicant/fullName': 'Nguyễn Thị Hòa',
  '/applicant/personalId': '999185000001',
  '/actor/name': 'Trần Văn Cán',
};
const inOrder = (rows: readonly StoredDisclosure[]): StoredDisclosure[] =>
  rows.toSorted((a, b) => (a.event + a.pointer < b.event + b.pointer ? -1 : 1));

export function vaultContract(name: string, make: () => Promise<VaultUnderTest>): void {
  describe(`vault: ${name}`, () => {
    let vault: Vault;
    let another: Vault;
    beforeAll(async () => {
      const made = await make();
      vault = made.vault;
      another = await made.another();
    });
    afterAll(async () => {
      await another.close();
      await vault.close();
    });
    const found = async (...events: readonly (Hash | undefined)[]): Promise<StoredDisclosure[]> =>
      inOrder(await another.find(events.filter((event) => event !== undefined)));

    it('gives back what was put, to another process too', async () => {
      const rows = [...disclosuresOf(PERSON), ...disclosuresOf(PERSON)];
      await vault.put(rows);
      expect(await found(...new Set(rows.map(({ event }) => event)))).toEqual(inOrder(rows));
      expect(await found(rows[0]?.event)).toEqual(inOrder(rows.slice(0, 3)));
    });

    it('knows nothing of an event it was not given', async () => {
      expect(await vault.find([newEvent()])).toEqual([]);
      expect(await vault.find([])).toEqual([]);
      expect(await vault.findPointers([newEvent()])).toEqual(new Map());
    });

    it('takes nothing for nothing', async () => {
      await expect(vault.put([])).resolves.toBeUndefined();
      await expect(vault.recordSent([])).resolves.toBeUndefined();
    });

    it('is not changed by the same disclosure again, at once or later', async () => {
      const rows = disclosuresOf(PERSON);
      await Promise.all([vault.put(rows), vault.put(rows), another.put(rows), vault.put([...rows, ...rows])]);
      await another.put(rows);
      expect(await found(rows[0]?.event)).toEqual(inOrder(rows));
    });

    it('takes the pointers of one event in several puts, some of them again in others', async () => {
      const rows = disclosuresOf(PERSON);
      for (const row of rows) await vault.put([row]);
      expect(await found(rows[0]?.event)).toEqual(inOrder(rows));
      await another.put(rows.slice(1));
      await vault.put(rows);
      expect(await found(rows[0]?.event)).toEqual(inOrder(rows));
      const pointers = await another.findPointers([rows[0]?.event as Hash]);
      expect(pointers).toEqual(new Map([[rows[0]?.event, Object.keys(PERSON).toSorted()]]));
    });

    it('takes many calls at once', async () => {
      const calls = Array.from({ length: 200 }, () => disclosuresOf(PERSON));
      await Promise.all(calls.map((rows) => vault.put(rows)));
      expect(await found(...calls.map((rows) => rows[0]?.event))).toEqual(inOrder(calls.flat()));
    });

    it('takes many disclosures in one call', async () => {
      const values = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`/c${index}/fullName`, 'x']));
      const rows = disclosuresOf(values, { subject: 'c1' });
      await vault.put(rows);
      expect(await found(rows[0]?.event)).toHaveLength(5_000);
    });

    it('lists the pointers it holds', async () => {
      const [rows, others] = [disclosuresOf(PERSON), disclosuresOf({ '/applicant/phone': '0912345678' })];
      await vault.put([...rows, ...others]);
      const pointers = await another.findPointers([rows[0]?.event as Hash, others[0]?.event as Hash, newEvent()]);
      expect(pointers).toEqual(
        new Map([
          [rows[0]?.event, Object.keys(PERSON).toSorted()],
          [others[0]?.event, ['/applicant/phone']],
        ]),
      );
    });

    describe('erasure', () => {
      it('takes the named subjects of the stream, and nothing else', async () => {
        const [rows, elsewhere] = [disclosuresOf(PERSON), disclosuresOf(PERSON)];
        const stream = rows[0]?.stream as Subject;
        await vault.put([...rows, ...elsewhere]);
        await vault.erase(stream, ['applicant']);
        expect((await found(rows[0]?.event)).map(({ pointer }) => pointer)).toEqual(['/actor/name']);
        expect((await vault.find([rows[0]?.event as Hash])).map(({ pointer }) => pointer)).toEqual(['/actor/name']);
        expect(await found(elsewhere[0]?.event)).toEqual(inOrder(elsewhere));
        expect(await another.findPointers([rows[0]?.event as Hash])).toEqual(
          new Map([[rows[0]?.event, ['/actor/name']]]),
        );
        expect(await another.erasedSubjects(stream)).toEqual(new Set(['applicant']));
        expect(await another.erasedSubjects(elsewhere[0]?.stream as Subject)).toEqual(new Set());
      });

      it('is for ever: what comes later for the subject is not kept, and that is no error', async () => {
        const rows = disclosuresOf(PERSON);
        const stream = rows[0]?.stream as Subject;
        await Promise.all([vault.put(rows), another.put(rows)]);
        await vault.erase(stream, ['applicant']);
        for (const side of [vault, another]) {
          const later = disclosuresOf(PERSON, { stream });
          await side.put([...rows, ...later]);
          expect((await found(rows[0]?.event)).map(({ pointer }) => pointer)).toEqual(['/actor/name']);
          expect((await found(later[0]?.event)).map(({ pointer }) => pointer)).toEqual(['/actor/name']);
        }
      });

      it('may be repeated, widened, and come before anything was put', async () => {
        const rows = disclosuresOf(PERSON);
        const stream = rows[0]?.stream as Subject;
        await vault.erase(stream, ['applicant']);
        await another.erase(stream, ['applicant', 'actor', 'actor']);
        await vault.erase(stream, ['applicant']);
        await vault.put(rows);
        expect(await found(rows[0]?.event)).toEqual([]);
        expect(await vault.erasedSubjects(stream)).toEqual(new Set(['actor', 'applicant']));
      });
    });

    describe('content hashes', () => {
      const bytes = Buffer.from('{"fullName":"Nguyễn Thị Hòa"}');

      it('are the same for the same dossier and content, and only then', async () => {
        const [stream, other] = [newStream(), newStream()];
        const hash = await vault.hmac(stream, bytes);
        expect(await another.hmac(stream, bytes)).toBe(hash);
        expect(await another.hmac(stream, Buffer.from('{}'))).not.toBe(hash);
        expect(await another.hmac(other, bytes)).not.toBe(hash);
      });

      it('cannot be recomputed once somebody in the dossier is erased', async () => {
        const stream = newStream();
        const before = await another.hmac(stream, bytes);
        await vault.erase(stream, ['applicant']);
        const after = await another.hmac(stream, bytes);
        expect(after).not.toBe(before);
        await vault.erase(stream, ['applicant']);
        expect(await another.hmac(stream, bytes)).toBe(after);
      });
    });

    it('keeps a register of what was sent, erased or not', async () => {
      const rows = disclosuresOf(PERSON);
      const { event, stream } = rows[0] as StoredDisclosure;
      const sent = (pointer: string, receiver: string, sentAt: string): DisclosureSent => ({
        event,
        pointer,
        receiver: receiver as NodeId,
        keyId: `${receiver}#enc-1`,
        purpose: 'custody',
        sentAt: sentAt as Instant,
      });
      const first = [sent('/applicant/fullName', 'hanoi-city', '2023-06-14T01:31:07.480Z')];
      const second = ['/actor/name', '/applicant/fullName'].map((pointer) =>
        sent(pointer, 'gialam-district', '2023-06-14T02:00:00.001Z'),
      );
      await vault.recordSent([...second, ...first]);
      await vault.erase(stream, ['applicant']);
      expect(await another.findSent(event)).toEqual([...first, ...second]);
      expect(await another.findSent(newEvent())).toEqual([]);
    });

    it('keeps a register of what was refused', async () => {
      const event = newEvent();
      const refused = (receiver: string, refusedAt: string): DisclosureRefused => ({
        event,
        receiver: receiver as NodeId,
        purpose: 'custody',
        code: 'NOT_ENTITLED',
        refusedAt: refusedAt as Instant,
      });
      const rows = [
        refused('hanoi-city', '2023-06-14T02:00:00.001Z'),
        refused('gialam-district', '2023-06-14T01:31:07.480Z'),
      ];
      await vault.recordRefused(rows);
      expect(await another.findRefused(event)).toEqual(rows.toReversed());
      expect(await another.findRefused(newEvent())).toEqual([]);
    });

    it('keeps which nodes have destroyed their copies, the first time each', async () => {
      const event = newEvent();
      const confirmed = (node: string, confirmedAt: string): ErasureConfirmed => ({
        node: node as NodeId,
        confirmedAt: confirmedAt as Instant,
      });
      const [first, second] = [
        confirmed('gialam-district', '2023-06-14T01:31:07.480Z'),
        confirmed('hanoi-city', '2023-06-14T02:00:00.001Z'),
      ];
      await vault.recordErased(event, second);
      await vault.recordErased(event, first);
      await another.recordErased(event, { ...second, confirmedAt: '2024-01-01T00:00:00.000Z' as Instant });
      expect(await another.findErased(event)).toEqual([first, second]);
      expect(await another.findErased(newEvent())).toEqual([]);
    });

    it('records who saw which fields, and why', async () => {
      const [{ stream, event }] = disclosuresOf({ '/applicant/fullName': 'x' }) as [StoredDisclosure];
      const at = '2023-06-14T01:31:07.480Z' as Instant;
      const row = { stream, event, pointers: ['/applicant/fullName'], actor: 'cb-0142', reason: 'counter', at };
      await expect(vault.recordReveal(row)).resolves.toBeUndefined();
    });

    it('sweeps what has no event in the ledger, once it is old', async () => {
      const [kept, orphaned] = [disclosuresOf(PERSON), disclosuresOf(PERSON)];
      await vault.put([...kept, ...orphaned]);
      const orphan = orphaned[0]?.event as Hash;
      const allBut = async (events: readonly Hash[]): Promise<ReadonlySet<Hash>> =>
        new Set(events.filter((event) => event !== orphan));
      expect(await vault.sweep(allBut, '2023-01-01T00:00:00.000Z' as Instant)).toBe(0);
      expect(await found(orphan)).toHaveLength(3);
      expect(await vault.sweep(allBut, FAR_AHEAD)).toBe(3);
      expect(await found(orphan)).toEqual([]);
      expect(await found(kept[0]?.event)).toEqual(inOrder(kept));
      expect(await another.sweep(allBut, FAR_AHEAD)).toBe(0);
    });
  });
}
