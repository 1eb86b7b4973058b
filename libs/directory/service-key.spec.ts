import { describe, expect, it } from '@jest/globals';
import { encodeUtf8, type JsonObject, type NodeId } from '#libs/kernel';
import { agency, key, node, REGISTRAR, statement } from './directory.builders.ts';
import { emptyDirectory, takeStatement, takeStatements } from './index.ts';

const NOBODY = new Uint8Array(32);
const TRUSTED = [
  { keyId: 'hanoi#1', publicKey: NOBODY },
  { keyId: 'hanoi#service', publicKey: NOBODY, only: 'encryptionKeys' as const },
];
const service = { keyid: 'hanoi#service', source: REGISTRAR };
const encryption = (label: string, fill: string): JsonObject => key(label, fill, { alg: 'X25519' });
const stated = (encryptionKeys: readonly JsonObject[], rest: JsonObject = {}): JsonObject =>
  node('gialam-district', { encryptionKeys: [...encryptionKeys], ...rest });
const ONE = encryption('enc-1', 'a');
const TWO = encryption('enc-2', 'b');

const first = takeStatements(emptyDirectory(TRUSTED), [
  statement({ name: 'node', data: stated([ONE]), at: '01T00:00' }),
  statement({ data: agency('H26.129'), at: '01T00:01' }),
]).directory;

/** Wire format 7: a key "that receivers are configured to accept for nothing but this member". */
describe('the key of the registrar’s service, stolen', () => {
  it('does not silence the registrar by a time far ahead', () => {
    const ahead = statement({
      ...service,
      name: 'node',
      data: stated([ONE, TWO]),
      streamseq: 2,
      at: '9999-12-31T23:59',
    });
    const { directory } = takeStatements(first, [ahead]);
    const revoking = statement({ data: agency('H26.129'), streamseq: 2, at: '02T00:00' });
    expect(takeStatement(directory, revoking)).toMatchObject({ taken: true });
  });

  it('does not move the directory version, which says what may be judged', () => {
    const ahead = statement({
      ...service,
      name: 'node',
      data: stated([ONE, TWO]),
      streamseq: 2,
      at: '9999-12-31T23:59',
    });
    const { directory } = takeStatements(first, [ahead]);
    expect(directory.version < '2024').toBe(true);
  });

  it('does not use up the places of the node’s stream', () => {
    const last = statement({
      ...service,
      name: 'node',
      data: stated([ONE, TWO]),
      streamseq: 9_999_999_999,
      at: '02T00:00',
    });
    const { directory } = takeStatements(first, [last]);
    const next = statement({
      name: 'node',
      data: stated([ONE, TWO], { baseUrl: 'https://elsewhere.example' }),
      streamseq: 3,
      at: '03T00:00',
    });
    expect(takeStatement(directory, next)).toMatchObject({ taken: true });
  });

  it('does not fill the node’s statement up for ever: the registrar may drop what the service added', () => {
    const junk = Array.from({ length: 800 }, (_, index) => encryption(`junk-${index}`, 'c'));
    const filled = statement({ ...service, name: 'node', data: stated([ONE, ...junk]), streamseq: 2, at: '02T00:00' });
    expect(encodeUtf8(JSON.stringify(filled.message)).length).toBeGreaterThan(100_000);
    const { directory } = takeStatements(first, [filled]);
    const cleared = statement({ name: 'node', data: stated([ONE]), streamseq: 3, at: '03T00:00' });
    expect(takeStatement(directory, cleared)).toMatchObject({ taken: true });
  });

  it('changes no key under its label, and drops none', () => {
    const { directory } = takeStatements(first, [
      statement({ ...service, name: 'node', data: stated([encryption('enc-1', 'c')]), streamseq: 2, at: '02T00:00' }),
    ]);
    expect(directory).toBe(first);
    const dropped = statement({ ...service, name: 'node', data: stated([TWO]), streamseq: 2, at: '02T00:00' });
    expect(takeStatement(first, dropped)).toMatchObject({ taken: false, alarm: 'KEY_LIMITED' });
  });
});

/** Compaction leaves the last statement about each code, in the order in which they came. */
describe('a newcomer to a compacted topic', () => {
  const empty = emptyDirectory(TRUSTED);
  const byService = statement({ ...service, name: 'node', data: stated([ONE, TWO]), streamseq: 2, at: '02T00:00' });
  const later = statement({ data: agency('H26.129'), at: '03T00:00' });
  const inFull = statement({ name: 'node', data: stated([ONE, TWO]), streamseq: 3, at: '04T00:00' });

  it('believes the service’s key nothing about a node that the registrar has not stated to it, and says what is lacking', () => {
    const stolen = statement({
      ...service,
      name: 'node',
      data: stated([ONE], { baseUrl: 'https://thief.example', signingKeys: [key('1', 'z')] }),
      streamseq: 9,
      at: '02T00:00',
    });
    const { directory, alarms } = takeStatements(empty, [byService, stolen, later]);
    expect(directory.nodes.size).toBe(0);
    expect(directory.agencies.size).toBe(1);
    expect(alarms.map(({ alarm }) => alarm)).toEqual(['NOT_STATED_IN_FULL', 'NOT_STATED_IN_FULL']);
  });

  it('learns the node once the registrar has stated it again with its own key, whether the service spoke before or not', () => {
    for (const topic of [
      [byService, later, inFull],
      [later, inFull],
    ]) {
      const { directory } = takeStatements(empty, topic);
      expect(directory.nodes.get('gialam-district' as NodeId)?.encryptionKeys).toHaveLength(2);
    }
  });

  it('learns it from the two that lie there while the first is young', () => {
    const before = statement({ name: 'node', data: stated([ONE]), at: '01T00:00' });
    const { directory, alarms } = takeStatements(empty, [before, byService, later]);
    expect(alarms).toEqual([]);
    expect(directory.nodes.get('gialam-district' as NodeId)?.encryptionKeys).toHaveLength(2);
  });
});
