import { describe, expect, it } from '@jest/globals';
import { emptyDirectory } from '#libs/directory';
import type { Hash, Instant } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { RecordedCommand } from './recorded-command.ts';
import { refuseForGood, refuseUnrouted } from './refuse-unrouted.ts';

/** A node without an agency of its own: nobody can sign an answer. */
function nodeAt(now: string) {
  const aside: Hash[] = [];
  const services = {
    node: 'hub',
    directory: () => emptyDirectory([]),
    clock: { now: () => now as Instant },
    report: () => undefined,
    store: { markPassedOn: (hash: Hash) => Promise.resolve(void aside.push(hash)) },
  } as unknown as NodeServices;
  return { services, aside };
}
const command = (subject: string) =>
  ({
    sealed: { hash: 'h', message: { subject, expirytime: '2023-06-15T00:00:00.000Z' } },
    requester: 'H26.130',
  }) as unknown as RecordedCommand;

describe('a command that no agency here can answer', () => {
  it('is put aside when it is about no dossier', async () => {
    const { services, aside } = nodeAt('2023-06-14T00:00:00.000Z');
    expect(await refuseForGood(services, command('weather/rain'))).toBe('passed-on');
    expect(aside).toEqual(['h']);
  });

  it.each([
    ['2023-06-14T00:00:00.000Z', 'kept', 0],
    ['2023-06-15T00:00:00.001Z', 'passed-on', 1],
  ])('waits for the directory until it has expired: at %s it is %s', async (now, fate, count) => {
    const { services, aside } = nodeAt(now);
    expect(await refuseUnrouted(services, command('dossier/H26.130/x'))).toBe(fate);
    expect(aside).toHaveLength(count);
  });
});
