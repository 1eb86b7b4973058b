/** Acts on what a process remembers of a dossier: without a look into the ledger, and never with another end than with one. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '#libs/kernel';
import { actFor, namesAt, newDossier } from '../../testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';
import type { NodeServices } from '../node-services.ts';
import type { Act } from './act.ts';
import { actOnDossier } from './act-on-dossier.ts';

jest.setTimeout(60_000);

let node: TestNode;
let another: NodeServices;
let subject: Subject;
/** Of the node's own process. */
let looks: string[];
let watched: NodeServices;
beforeAll(async () => {
  node = await openTestNode();
  another = await node.anotherProcess();
  const { store } = node.services;
  const findHead = store.findHead.bind(store);
  store.findHead = (of) => {
    looks.push('head');
    return findHead(of);
  };
  const findIdempotent: typeof store.findIdempotent = (...asked) => {
    looks.push('key');
    return store.findIdempotent(...asked);
  };
  watched = { ...node.services, store: { ...store, findIdempotent } };
}, 60_000);
afterAll(() => node.close());
beforeEach(async () => {
  subject = newDossier();
  looks = [];
  await actOnDossier(watched, actFor('file-dossier', subject));
  looks = [];
});

const keyed = (key: string, request = 'body'): Partial<Act> => ({
  idempotency: { client: 'one-stop', key, request: Buffer.from(request) },
});
const start = (more: Partial<Act> = {}): Act => actFor('start-processing', subject, { more });
const assign = (more: Partial<Act> = {}): Act => actFor('assign-step', subject, { more });
const complete = (more: Partial<Act> = {}): Act => actFor('complete-step', subject, { more });

describe('an act on a dossier that this process wrote to last', () => {
  it('is appended without a look into the ledger', async () => {
    for (const act of [start(keyed('m1')), assign(keyed('m2')), complete(keyed('m3'))])
      expect(await actOnDossier(watched, act)).toMatchObject({ kind: 'answered', repeated: false });
    expect(looks).toEqual([]);
    expect(await namesAt(node, subject)).toEqual(['received', 'processing-started', 'step-assigned', 'step-completed']);
  });

  it('has its first answer under a known key, although it would be allowed again, and is refused with another body', async () => {
    await actOnDossier(watched, start());
    const first = await actOnDossier(watched, assign(keyed('again')));
    expect(await actOnDossier(watched, assign(keyed('again')))).toEqual({ ...first, repeated: true });
    expect(looks).toEqual([]);
    await expect(actOnDossier(watched, assign(keyed('again', 'other')))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    const unfit = { ...assign(keyed('again', 'unfit')), data: {} };
    await expect(actOnDossier(watched, unfit)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await expect(actOnDossier(watched, { ...unfit, ...keyed('fresh') })).rejects.toMatchObject({ code: 'INVALID' });
    expect(await namesAt(node, subject)).toEqual(['received', 'processing-started', 'step-assigned']);
  });

  it('is decided on what others have written meanwhile: allowed where memory would refuse, refused where it would allow', async () => {
    await actOnDossier(another, start());
    expect(await actOnDossier(watched, assign())).toMatchObject({ kind: 'answered' });
    expect(looks).not.toEqual([]);
    await actOnDossier(another, actFor('stop', subject));
    expect(await actOnDossier(watched, complete())).toMatchObject({ kind: 'refused' });
    expect(await namesAt(node, subject)).toEqual(['received', 'processing-started', 'step-assigned', 'stopped']);
  });

  it('whose dossier has gone elsewhere is sent there', async () => {
    const transit = { to: 'H26.129', reason: 'route', step: 'appraise', legDueAt: '2024-01-01T00:00:00.000Z' };
    const forward = actFor('forward', subject, { data: transit });
    expect(await actOnDossier(another, forward)).toMatchObject({ kind: 'answered' });
    expect(await actOnDossier(watched, actFor('withdraw', subject, { more: keyed('w') }))).toMatchObject({
      kind: 'sent',
    });
  });
});
