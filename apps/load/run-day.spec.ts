import { describe, expect, it } from '@jest/globals';
import { workClock } from '#libs/config';
import { msToInstant, type Instant } from '#libs/kernel';
import { FakeNodes, type Fault, type NodesWanted } from './fake-nodes.builders.ts';
import type { DayOptions } from './options.ts';
import { planDay } from './plan-day.ts';
import { reference, rehearse } from './rehearsal.builders.ts';
import { runDay } from './run-day.ts';
import type { DaySummary, Snapshot } from './tally.ts';

const dayStart = '2023-06-14T00:30:00.000Z' as Instant;
const seed = 'gia-lam';

interface Day {
  readonly nodes: FakeNodes;
  readonly run: (more?: Partial<DayOptions>) => Promise<DaySummary>;
}
/** The whole day in a third of a second of work clock; after that everything is late and goes at once. */
function dayOn(wanted: NodesWanted, dossiers: number): Day {
  const clock = { wall: msToInstant(Date.now()), work: dayStart, rate: 100_000 };
  const nodes = new FakeNodes({ now: () => workClock(clock, Date.now).now(), ...wanted });
  const { addresses, token, fetch } = nodes;
  const options = {
    nodes: addresses,
    token,
    fetch,
    seed,
    dossiers,
    dayStart,
    workClock: clock,
    portalAdapter: true,
    patienceMs: 8000,
  };
  return { nodes, run: (more = {}) => runDay({ ...options, ...more }) };
}
const planOf = (dossiers: number) => planDay({ seed, dayStart, dossiers, portalAdapter: true }, reference).dossiers;
const namesOf = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type);

/** Some answers are lost, some requests meet a busy node or none at all. */
const restless = (number: number): Fault => {
  if (number % 29 === 0) return 'answer-lost';
  if (number % 37 === 0) return 'busy';
  return number % 41 === 0 ? 'connection-refused' : undefined;
};

describe('the seeded day on restless nodes', () => {
  it.each([
    ['quick', 396],
    ['slow', 150],
  ] as const)('has nothing unexpected where transfers are accepted %s', async (accept, count) => {
    const { nodes, run } = dayOn({ accept, fault: restless }, count);
    const summary = await run();
    expect(summary.unexpected).toEqual([]);
    expect(summary).toMatchObject({ planned: count, filed: count, errors: 0, aborted: false, abandoned: [] });
    expect(summary.retries).toBeGreaterThan(count / 4);
    expect(nodes.premature).toBe(0);
    for (const dossier of planOf(count)) {
      const held = nodes.dossiers.get(`${dossier.receivingAgency}/${dossier.id}`);
      const got = namesOf(held?.rehearsal.events ?? []);
      // A lost answer can cost slow nodes a race; a transfer that nobody looks at any more they accept later.
      const ways = (['quick', 'slow'] as const).map((nodes) => namesOf(rehearse(dossier, nodes).rehearsal.events));
      const late = accept === 'slow' && got.at(-1) === 'forwarded' ? ['custody-accepted'] : [];
      expect(accept === 'quick' ? ways.slice(0, 1) : ways).toContainEqual([...got, ...late]);
    }
  });

  it('acts once when it is run again on the state that was kept', async () => {
    const { nodes, run } = dayOn({ accept: 'quick', fault: restless }, 60);
    const first = await run();
    const { acted } = nodes;
    const second = await run();
    expect(nodes.acted).toBe(acted);
    expect(second.unexpected).toEqual([]);
    const counted = ({ filed, received, forwarded, settled, commands, racesLost }: DaySummary): object => {
      return { filed, received, forwarded, settled, commands, racesLost };
    };
    expect(counted(second)).toEqual(counted(first));
  });

  it('can be ended, and taken up again', async () => {
    const { nodes, run } = dayOn({ accept: 'quick' }, 60);
    const end = new AbortController();
    const ended = await run({
      signal: end.signal,
      token: (agency, roles) => {
        if (nodes.requests >= 150) end.abort();
        return nodes.token(agency, roles);
      },
    });
    expect(ended).toMatchObject({ aborted: true, unexpected: [] });
    expect(ended.commands).toBeLessThan(200);
    const whole = await run();
    expect(whole).toMatchObject({ aborted: false, unexpected: [], filed: 60 });
  });

  it('is ended before it begins by a signal that was given before', async () => {
    const { nodes, run } = dayOn({ accept: 'quick' }, 5);
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ aborted: true, filed: 0, unexpected: [] });
    expect(nodes.requests).toBe(0);
  });
});

