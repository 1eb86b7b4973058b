/** A repeated request is known again although the secret of its fingerprint has changed meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createKeys, openKeyCustody, rotateRequestSecret } from '#libs/key-custody';
import type { NodeId } from '#libs/kernel';
import { actFor, acts, namesAt, newDossier } from '../../testing/test-acts.ts';
import { openTestNode, type TestNode } from '../../testing/test-node.ts';
import type { NodeServices } from '../node-services.ts';
import type { KeyCustody } from '../ports/index.ts';
import type { Act } from './act.ts';
import { actOnDossier } from './act-on-dossier.ts';

jest.setTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), 'lienthong-secrets-'));
const name = 'gialam-communes' as NodeId;
let node: TestNode;
let another: NodeServices;
beforeAll(async () => {
  createKeys(root, { node: name, owners: [], label: '1' });
  node = await openTestNode();
  another = await node.anotherProcess();
}, 60_000);
afterAll(async () => {
  await node.close();
  rmSync(root, { recursive: true });
});

const withSecrets = (services: NodeServices, making: KeyCustody, knowing = making): NodeServices => ({
  ...services,
  keys: {
    ...services.keys,
    requestHmac: (bytes) => making.requestHmac(bytes),
    matchesRequestHmac: (kept, bytes) => knowing.matchesRequestHmac(kept, bytes),
  },
});
/** The node with the request secrets of so many days later; what it signs with is its own. */
function inDays(services: NodeServices, days: number): NodeServices {
  if (days > 0) rotateRequestSecret(root, name, new Date(Date.now() + days * 86_400_000));
  return withSecrets(services, openKeyCustody(root));
}
const keyed = (key: string, request: string): Partial<Act> => ({
  idempotency: { client: 'one-stop', key, request: Buffer.from(request) },
});
const transit = { to: 'H26.129', reason: 'route', step: 'appraise', legDueAt: '2024-01-01T00:00:00.000Z' } as const;

describe('the same request', () => {
  it('has the first answer, and no refusal, when the first is done between two looks of the second', async () => {
    const subject = newDossier();
    const file = actFor('file-dossier', subject, { more: keyed('k-between', 'file') });
    let first: unknown;
    const late: NodeServices = {
      ...another,
      store: {
        ...another.store,
        findIdempotent: async (...asked) => {
          const known = await another.store.findIdempotent(...asked);
          first ??= await actOnDossier(node.services, file);
          return known;
        },
      },
    };
    const second = await actOnDossier(late, file);
    expect(first).toMatchObject({ kind: 'answered', repeated: false });
    expect(second).toEqual({ ...(first as object), repeated: true });
  });

  it('has its first answer after the secret has changed; when it is destroyed, a refusal and no second act', async () => {
    const [subject, elsewhere] = [newDossier(), newDossier()];
    await acts(node.world, elsewhere, ['file-dossier'], ['forward', { data: transit }]);
    const file = (request = 'file') => actFor('file-dossier', subject, { more: keyed('k-file', request) });
    const withdraw = (request = 'withdraw') => actFor('withdraw', elsewhere, { more: keyed('k-send', request) });

    const today = inDays(node.services, 0);
    const [filed, sent] = [await actOnDossier(today, file()), await actOnDossier(today, withdraw())];
    expect([filed, sent]).toMatchObject([{ kind: 'answered', repeated: false }, { kind: 'sent' }]);

    const changed = inDays(another, 16);
    expect(await actOnDossier(changed, file())).toEqual({ ...filed, repeated: true });
    expect(await actOnDossier(changed, withdraw())).toEqual(sent);
    for (const other of [file('other'), withdraw('other')])
      await expect(actOnDossier(changed, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });

    const destroyed = inDays(another, 32);
    const { size } = await node.services.store.logSize();
    for (const again of [file(), withdraw()])
      await expect(actOnDossier(destroyed, again)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect((await node.services.store.logSize()).size).toBe(size);
    expect(await namesAt(node, subject)).toEqual(['received']);
  });

  it('is done once when it comes to processes that use different secrets at once', async () => {
    rmSync(root, { recursive: true });
    createKeys(root, { node: name, owners: [], label: '1' });
    const older = openKeyCustody(root);
    const newer = inDays(another, 16);
    // Both know both secrets, and each makes fingerprints with its own.
    const processes = [withSecrets(node.services, older, openKeyCustody(root)), newer];
    const subject = newDossier();
    const acted = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        actOnDossier(
          processes[at % 2] as NodeServices,
          actFor('file-dossier', subject, { more: keyed('k-race', 'file') }),
        ),
      ),
    );
    expect(acted.filter((one) => one.kind === 'answered' && !one.repeated)).toHaveLength(1);
    expect(new Set(acted.map((one) => JSON.stringify({ ...one, repeated: true }))).size).toBe(1);
    expect(await namesAt(node, subject)).toEqual(['received']);
  });
});
