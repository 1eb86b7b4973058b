import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierCommandName } from '#libs/dossier';
import { committedPointers } from '#libs/exchange';
import { createKeys, publicKeys, type PublicKey } from '#libs/key-custody';
import { splitType, type AgencyCode, type Instant, type JsonObject, type NodeId, type Subject } from '#libs/kernel';
import { actOnDossier, awaitOutcome, type Acted, type OutgoingRecord } from '#libs/use-cases';
import { forge, mail, recordWith } from '../../testing/forged-messages.ts';
import { ADAPTERS_AWAY, by, COMMUNE, DAY_MS, DISTRICT, giaLam } from '../../testing/gia-lam.ts';
import { act, actFor, acts, historyAt, laterThan, namesAt, newDossier, outcomeOf } from '../../testing/test-acts.ts';
import type { TestNode } from '../../testing/test-node.ts';

/** Nobody accepts but by hand; the district's new node has no agency yet. */
const nodes = ADAPTERS_AWAY.nodes.map((one) => ({ ...one, autoAccept: [] }));
const NEW = 'gialam-new';
const gialam = giaLam({ nodes: [...nodes, { node: NEW, agencies: [], autoAccept: [] }], absent: ADAPTERS_AWAY.absent });
const { exchange, leg } = gialam;
const newNode = (): TestNode => gialam.world.nodeOf(NEW);

/** The district is served by its new node from here on, … */
const MOVES_AT = '2023-06-14T17:00:00.000Z' as Instant;
/** … and signs there from here on. What lies between is the window in which the old node hands over. */
const SIGNS_AT = '2023-06-14T19:00:00.000Z' as Instant;

/** Keys of the new node under another label, stated at once: one is the district's. */
async function makesKeys(): Promise<JsonObject> {
  const { world } = gialam;
  const { keysDir } = newNode();
  const label = '2023-2';
  createKeys(keysDir, { node: NEW as NodeId, owners: [DISTRICT as AgencyCode], label, validFrom: SIGNS_AT });
  const { signing, encryption } = publicKeys(keysDir);
  const stated = world.registrar.last(NEW);
  const members = (all: readonly PublicKey[], alg: string): JsonObject[] =>
    all
      .filter((key) => key.label.endsWith(label))
      .map((key) => ({ label: key.label, alg, publicKey: key.publicKey, validFrom: SIGNS_AT }));
  const own = members(
    signing.filter(({ owner }) => owner === NEW),
    'Ed25519',
  );
  const signingKeys = [...(stated['signingKeys'] as JsonObject[]), ...own];
  const encryptionKeys = [...(stated['encryptionKeys'] as JsonObject[]), ...members(encryption, 'X25519')];
  await world.publish(world.registrar.state('node', { ...stated, signingKeys, encryptionKeys }));
  const [key = {}] = members(
    signing.filter(({ owner }) => owner === DISTRICT),
    'Ed25519',
  );
  return key;
}

/** The statement by which the district moves. */
async function movesDistrict(): Promise<OutgoingRecord> {
  const { registrar } = gialam.world;
  const stated = registrar.last(DISTRICT);
  const [interval] = stated['intervals'] as JsonObject[];
  const [key] = stated['keys'] as JsonObject[];
  return registrar.state('agency', {
    ...stated,
    intervals: [
      { ...interval, to: MOVES_AT },
      { ...interval, from: MOVES_AT, node: NEW },
    ],
    keys: [{ ...key, validTo: MOVES_AT }, await makesKeys()],
  });
}
const tell = async ({ desk, services }: TestNode, { key, value }: OutgoingRecord): Promise<void> => {
  await desk.take(services, [{ key: Buffer.from(key), value }]);
};

/** By event of the main branch: the pointers that the node can open; events without any are left out. */
async function opensAt(node: TestNode, of: Subject): Promise<Readonly<Record<string, readonly string[]>>> {
  const events = await gialam.mainAt(node, of);
  const held = await node.services.vault.findPointers(events.map(({ hash }) => hash));
  const opened = events.map(
    ({ hash, message }) => [splitType(message.type)?.name ?? '', (held.get(hash) ?? []).toSorted()] as const,
  );
  return Object.fromEntries(opened.filter(([, pointers]) => pointers.length > 0));
}
const isWholeAt = async (node: TestNode, of: Subject): Promise<boolean> => {
  const events = await gialam.mainAt(node, of);
  const held = await node.services.vault.findPointers(events.map(({ hash }) => hash));
  return events.every(
    (event) =>
      held.get(event.hash)?.length === committedPointers(event).length || committedPointers(event).length === 0,
  );
};

/** An act of the district, entered at a node. */
const actAt = (node: TestNode, command: DossierCommandName, of: Subject, data: object = {}): Promise<Acted> =>
  actOnDossier(node.services, actFor(command, of, by(DISTRICT, data)));