describe('the summary', () => {
  it('lists every refusal that no plan foresees, and goes on with the other dossiers', async () => {
    const { run } = dayOn(
      { accept: 'quick', refuse: (name) => (name === 'resolve' ? 'DOSSIER_PARKED' : undefined) },
      40,
    );
    const summary = await run();
    const resolving = planOf(40).filter(({ steps }) => steps.some(({ command }) => command === 'resolve'));
    expect(summary.unexpected).toEqual([
      expect.objectContaining({ command: 'resolve', code: 'DOSSIER_PARKED', status: 409, count: resolving.length }),
    ]);
    expect(summary.unexpected[0]?.example.detail).toContain('DOSSIER_PARKED');
    expect([...summary.abandoned].sort()).toEqual(resolving.map(({ id }) => id).sort());
    expect(summary.filed).toBe(40);
  });

  it('says which node could not be reached, once patience is over', async () => {
    const { run } = dayOn(
      { accept: 'quick', fault: (_, node) => (node === 'hanoi-city' ? 'connection-refused' : undefined) },
      60,
    );
    const summary = await run({ patienceMs: 300 });
    expect(new Set(summary.unexpected.map(({ code }) => code))).toEqual(new Set(['NODE_UNREACHABLE']));
    expect(summary.unexpected[0]?.example.detail).toContain('ECONNREFUSED');
  });

  it('says where a transfer was never accepted', async () => {
    const { run } = dayOn({ accept: 'never' }, 30);
    const codes = (await run({ patienceMs: 300 })).unexpected.map(({ code }) => code);
    expect(codes).toContain('NOT_ARRIVED');
  });

  it('counts per agency what it counts in all, and races that were lost', async () => {
    const { run } = dayOn({ accept: 'quick' }, 200);
    const summary = await run();
    const sum = (count: (one: DaySummary['agencies'][number]) => number): number =>
      summary.agencies.reduce((total, one) => total + count(one), 0);
    expect(sum(({ received }) => received)).toBe(summary.received);
    expect(sum(({ settled }) => settled)).toBe(summary.settled);
    expect(sum(({ forwarded }) => forwarded)).toBe(summary.forwarded);
    expect(summary.waiting).toBe(summary.filed - summary.settled);
    expect(summary.racesLost).toBeGreaterThan(0);
    expect(summary.p95).toBeGreaterThanOrEqual(summary.p50);
  });
});

describe('the run', () => {
  it('keeps to its concurrency and shows how far it is', async () => {
    const { nodes, run } = dayOn({ accept: 'quick' }, 60);
    const shown: Snapshot[] = [];
    await run({ concurrency: 3, onProgress: (snapshot) => shown.push(snapshot) });
    expect(nodes.mostAtOnce).toBeLessThanOrEqual(3);
    expect(shown.at(-1)).toMatchObject({ planned: 60, filed: 60 });
    const filed = shown.map((snapshot) => snapshot.filed);
    expect([...filed].sort((one, other) => one - other)).toEqual(filed);
  });

  it('never sends an act before its time', async () => {
    const times: boolean[] = [];
    const clock = { wall: msToInstant(Date.now()), work: dayStart, rate: 60_000 };
    const now = (): Instant => workClock(clock, Date.now).now();
    const { nodes, run } = dayOn({ accept: 'quick', now }, 30);
    const fetch: typeof nodes.fetch = (input, init) => {
      const { occurredAt } = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as { occurredAt?: Instant };
      if (occurredAt !== undefined) times.push(occurredAt <= now());
      return nodes.fetch(input, init);
    };
    expect((await run({ fetch, workClock: clock })).unexpected).toEqual([]);
    expect(times.length).toBeGreaterThan(100);
    expect(times).not.toContain(false);
  });
});
