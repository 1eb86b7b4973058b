/** Commands entered at the door: once each, in order, nothing half done, whoever else is at work. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { actFor, acts, namesAt, newDossier } from '../../testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';
import type { Act } from './act.ts';
import { actOnDossier } from './act-on-dossier.ts';

jest.setTimeout(60_000);

let node: TestNode;
let another: NodeServices;
let subject: Subject;
beforeAll(async () => {
  node = await openTestNode();
  another = await node.anotherProcess();
}, 60_000);
afterAll(() => node.close());
beforeEach(() => {
  subject = newDossier();
  node.clock.advance(60_000);
});

const keyed = (key: string, request = 'body'): Partial<Act> => ({
  idempotency: { client: 'one-stop', key, request: Buffer.from(request) },
});
const filing = (more: Partial<Act> = {}): Act => actFor('file-dossier', subject, { more });
const codeIn = (acted: unknown): string => (acted as { answer: { dossierCode: string } }).answer.dossierCode;

describe('a command at the door', () => {
  it('is done once for many requests at once under one key, over two processes, and answered alike', async () => {
    const requests = Array.from({ length: 10 }, (_, at) =>
      actOnDossier(at % 2 ? another : node.services, filing(keyed('k1'))),
    );
    const acted = await Promise.all(requests);
    expect(acted.filter((one) => one.kind === 'answered' && !one.repeated)).toHaveLength(1);
    expect(new Set(acted.map(codeIn)).size).toBe(1);
    expect(await namesAt(node, subject)).toEqual(['received']);
  });

  it('is refused under a known key with another body', async () => {
    await actOnDossier(node.services, filing(keyed('k2')));
    await expect(actOnDossier(another, filing(keyed('k2', 'other')))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('sent on to another node is sent once under one key', async () => {
    const elsewhere = newDossier();
    await acts(
      node.world,
      elsewhere,
      ['file-dossier'],
      ['forward', { data: { to: 'H26.129', reason: 'route', step: 'appraise', legDueAt: '2024-01-01T00:00:00.000Z' } }],
    );
    const withdraw = () => actFor('withdraw', elsewhere, { more: keyed('k3') });
    const [first, second] = [await actOnDossier(node.services, withdraw()), await actOnDossier(another, withdraw())];
    expect(first).toMatchObject({ kind: 'sent' });
    expect(second).toEqual(first);
  });

  it('is decided again when somebody was quicker: of many at once each is done on what the one before left', async () => {
    await actOnDossier(node.services, filing());
    const link = (at: number) =>
      actFor('link', subject, {
        data: { dossier: `dossier/H26.129.05/00000000-0000-4000-8000-${String(at).padStart(12, '0')}` },
      });
    const acted = await Promise.all(
      Array.from({ length: 12 }, (_, at) => actOnDossier(at % 2 ? another : node.services, link(at))),
    );
    expect(acted.every(({ kind }) => kind === 'answered')).toBe(true);
    const { facts } = (await node.services.shelf.load(subject)).state as { facts: { links: readonly unknown[] } };
    expect(facts.links).toHaveLength(12);
  });

  it('with a stale idea of the dossier is refused, and changes nothing', async () => {
    await actOnDossier(node.services, filing());
    const head = (await node.services.store.findHead(subject))?.hash;
    await actOnDossier(node.services, actFor('start-processing', subject));
    const stale = actFor('complete-step', subject, { more: head ? { expectedHash: head } : {} });
    expect(await actOnDossier(node.services, stale)).toMatchObject({ kind: 'refused', code: 'STALE' });
    expect(await namesAt(node, subject)).toEqual(['received', 'processing-started']);
  });

  it('that is refused takes no number from the counters; dossier codes are dense and unique over two processes', async () => {
    const first = codeIn(await actOnDossier(node.services, filing()));
    for (let at = 0; at < 5; at += 1)
      expect(await actOnDossier(node.services, filing())).toMatchObject({ kind: 'refused', code: 'DOSSIER_EXISTS' });
    const dossiers = Array.from({ length: 20 }, () => newDossier());
    const acted = await Promise.all(
      dossiers.map((one, at) => actOnDossier(at % 2 ? another : node.services, actFor('file-dossier', one))),
    );
    const numbers = acted.map((one) => Number(codeIn(one).split('-')[2])).sort((a, b) => a - b);
    const from = Number(first.split('-')[2]) + 1;
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => from + at));
  });

  it('of bad data is INVALID, of a future time TIME_IN_FUTURE, of an unknown procedure refused; nothing is left behind', async () => {
    const size = (await node.services.store.logSize()).size;
    await expect(
      actOnDossier(node.services, actFor('file-dossier', subject, { data: { channel: 'owl' } })),
    ).rejects.toMatchObject({ code: 'INVALID' });
    const future = filing({ occurredAt: '2099-01-01T00:00:00.000Z' as never });
    expect(await actOnDossier(node.services, future)).toMatchObject({ code: 'TIME_IN_FUTURE' });
    const unknown = actFor('file-dossier', subject, { data: { procedure: { code: '9.999999', case: 'standard' } } });
    expect(await actOnDossier(node.services, unknown)).toMatchObject({ code: 'PROCEDURE_UNKNOWN' });
    expect((await node.services.store.logSize()).size).toBe(size);
  });

  it('has its disclosures in the vault when its event is in the ledger', async () => {
    const order: string[] = [];
    const { vault, store } = node.services;
    const watched: NodeServices = {
      ...node.services,
      vault: Object.assign(Object.create(vault) as typeof vault, {
        put: async (rows: Parameters<typeof vault.put>[0]) => {
          await vault.put(rows);
          order.push('vault');
        },
      }),
      store: {
        ...store,
        append: async (unit) => {
          order.push('ledger');
          return store.append(unit);
        },
      },
    };
    await actOnDossier(watched, filing());
    expect(order).toEqual(['vault', 'ledger']);
    const [received] = (await store.readStream(subject, 'main')).map(openStored);
    expect(JSON.stringify(received?.message)).not.toMatch(/Hòa|999185000001/);
  });
});
