import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  emptyDirectory,
  findAgencyAt,
  findKey,
  nodeOf,
  takeStatements,
  type Organisation,
  type RegistrarKey,
} from '#libs/directory';
import { judgeAlone } from '#libs/exchange';
import { createKeys, publicKeys, sha256, verifyEd25519 } from '#libs/key-custody';
import {
  encodeUtf8,
  typeOf,
  type AgencyCode,
  type Instant,
  type JsonObject,
  type NodeId,
  type SealedMessage,
} from '#libs/kernel';
import type { OutgoingRecord } from '#libs/use-cases';
import { openEd25519Key } from './ed25519-file.ts';
import { organisationStatements, type NodeEntry } from './organisation-statements.ts';
import { publishStatements } from './publish-statements.ts';
import { StatementRegister, type Statement } from './statement-register.ts';

const AT = '2023-06-01T01:00:00.000Z' as Instant;
const KEYS_FROM = '2023-01-01T00:00:00.000Z' as Instant;
const DAY = '2023-06-14T02:00:00.000Z' as Instant;
const NODE = 'gialam-communes' as NodeId;
const COMMUNE = 'H26.129.05' as AgencyCode;
const organisation = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/organisation.json'), 'utf8'),
) as Organisation;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-registrar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openRegister = (): StatementRegister => new StatementRegister(join(folder, 'statements.json'));
const openKey = () => openEd25519Key(join(folder, 'keys'), 'hanoi#2023-1');
const openServiceKey = () => openEd25519Key(join(folder, 'keys'), 'hanoi#service-1');
const service = () => ({ registrar: 'hanoi', key: openServiceKey(), as: 'service' as const, at: AT });
const stating = (at = AT) => ({ registrar: 'hanoi', key: openKey(), at });

function statements(changes: Partial<NodeEntry> = {}): readonly Statement[] {
  const keysDir = join(folder, 'node');
  createKeys(keysDir, { node: NODE, owners: [COMMUNE], label: '2023-1', validFrom: KEYS_FROM });
  const entry: NodeEntry = {
    node: NODE,
    agencies: [COMMUNE],
    baseUrl: 'http://127.0.0.1:8081',
    keys: publicKeys(keysDir),
    logs: [{ life: 1, origin: `lienthong.example/${NODE}/1`, from: '2023-01-01' }],
    ...changes,
  };
  return organisationStatements(organisation, [entry], KEYS_FROM);
}

/** The same node with one key more to seal for. */
function withAnotherKey(all: readonly Statement[]): readonly Statement[] {
  const another = { label: '2023-2', alg: 'X25519', publicKey: 'c'.repeat(42) + 'A', validFrom: AT };
  return all
    .filter(({ name }) => name === 'node')
    .map(({ name, data }) => ({
      name,
      data: { ...data, encryptionKeys: [...(data['encryptionKeys'] as JsonObject[]), another] },
    }));
}

/** A topic that keeps what it is sent. */
function topic() {
  const records: OutgoingRecord[] = [];
  return { records, send: async (_: string, sent: readonly OutgoingRecord[]) => void records.push(...sent) };
}

function judged(records: readonly OutgoingRecord[]): readonly SealedMessage[] {
  const trusted = emptyDirectory(trustedKeys());
  return records.map(({ key, value }) => {
    const result = judgeAlone(
      { key: encodeUtf8(key), value },
      {
        sha256,
        verify: verifyEd25519,
        known: new Set([typeOf('directory', 'agency'), typeOf('directory', 'node')]),
        now: DAY,
        findKey: (kind, keyId) => findKey(trusted, kind, keyId),
        isBelieved: () => true,
      },
    );
    if (!result.ok) throw new Error(`stage ${result.stage}: ${result.code}`);
    return result.sealed;
  });
}
const trustedKeys = (): readonly RegistrarKey[] => [
  { keyId: openKey().kid, publicKey: openKey().publicKey },
  { keyId: openServiceKey().kid, publicKey: openServiceKey().publicKey, only: 'encryptionKeys' },
];
const take = (records: readonly OutgoingRecord[]) => takeStatements(emptyDirectory(trustedKeys()), judged(records));
/** What compaction leaves: the last record of each key, in the order of the topic. */
const compacted = (records: readonly OutgoingRecord[]): readonly OutgoingRecord[] =>
  records.filter(({ key }, at) => records.findLastIndex((other) => other.key === key) === at);

