import { describe, expect, it } from '@jest/globals';
import { sha256, verifyEd25519 } from '#libs/key-custody';
import { typeOf, type AgencyCode, type Instant, type SealedMessage } from '#libs/kernel';
import { MemoryLedger } from '../../testing/memory-ledger/memory-event-store.ts';
import { TestRegistrar } from '../../testing/test-registrar.ts';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, OutgoingRecord } from '../ports/index.ts';
import { DirectoryDesk } from './read-directory.ts';

const at = (text: string): Instant => `${text}:00.000Z` as Instant;
const agency = (code: string) => ({
  code,
  intervals: [{ from: '2023-01-01', name: 'Xã ví dụ', level: 'commune', territories: [] }],
  keys: [],
  successions: [],
  suspensions: [],
});
const asTaken = ({ key, value }: OutgoingRecord) => ({ key: Buffer.from(key), value });

function world(now: Instant) {
  const registrar = new TestRegistrar();
  const reports: unknown[] = [];
  const clock = { time: now };
  const ledger = new MemoryLedger({ clock: { now: () => clock.time } });
  const recorded: SealedMessage[] = [];
  const store = ledger.open();
  const services = {
    sha256,
    verify: verifyEd25519,
    contracts: { knownTypes: () => new Set(['agency', 'node'].map((name) => typeOf('directory', name))) },
    clock: { now: () => clock.time },
    bell: { ring: () => undefined },
    report: (event: unknown) => void reports.push(event),
    store: {
      ...store,
      append: (unit: AppendUnit) => {
        recorded.push(...unit.messages.map(({ sealed }) => sealed));
        return store.append(unit);
      },
    },
  } as unknown as NodeServices;
  return { registrar, services, clock, recorded, reports, desk: new DirectoryDesk(registrar.trusted) };
}

describe('a statement from far ahead', () => {
  const FAR = at('2023-06-20T00:00');
  const NOW = at('2023-06-14T00:00');

  it('is not taken before its time, so it silences nobody, and is taken then', async () => {
    const { registrar, services, clock, recorded, desk } = world(NOW);
    const early = registrar.state('agency', agency('H26.129.05'), FAR);
    const next = registrar.state('agency', agency('H26.129.06'), at('2023-06-13T00:00'));
    expect(await desk.take(services, [early, next].map(asTaken))).toBe(1);
    expect([...desk.current.agencies.keys()]).toEqual(['H26.129.06']);
    expect(await desk.retryEarly(services)).toBe(0);
    clock.time = FAR;
    expect(await desk.retryEarly(services)).toBe(1);
    expect(desk.current.agencies.has('H26.129.05' as AgencyCode)).toBe(true);
    expect(recorded).toHaveLength(2);
    expect(await desk.retryEarly(services)).toBe(0);
  });

  it('is tried again with the next batch, before it', async () => {
    const { registrar, services, clock, desk } = world(NOW);
    await desk.take(services, [asTaken(registrar.state('agency', agency('H26.129.05'), FAR))]);
    clock.time = at('2023-06-21T00:00');
    const next = registrar.state('agency', agency('H26.129.06'), at('2023-06-20T00:01'));
    expect(await desk.take(services, [asTaken(next)])).toBe(2);
  });

  it('is kept while the ledger is away', async () => {
    const { registrar, services, clock, desk } = world(NOW);
    await desk.take(services, [asTaken(registrar.state('agency', agency('H26.129.05'), FAR))]);
    clock.time = FAR;
    const away = { ...services, store: { append: () => Promise.reject(new Error('away')) } } as unknown as NodeServices;
    await expect(desk.retryEarly(away)).rejects.toThrow('away');
    expect(await desk.retryEarly(services)).toBe(1);
  });
});

describe('a topic that is read again after a start', () => {
  const NOW = at('2023-06-14T00:00');

  it('raises no alarm over statements that were taken before, and one over those of a stranger', async () => {
    const { registrar, services, reports, desk } = world(NOW);
    const before = registrar.state('agency', agency('H26.129.05'), at('2023-06-12T00:00'));
    const after = registrar.state('agency', agency('H26.129.05'), at('2023-06-13T00:00'));
    expect(await desk.take(services, [before, after].map(asTaken))).toBe(2);
    const started = new DirectoryDesk(registrar.trusted);
    await started.restore(services);
    expect(await started.take(services, [before, after].map(asTaken))).toBe(0);
    expect(reports).toEqual([]);
    const other = new TestRegistrar();
    await started.take(services, [asTaken(other.state('agency', agency('H26.129.06'), at('2023-06-12T00:00')))]);
    expect(reports).toHaveLength(1);
  });
});

describe('a node of which only the registrar’s service has spoken', () => {
  it('stays unknown, and the alarm says what to do', async () => {
    const { registrar, services, reports } = world(at('2023-06-14T00:00'));
    const trusted = registrar.trusted.map((key) => ({ ...key, only: 'encryptionKeys' as const }));
    const desk = new DirectoryDesk(trusted);
    const node = {
      node: 'gialam-district',
      baseUrl: 'https://x.example',
      signingKeys: [],
      encryptionKeys: [],
      logs: [],
    };
    expect(await desk.take(services, [asTaken(registrar.state('node', node))])).toBe(0);
    expect(reports).toEqual([
      {
        code: 'DIRECTORY_ALARM',
        details: {
          alarm: 'NOT_STATED_IN_FULL',
          subject: 'directory/gialam-district',
          advice: 'the registrar must state this node again with its own key: until then it is unknown here',
        },
      },
    ]);
  });
});