describe('an agency that moves to another node', () => {
  const [inProcess, inTransit, asked] = [newDossier(COMMUNE), newDossier(COMMUNE), newDossier(COMMUNE)];
  const all = [inProcess, inTransit, asked];
  const fields = ['/applicant/fullName'];
  let statement: OutgoingRecord;
  /** Sent by the old node just before the move; nothing has been carried since. */
  let opinion: Acted;

  beforeAll(async () => {
    const { world } = gialam;
    const question = { agency: DISTRICT, dueAt: laterThan(world.clock.now(), 3 * DAY_MS), fields };
    for (const dossier of [inProcess, inTransit])
      await acts(world, dossier, ['file-dossier', by(COMMUNE)], ['forward', gialam.forward()]);
    await acts(
      world,
      asked,
      ['file-dossier', by(COMMUNE)],
      ['start-processing', by(COMMUNE)],
      ['request-opinion', by(COMMUNE, question)],
    );
    await exchange();
    await acts(
      world,
      inProcess,
      ['accept-custody', by(DISTRICT)],
      ['start-processing', by(DISTRICT)],
      ['request-fee', by(DISTRICT)],
    );
    await exchange();
    opinion = await actAt(gialam.district, 'give-opinion', asked);
    statement = await movesDistrict();
    world.clock.set(MOVES_AT);
    // The commune has not read the statement yet.
    for (const node of [gialam.district, gialam.city, newNode()]) await tell(node, statement);
    await exchange();
  }, 60_000);

  it('finds its dossiers there, in order, without another event', async () => {
    for (const dossier of all)
      expect(await historyAt(newNode(), dossier)).toEqual(await historyAt(gialam.commune, dossier));
    expect(newNode().reports).toEqual([]);
  });

  it('can open there what it could open before, and no more', async () => {
    for (const dossier of [inProcess, inTransit]) expect(await isWholeAt(newNode(), dossier)).toBe(true);
    const opened = await opensAt(newNode(), asked);
    expect(opened).toEqual(await opensAt(gialam.district, asked));
    expect(opened['received']).toEqual(fields);
  });

  it('gets there the outcome of what it asked before, and the old node waits for it no longer', async () => {
    if (opinion.kind !== 'sent') throw new Error(JSON.stringify(opinion));
    const more = { subject: asked, waitMs: 0, nowMs: () => 0 };
    expect((await awaitOutcome(newNode().services, opinion.command, more)).status).toBe('accepted');
    expect(await gialam.district.services.store.findUnanswered(asked)).toEqual([]);
    expect((await namesAt(newNode(), asked)).filter((name) => name === 'opinion-given')).toHaveLength(1);
  });

  it('signs nowhere while the old node hands over', async () => {
    await expect(actAt(newNode(), 'accept-custody', inTransit)).rejects.toMatchObject({ code: 'KEY_MISSING' });
    await expect(actAt(gialam.district, 'accept-custody', inTransit)).rejects.toMatchObject({
      code: 'AGENCY_NOT_HERE',
    });
    await expect(actAt(gialam.district, 'give-opinion', asked)).rejects.toMatchObject({ code: 'AGENCY_NOT_HERE' });
  });

  it('gets there what was sent to the old node by who did not know: an event, its openings, a command', async () => {
    const { world } = gialam;
    const late = newDossier(COMMUNE);
    await acts(world, late, ['file-dossier', by(COMMUNE)], ['forward', by(COMMUNE, leg(DISTRICT))]);
    const payment = await act(world, 'record-payment', inProcess, by(COMMUNE));
    await exchange();
    expect(await historyAt(newNode(), late)).toEqual(await historyAt(gialam.commune, late));
    expect(await isWholeAt(newNode(), late)).toBe(true);
    world.clock.set(SIGNS_AT);
    await tell(gialam.commune, statement);
    await exchange();
    expect((await outcomeOf(world, COMMUNE, payment)).status).toBe('accepted');
    const [last] = (await gialam.mainAt(newNode(), inProcess)).slice(-1);
    expect(payment).toMatchObject({ command: last?.message.causationhash });
    expect(last?.message.keyid).toBe(`${DISTRICT}#2023-2`);
    expect((await actAt(newNode(), 'accept-custody', late)).kind).toBe('answered');
  });

  it('acts there as custodian, and as the one named by a transfer', async () => {
    expect((await actAt(newNode(), 'accept-custody', inTransit)).kind).toBe('answered');
    const forwarded = { ...leg(COMMUNE, 'return'), legDueAt: laterThan(SIGNS_AT, DAY_MS) };
    expect((await actAt(newNode(), 'forward', inProcess, forwarded)).kind).toBe('answered');
    await exchange();
    expect((await namesAt(gialam.commune, inTransit)).at(-1)).toBe('custody-accepted');
    expect((await namesAt(gialam.commune, inProcess)).at(-1)).toBe('forwarded');
    await acts(gialam.world, inProcess, ['accept-custody', by(COMMUNE)]);
    expect(await isWholeAt(gialam.commune, inProcess)).toBe(true);
  });

  it('is not spoken for by the old node any more, though its earlier signatures stand', async () => {
    const [head] = (await gialam.mainAt(gialam.city, inTransit)).slice(-1);
    const { sealed } = forge(gialam.district, {
      subject: inTransit,
      name: 'processing-started',
      agency: DISTRICT,
      ...(head ? { after: head } : {}),
    });
    expect(sealed.message.keyid).toBe(`${DISTRICT}#2023-1`);
    for (const node of [gialam.city, newNode()]) mail(node, recordWith(sealed));
    await exchange();
    for (const { services } of [gialam.city, newNode()]) {
      const rows = await services.store.listQuarantine({ code: 'KEY_NOT_VALID_THEN', limit: 5 });
      expect(rows.map(({ hash }) => hash)).toEqual([sealed.hash]);
    }
    expect(await namesAt(newNode(), inProcess)).toEqual(await namesAt(gialam.commune, inProcess));
  });
});
