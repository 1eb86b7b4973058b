import { expect, it } from '@jest/globals';
import type { AgencyCode, Hash, Instant, NodeId, SealedMessage, Subject } from '#libs/kernel';
import { commandUnit, someEvents, someFiling, unitOf } from './builders-units.ts';
import { someCommand, someEvent, someHash, someOutcome, someStatement, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const TO = 'H26.129' as AgencyCode;
const subjectOf = (event: SealedMessage): Subject => event.message.subject as Subject;
const hashes = (messages: readonly { readonly hash: Hash }[]): Hash[] => messages.map(({ hash }) => hash);

export function readsContract(open: OpenStores): void {
  it('gives the head as it was put, with all it holds', async () => {
    const events = someEvents(3);
    const head = {
      hand: { kind: 'transit', from: 'H26.129.05' as AgencyCode, to: TO },
      branched: true,
      fork: true,
      superseded: [events[1]?.hash as Hash],
      receivers: ['gialam-district', 'null'] as NodeId[],
      parties: ['H26.129.05', 'H26.129'] as AgencyCode[],
    } as const;
    await open.store.append(unitOf(events, { head }));
    const last = events[2] as SealedMessage;
    const expected = {
      subject: subjectOf(last),
      revision: 3,
      hash: last.hash,
      streamseq: 3,
      recordedtime: last.message.recordedtime,
    };
    expect(await open.another.findHead(subjectOf(last))).toEqual({ ...expected, ...head });
  });

  it.each([
    { kind: 'held', custodian: TO },
    { kind: 'transit', from: 'H26.129.05' as AgencyCode, to: TO },
    { kind: 'released', by: TO },
  ] as const)('keeps a hand that is $kind', async (hand) => {
    const unit = unitOf(someEvents(1), { head: { hand } });
    await open.store.append(unit);
    expect((await open.another.findHead(unit.streams[0]?.subject as Subject))?.hand).toEqual(hand);
  });

  it('has no head, no graph and no events for a stream that only commands speak of', async () => {
    const command = someCommand(someSubject());
    await open.store.append(commandUnit(command));
    expect(await open.store.findHead(subjectOf(command))).toBeUndefined();
    expect(await open.store.loadGraphs([subjectOf(command)])).toEqual(new Map([[subjectOf(command), { events: [] }]]));
    expect(await open.store.readStream(subjectOf(command), 'all')).toEqual([]);
    const event = someEvent(subjectOf(command));
    expect((await open.store.append(unitOf([event]))).kind).toBe('appended');
    expect(hashes(await open.store.readStream(subjectOf(command), 'main'))).toEqual([event.hash]);
  });

  it('gives the graph of each stream with what the border reads of its events', async () => {
    const [first] = someEvents(1);
    const forwarded = someEvent(subjectOf(first), { name: 'forwarded', after: first, members: { data: { to: TO } } });
    const rehomed = someEvent(subjectOf(first), {
      name: 'rehomed',
      after: forwarded,
      members: { data: { to: TO, directoryVersion: '2025-07-01T00:00:00.000Z' } },
    });
    const opinion = someEvent(subjectOf(first), {
      name: 'opinion-given',
      after: rehomed,
      members: { data: { to: TO } },
    });
    await open.store.append(unitOf([first, forwarded, rehomed, opinion]));
    const other = someFiling();
    await open.store.append(other);
    const unknown = someSubject();
    const graphs = await open.another.loadGraphs([subjectOf(first), other.streams[0]?.subject as Subject, unknown]);
    expect(graphs.get(unknown)).toEqual({ events: [] });
    expect(graphs.get(other.streams[0]?.subject as Subject)?.head?.revision).toBe(1);
    const node = (event: SealedMessage, name: string, more = {}) => ({
      hash: event.hash,
      ...(event.message.prevhash && { prevhash: event.message.prevhash }),
      streamseq: Number(event.message.streamseq),
      source: event.message.source,
      id: event.message.id,
      name,
      recordedtime: event.message.recordedtime,
      ...more,
    });
    expect(graphs.get(subjectOf(first))?.events).toEqual([
      node(first, 'received'),
      node(forwarded, 'forwarded', { to: TO }),
      node(rehomed, 'rehomed', { to: TO, directoryVersion: '2025-07-01T00:00:00.000Z' as Instant }),
      node(opinion, 'opinion-given'),
    ]);
  });

  it('reads a stream whole in log order, or along its main branch by place', async () => {
    const events = someEvents(2);
    await open.store.append(unitOf(events));
    const rival = someEvent(subjectOf(events[0]), { name: 'withdrawn', after: events[0] });
    const head = { branched: true, superseded: [events[1]?.hash as Hash] };
    await open.store.append(unitOf([rival], { onRevision: 2, head }));
    expect(hashes(await open.another.readStream(subjectOf(rival), 'all'))).toEqual(hashes([...events, rival]));
    expect(hashes(await open.another.readStream(subjectOf(rival), 'main'))).toEqual(hashes([events[0], rival]));
    const back = someEvent(subjectOf(rival), { after: events[1] as SealedMessage });
    await open.store.append(unitOf([back], { onRevision: 3, head: { branched: true, superseded: [rival.hash] } }));
    expect(hashes(await open.another.readStream(subjectOf(rival), 'main'))).toEqual(hashes([...events, back]));
    const last = someEvent(subjectOf(rival), { after: back });
    await open.store.append(unitOf([last], { onRevision: 4, head: { branched: true, fork: true } }));
    expect((await open.another.findHead(subjectOf(rival)))?.superseded).toEqual([]);
  });

  it('finds messages by hash, ids, and what a message caused', async () => {
    const command = someCommand(someSubject());
    const outcome = someOutcome(command);
    await open.store.append(commandUnit(command));
    await open.store.append(commandUnit(outcome));
    expect([...(await open.another.findByHash([command.hash, outcome.hash, someHash()])).keys()].toSorted()).toEqual(
      [command.hash, outcome.hash].toSorted(),
    );
    const { source, id } = command.message;
    const ids = await open.another.findIds([
      { source, id },
      { source, id: '01890000-0000-7000-8000-000000000000' },
    ]);
    expect(ids).toEqual(new Map([[`${source}\n${id}`, command.hash]]));
    expect(hashes(await open.another.findCaused(command.hash))).toEqual([outcome.hash]);
    expect(await open.another.findCaused(someHash())).toEqual([]);
  });

  it('reads the directory messages alone', async () => {
    const directory = someStatement('H26.129');
    await open.store.append(commandUnit(directory));
    await open.store.append(someFiling());
    const read = await open.another.readDirectory();
    expect(hashes(read)).toContain(directory.hash);
    expect(new Set(read.map((row) => row.class))).toEqual(new Set(['directory']));
  });

  it('reads events of a rare name alone, superseded ones too', async () => {
    const subject = someSubject();
    const [first] = someEvents(1, subject);
    const rehomed = someEvent(subject, { name: 'rehomed', after: first });
    const erased = someEvent(subject, { name: 'personal-data-erased', after: rehomed });
    const before = (await open.store.logSize()).size - 1;
    const declined = someEvent(subject, { name: 'custody-declined', after: erased });
    const head = { branched: true, superseded: [rehomed.hash] };
    await open.store.append(unitOf([first, rehomed, erased, declined], { head }));
    expect(hashes(await open.another.readNamed('rehomed', before, 9))).toEqual([rehomed.hash]);
    expect(hashes(await open.another.readNamed('personal-data-erased', before, 9))).toEqual([erased.hash]);
    expect(hashes(await open.another.readNamed('custody-declined', before, 9))).toEqual([declined.hash]);
    expect(await open.another.readNamed('rehomed', before + 2, 9)).toEqual([]);
  });

  it('reads the commands of some sources, page by page', async () => {
    const subject = someSubject();
    const commands = [someCommand(subject), someCommand(subject)];
    for (const command of commands) await open.store.append(commandUnit(command));
    await open.store.append(commandUnit(someOutcome(commands[0] as SealedMessage)));
    const [source] = commands.map(({ message }) => message.source);
    const before = (await open.store.logSize()).size - 4;
    const first = await open.another.readCommandsOf([source as string], before, 1);
    expect(hashes(first)).toEqual([commands[0]?.hash]);
    const rest = await open.another.readCommandsOf([source as string], first[0]?.logIndex ?? 0, 9);
    expect(hashes(rest)).toEqual([commands[1]?.hash]);
    expect(await open.another.readCommandsOf(['urn:lienthong:agency:X99'], -1, 9)).toEqual([]);
  });

  it('reads the log from before its first message, too', async () => {
    await open.store.append(someFiling());
    const [first] = await open.another.readLog(-1, 1);
    expect(first?.logIndex).toBe(0);
    expect(hashes(await open.another.readLog(-2, 1))).toEqual(hashes([first as NonNullable<typeof first>]));
  });

  it('knows the size of the log and its last message', async () => {
    const unit = someFiling();
    await open.store.append(unit);
    const { size, lastHash } = await open.another.logSize();
    expect(lastHash).toBe(unit.messages[0]?.sealed.hash);
    expect(await open.another.readLog(size - 1, 10)).toEqual([]);
    expect(hashes(await open.another.readLog(size - 2, 10))).toEqual([lastHash]);
  });
}