describe('statements of the registrar', () => {
  it('pass the border and are taken, one and all, with nodes and keys', async () => {
    const register = openRegister();
    const wanted = statements();
    expect(register.state(wanted, stating())).toBe(wanted.length);
    const kept = topic();
    expect(await publishStatements(register, { sender: kept, clusterId: 'a' })).toBe(wanted.length);
    const { directory, taken, alarms } = take(kept.records);
    expect(alarms).toEqual([]);
    expect(taken).toHaveLength(wanted.length);
    expect(nodeOf(directory, COMMUNE, DAY)).toBe(NODE);
    expect(findKey(directory, 'agency', `${COMMUNE}#2023-1`)).toBeDefined();
    expect(findAgencyAt(directory, 'H26.129' as AgencyCode, '2025-08-01T00:00:00.000Z' as Instant)).toBeUndefined();
    expect(directory.version < DAY).toBe(true);
  });

  it('are made once: a second start states and publishes nothing new', async () => {
    openRegister().state(statements(), stating());
    const kept = topic();
    await publishStatements(openRegister(), { sender: kept, clusterId: 'a' });
    const sent = kept.records.length;
    const again = openRegister();
    expect(again.state(statements(), stating(DAY))).toBe(0);
    expect(await publishStatements(again, { sender: kept, clusterId: 'a' })).toBe(0);
    expect(kept.records).toHaveLength(sent);
  });

  it('that changed get the next place and a later time, and are taken after the first ones', async () => {
    const register = openRegister();
    register.state(statements(), stating());
    const kept = topic();
    await publishStatements(register, { sender: kept, clusterId: 'a' });
    expect(register.state(statements({ baseUrl: 'http://127.0.0.1:9000' }), stating())).toBe(1);
    expect(await publishStatements(register, { sender: kept, clusterId: 'a' })).toBe(1);
    const { directory, alarms } = take(kept.records);
    expect(alarms).toEqual([]);
    expect(directory.nodes.get(NODE)?.baseUrl).toBe('http://127.0.0.1:9000');
  });

  it('go to a topic made anew with the very same bytes', async () => {
    const register = openRegister();
    register.state(statements(), stating());
    const [first, second] = [topic(), topic()];
    await publishStatements(register, { sender: first, clusterId: 'a' });
    await publishStatements(openRegister(), { sender: second, clusterId: 'b' });
    expect(second.records.map(({ value }) => Buffer.from(value).toString())).toEqual(
      first.records.map(({ value }) => Buffer.from(value).toString()),
    );
    const third = topic();
    await publishStatements(openRegister(), { sender: third, clusterId: 'b', isEmpty: true });
    expect(third.records).toHaveLength(second.records.length);
  });

  it('that were not acknowledged are sent again, and none is signed a second time', async () => {
    const register = openRegister();
    register.state(statements(), stating());
    const broken = { send: () => Promise.reject(new Error('the broker is away')) };
    await expect(publishStatements(register, { sender: broken, clusterId: 'a' })).rejects.toThrow('away');
    const kept = topic();
    expect(openRegister().state(statements(), stating())).toBe(0);
    await publishStatements(openRegister(), { sender: kept, clusterId: 'a' });
    expect(take(kept.records).alarms).toEqual([]);
  });
});

describe('what the service of the registrar has stated', () => {
  const keysOf = (records: readonly OutgoingRecord[]): number | undefined =>
    take(records).directory.nodes.get(NODE)?.encryptionKeys.length;

  it('may be nothing but the keys to seal for, of a node that was stated before', () => {
    const register = openRegister();
    const moved = statements({ baseUrl: 'http://127.0.0.1:9000' });
    const limited = expect.objectContaining({ code: 'KEY_LIMITED' });
    expect(() => register.state(statements(), service())).toThrow(limited);
    register.state(statements(), stating());
    expect(() => register.state(moved, service())).toThrow(limited);
    expect(register.state(withAnotherKey(statements()), service())).toBe(1);
  });

  it('stands on a topic made anew beside what the registrar stated, so that a newcomer can compare', async () => {
    openRegister().state(statements(), stating());
    openRegister().state(withAnotherKey(statements()), service());
    const kept = topic();
    await publishStatements(openRegister(), { sender: kept, clusterId: 'a' });
    expect(take(kept.records).alarms).toEqual([]);
    expect(keysOf(kept.records)).toBe(2);
  });

  it('is lost on a newcomer who finds nothing else, until the registrar has stated it again', async () => {
    const register = openRegister();
    const kept = topic();
    const publish = () => publishStatements(register, { sender: kept, clusterId: 'a' });
    register.state(statements(), stating());
    await publish();
    register.state(withAnotherKey(statements()), service());
    expect(await publish()).toBe(1);
    expect(take(compacted(kept.records)).alarms.map(({ alarm }) => alarm)).toEqual(['NOT_STATED_IN_FULL']);
    expect(keysOf(compacted(kept.records))).toBeUndefined();
    expect(register.confirm(stating())).toBe(1);
    expect(await publish()).toBe(1);
    for (const records of [kept.records, compacted(kept.records)]) {
      expect(take(records).alarms).toEqual([]);
      expect(keysOf(records)).toBe(2);
    }
    expect(openRegister().confirm(stating())).toBe(0);
  });
});
