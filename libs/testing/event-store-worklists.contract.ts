import { expect, it } from '@jest/globals';
import type { AgencyCode, Hash, NodeId, SealedMessage, Subject } from '#libs/kernel';
import type { AppendUnit } from '#libs/use-cases';
import { batchOf, commandUnit, someEvents, unitOf } from './builders-units.ts';
import { someCommand, someNode, someOutcome, someSubject } from './builders.ts';
import type { OpenStores } from './event-store-under-test.ts';

const subjectOf = (event: SealedMessage): Subject => event.message.subject as Subject;
const hashes = (messages: readonly { readonly hash: Hash }[]): Hash[] => messages.map(({ hash }) => hash);

/** What a node has yet to answer: commands, and dossiers on their way to it. */
export function worklistsContract(open: OpenStores): void {
  it('lists commands until an outcome answers them, whichever came first', async () => {
    const subject = someSubject();
    const [one, two, three] = [someCommand(subject), someCommand(subject), someCommand(subject)];
    await open.store.append(commandUnit(one));
    await open.store.append(commandUnit(two));
    await open.store.append(commandUnit(someOutcome(three)));
    await open.store.append(commandUnit(three));
    expect(hashes(await open.another.findUnanswered(subject))).toEqual(hashes([one, two]));
    await open.store.append(commandUnit(someOutcome(one)));
    expect(hashes(await open.another.findUnanswered(subject))).toEqual([two.hash]);
    const late: AppendUnit = {
      ...commandUnit(someOutcome(two)),
      streams: unitOf(someEvents(1), { onRevision: 7 }).streams,
    };
    expect((await open.store.append(late)).kind).toBe('conflict');
    expect(hashes(await open.another.findUnanswered(subject))).toEqual([two.hash]);
    await open.store.append({ ...late, streams: [] });
    expect(await open.another.findUnanswered(subject)).toEqual([]);
  });

  it('leaves a command that was passed on to the other node, until it comes back with more hops', async () => {
    const [command, answered] = [someCommand(someSubject()), someCommand(someSubject())];
    const subject = command.message.subject as Subject;
    const arrival = { kind: 'mailbox', partition: 80, offset: '1' } as const;
    const batch = batchOf({
      units: [commandUnit(command)],
      arrivals: new Map([[command.hash, { ...arrival, hops: 2 }]]),
    });
    await open.store.record(batch);
    expect((await open.another.findUnanswered(subject))[0]?.arrival).toEqual({ ...arrival, hops: 2 });
    const way = { to: someNode(), hops: 3 };
    await open.another.markPassedOn(command.hash, way);
    expect(await open.store.findUnanswered(subject)).toEqual([]);
    expect(await open.store.findWays([command.hash, answered.hash])).toEqual(new Map([[command.hash, way]]));
    await open.store.record(batchOf({ reopened: [{ hash: command.hash, hops: 3 }] }));
    expect(await open.store.findUnanswered(subject)).toEqual([]);
    await open.store.append(commandUnit(answered));
    await open.store.append(commandUnit(someOutcome(answered)));
    const reopened = [command, answered].map(({ hash }) => ({ hash, hops: 4 }));
    await open.store.record(batchOf({ reopened }));
    expect((await open.another.findUnanswered(subject))[0]?.arrival).toEqual({ ...arrival, hops: 4 });
    expect(await open.another.findUnanswered(answered.message.subject as Subject)).toEqual([]);
  });

  it('lets an own command that was passed on wait for its outcome, as when it was first sent', async () => {
    const command = someCommand(someSubject());
    const subject = command.message.subject as Subject;
    const [first, later] = [someNode(), someNode()];
    const owe = (receiver: NodeId, hops?: number) =>
      open.store.append({
        messages: [],
        streams: [],
        deliveries: [{ receiver, message: command.hash, ...(hops === undefined ? {} : { hops }) }],
      });
    await open.store.append(commandUnit(command));
    expect(await open.another.findFirstReceiver(command.hash)).toBeUndefined();
    await owe(first);
    await open.store.record(batchOf({ reopened: [{ hash: command.hash, hops: 1 }] }));
    expect((await open.another.findUnanswered(subject))[0]?.arrival).toEqual({ kind: 'local', hops: 1 });
    await owe(later, 2);
    await open.another.markPassedOn(command.hash, { to: later, hops: 2 });
    expect((await open.another.findUnanswered(subject))[0]?.arrival).toEqual({ kind: 'local' });
    expect(await open.another.findFirstReceiver(command.hash)).toBe(first);
    await open.another.markPassedOn(command.hash);
    expect(await open.another.findUnanswered(subject)).toEqual([]);
  });

  it('goes round the streams with unanswered commands, so that none waits behind others for ever', async () => {
    const commands = Array.from({ length: 5 }, () => someCommand(someSubject()));
    for (const command of commands) await open.store.append(commandUnit(command));
    const seen = new Set<string>();
    for (let looks = 0; looks < 40 && !commands.every((command) => seen.has(subjectOf(command))); looks += 1)
      for (const subject of await open.store.listUnanswered(2)) seen.add(subject);
    expect([...seen]).toEqual(expect.arrayContaining(commands.map(subjectOf)));
  });

  it('lists the dossiers on their way to an agency', async () => {
    const to = 'H26.130' as AgencyCode;
    const unit = unitOf(someEvents(1), { head: { hand: { kind: 'transit', from: 'H26.129.05' as AgencyCode, to } } });
    await open.store.append(unit);
    expect((await open.another.listInTransitTo([to], 10)).map(({ subject }) => subject)).toEqual([
      unit.streams[0]?.subject,
    ]);
    expect(await open.another.listInTransitTo(['H26.131' as AgencyCode], 10)).toEqual([]);
  });
}
