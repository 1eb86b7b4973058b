import { expect, it } from '@jest/globals';
import type { Hash, SealedMessage, Subject } from '#libs/kernel';
import type { AppendUnit, AppendVerdict } from '#libs/use-cases';
import { commandUnit, someEvents, someFiling, unitOf } from './builders-units.ts';
import { seal, someCommand, someEvent, someHash, someNode, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const indexesOf = (verdict: AppendVerdict): readonly number[] => ('logIndexes' in verdict ? verdict.logIndexes : []);
const subjectOf = (event: SealedMessage): Subject => event.message.subject as Subject;
const keyed = (unit: AppendUnit, key: string, bodyHmac = 'hmac', answer = '{"n":1}'): AppendUnit => ({
  ...unit,
  idempotency: { client: 'portal', agency: 'H26.129.05', key, bodyHmac, answer },
});
/** Same id and source, other content. */
const reusing = ({ message: { signature: _, ...rest }, class: of }: SealedMessage): SealedMessage =>
  seal({ ...rest, data: { other: true } }, of);

export function appendContract(open: OpenStores): void {
  it('gives dense indexes in the order of the units and of their messages', async () => {
    const { size } = await open.store.logSize();
    const units = [someFiling(), unitOf(someEvents(3)), commandUnit()];
    const verdicts = await Promise.all(units.map((unit) => open.store.append(unit)));
    expect(verdicts.map(({ kind }) => kind)).toEqual(['appended', 'appended', 'appended']);
    expect(verdicts.flatMap(indexesOf)).toEqual([0, 1, 2, 3, 4].map((n) => size + n));
  });

  it('keeps bytes, hash, class, effect, arrival and time as they came', async () => {
    const unit = someFiling();
    const [index] = indexesOf(await open.store.append(unit));
    const sealed = unit.messages[0]?.sealed as SealedMessage;
    const [stored] = await open.another.readLog((index as number) - 1, 1);
    expect(Buffer.from(stored?.bytes ?? []).equals(sealed.bytes)).toBe(true);
    expect(stored).toMatchObject({
      logIndex: index,
      class: 'event',
      effect: 'extends',
      hash: sealed.hash,
      arrival: { kind: 'local' },
    });
    expect(stored?.appendedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('answers the same unit again with the same indexes, from any process, and appends nothing', async () => {
    const unit = unitOf(someEvents(2), { receivers: [someNode()] });
    const first = await open.store.append(unit);
    const { size } = await open.store.logSize();
    const repeat = { kind: 'repeat', logIndexes: indexesOf(first) };
    expect(await Promise.all([open.store.append(unit), open.store.append(unit), open.another.append(unit)])).toEqual([
      repeat,
      repeat,
      repeat,
    ]);
    expect((await open.store.logSize()).size).toBe(size);
  });

  it('refuses a unit decided on another revision, and says which there is', async () => {
    const [first, second] = someEvents(2);
    await open.store.append(unitOf([first]));
    const rival = someEvent(subjectOf(first), { name: 'withdrawn', after: first });
    await open.another.append(unitOf([rival]));
    expect(await open.store.append(unitOf([second as SealedMessage]))).toEqual({
      kind: 'conflict',
      subject: subjectOf(first),
      revision: 2,
    });
    expect(await open.store.append(unitOf(someEvents(1), { onRevision: 4 }))).toMatchObject({
      kind: 'conflict',
      revision: 0,
    });
  });

  it('lets one of many that were decided on one revision through', async () => {
    const first = someEvents(1)[0];
    await open.store.append(unitOf([first]));
    const rivals = Array.from({ length: 20 }, () => unitOf([someEvent(subjectOf(first), { after: first })]));
    const verdicts = await Promise.all(rivals.map((unit, at) => (at % 2 ? open.store : open.another).append(unit)));
    expect(verdicts.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(verdicts.filter(({ kind }) => kind === 'conflict')).toHaveLength(19);
    expect(await open.store.readStream(subjectOf(first), 'all')).toHaveLength(2);
  });

  it('keeps the order of units on one stream that are sent without waiting', async () => {
    const events = someEvents(10);
    const verdicts = await Promise.all(events.map((event) => open.store.append(unitOf([event]))));
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['appended']));
    expect((await open.another.readStream(subjectOf(events[0]), 'all')).map(({ hash }) => hash)).toEqual(
      events.map(({ hash }) => hash),
    );
  });

  it('refuses another message under a known source and id', async () => {
    const event = someEvents(1)[0];
    const command = someCommand(someSubject());
    await open.store.append(unitOf([event]));
    await open.store.append(commandUnit(command));
    expect(await open.store.append(unitOf([reusing(event)]))).toEqual({ kind: 'id-reused' });
    expect(await open.another.append(commandUnit(reusing(command)))).toEqual({ kind: 'id-reused' });
    const both = await Promise.all([open.store.append(commandUnit(reusing(command))), open.store.append(someFiling())]);
    expect(both.map(({ kind }) => kind)).toEqual(['id-reused', 'appended']);
  });

  it('takes a unit whole or not at all', async () => {
    const [recorded, fresh] = [someEvents(1)[0], someEvents(1)[0]];
    await open.store.append(unitOf([recorded]));
    const mixed: AppendUnit = {
      ...unitOf([fresh]),
      messages: [recorded, fresh].map((sealed) => ({ sealed, effect: 'extends' as const })),
    };
    expect(await open.store.append(mixed)).toEqual({ kind: 'conflict', subject: subjectOf(recorded), revision: 1 });
    expect(await open.store.findHead(subjectOf(fresh))).toBeUndefined();
    const [one, two] = [someEvents(1)[0], someEvents(1)[0]];
    const twoStreams: AppendUnit = {
      messages: [one, two].map((sealed) => ({ sealed, effect: 'extends' as const })),
      streams: [...unitOf([one]).streams, ...unitOf([two], { onRevision: 1 }).streams],
      deliveries: [],
    };
    expect(await open.store.append(twoStreams)).toEqual({ kind: 'conflict', subject: subjectOf(two), revision: 0 });
    expect(await open.store.findByHash([one.hash, two.hash])).toEqual(new Map());
  });

  it('gives the first answer to a repeated idempotency key, and refuses the key with another body', async () => {
    const key = someHash();
    const first = await open.store.append(keyed(someFiling(), key));
    const later = keyed(someFiling(), key, 'hmac', '{"n":2}');
    expect(await open.another.append(later)).toEqual({
      kind: 'repeat',
      logIndexes: indexesOf(first),
      answer: '{"n":1}',
    });
    expect(await open.store.append(keyed(someFiling(), key, 'other'))).toEqual({ kind: 'key-reused' });
    expect(await open.store.findIdempotent('portal', 'H26.129.05', key)).toEqual({
      bodyHmac: 'hmac',
      answer: '{"n":1}',
    });
    expect(await open.store.findIdempotent('portal', 'H26.129.06', key)).toBeUndefined();
    expect(later.messages[0] && (await open.store.findByHash([later.messages[0].sealed.hash])).size).toBe(0);
  });

  it('does one thing for many requests at once under one key', async () => {
    const key = someHash();
    const units = Array.from({ length: 12 }, () => keyed(someFiling(), key));
    const verdicts = await Promise.all(units.map((unit, at) => (at % 2 ? open.store : open.another).append(unit)));
    expect(verdicts.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(new Set(verdicts.flatMap(indexesOf)).size).toBe(1);
  });

  it('keeps the answer of a unit without messages', async () => {
    const key = someHash();
    const refused = keyed({ messages: [], streams: [], deliveries: [] }, key);
    expect(await open.store.append(refused)).toEqual({ kind: 'appended', logIndexes: [] });
    expect(await open.store.append(refused)).toEqual({ kind: 'repeat', logIndexes: [], answer: '{"n":1}' });
  });

  it('keeps every stream whole when many callers of two processes write at once', async () => {
    const { size } = await open.store.logSize();
    const chains = Array.from({ length: 40 }, () => someEvents(5));
    const work = chains.map(async (events, at) => {
      const store = at % 2 ? open.store : open.another;
      for (const event of events) expect((await store.append(unitOf([event]))).kind).toBe('appended');
    });
    await Promise.all(work);
    const log = await open.store.readLog(size - 1, 1_000);
    expect(log.map(({ logIndex }) => logIndex)).toEqual(Array.from({ length: 200 }, (_, n) => size + n));
    expect(log.every(({ appendedAt }, at) => at === 0 || appendedAt >= (log[at - 1]?.appendedAt ?? ''))).toBe(true);
    const known = new Set<Hash>(log.map(({ hash }) => hash));
    expect(chains.flat().every(({ hash }) => known.has(hash))).toBe(true);
  });
}
