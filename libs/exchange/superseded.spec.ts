import { describe, expect, it } from '@jest/globals';
import type { Hash, JsonObject, SealedMessage, UnsignedMessage } from '#libs/kernel';
import { unanswered } from '#libs/dossier';
import { someEvent, someSubject } from '../testing/builders.ts';
import { supersededIn } from './superseded.ts';

const [COMMUNE, DISTRICT, CITY] = ['H26.129.05', 'H26.129', 'H26'];
const subject = someSubject();
interface Wanted {
  readonly by?: string | undefined;
  readonly data?: JsonObject;
  readonly members?: Partial<UnsignedMessage>;
}
const event = (name: string, after?: SealedMessage, { by = COMMUNE, data = {}, members }: Wanted = {}): SealedMessage =>
  someEvent(subject, {
    name,
    ...(after ? { after } : {}),
    members: { source: `urn:lienthong:agency:${by}`, data, ...members },
  });

describe('the superseded acts of a dossier', () => {
  const received = event('received');
  const started = event('processing-started', received);
  const resolved = event('resolved', started);
  const rehomed = event('rehomed', received, {
    by: CITY,
    data: { to: DISTRICT, directoryVersion: '2023-06-01T00:00:00.000Z' },
  });
  const held = [received, started, resolved, rehomed];

  it('are those of the lighter branch, each place by itself', () => {
    expect(supersededIn([received, started])).toEqual([]);
    expect(supersededIn(held)).toEqual([
      { place: 2, agency: COMMUNE, events: [{ hash: started.hash, type: 'processing-started' }], status: 'unanswered' },
      { place: 3, agency: COMMUNE, events: [{ hash: resolved.hash, type: 'resolved' }], status: 'unanswered' },
    ]);
  });

  it('are answered on the main history alone', () => {
    const cause = { causationid: started.message.id, causationhash: started.hash };
    const taken = event('processing-started', rehomed, { by: DISTRICT, members: cause });
    const refused = event('corrected', taken, {
      by: DISTRICT,
      data: { verdict: 'refused', supersededEvents: [resolved.hash] },
    });
    expect(supersededIn([...held, taken, refused]).map(({ answer }) => answer)).toEqual([
      { how: 'taken-over', event: taken.hash },
      { how: 'refused', event: refused.hash },
    ]);
    const ownAnswer = event('corrected', resolved, { data: { verdict: 'refused', supersededEvents: [started.hash] } });
    expect(unanswered(supersededIn([...held, ownAnswer]))).toHaveLength(3);
  });

  it('are not answered by a correction, nor by a list that is none', () => {
    const data = { verdict: 'corrected', corrects: started.hash, supersededEvents: [started.hash] };
    const corrected = event('corrected', rehomed, { by: DISTRICT, data });
    const odd = event('corrected', corrected, {
      by: DISTRICT,
      data: { verdict: 'refused', supersededEvents: 'all' },
    });
    expect(unanswered(supersededIn([...held, corrected, odd]))).toHaveLength(2);
  });

  it('are not the sides of a fork', () => {
    const again = event('identity-check-requested', received);
    expect(supersededIn([received, started, again])).toEqual([]);
    const ended = event('rehomed', again, {
      by: CITY,
      data: { to: DISTRICT, directoryVersion: '2023-06-01T00:00:00.000Z' },
    });
    const hashes = supersededIn([received, started, again, ended]).flatMap(({ events }) =>
      events.map(({ hash }) => hash),
    );
    expect(hashes).toEqual([started.hash] satisfies Hash[]);
  });
});
