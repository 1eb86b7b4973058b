import { createHash, createPublicKey, verify as verifyBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { emptyDirectory, findKey, takeStatements, type Directory } from '#libs/directory';
import { decodeBase64Url, encodeUtf8, typeOf } from '#libs/kernel';
import type { Hash, Instant, JsonObject, SealedMessage, Sha256, Subject, VerifyEd25519 } from '#libs/kernel';
import type * as port from '#libs/use-cases';
import { EMPTY_GRAPH, kindOf, type StreamGraph } from './branches-graph.ts';
import { judgeAlone, type AloneDeps } from './envelope-judged-alone.ts';
import { recordKeyOf } from './envelope.ts';
import { directoryOf, DOSSIER, eventSketcher, GIA_LAM, sketchCommand } from './judge.builders.ts';
import { foldVerdict } from './judge-fold.ts';
import { graphWith, judgeInOrder, type Judged } from './judge-order.ts';
import { judgeOnGraph, judgeWithoutStream, type Judgement, type Known } from './judge.ts';

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const verify: VerifyEd25519 = (publicKey, bytes, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verifyBytes(null, bytes, key, signature);
};

interface Step {
  readonly verdict: 'recorded' | 'held' | 'quarantined' | 'fork' | 'duplicate';
  readonly hash: Hash;
  readonly message: string;
  readonly stage?: string;
  readonly code?: string;
  readonly superseded?: readonly Hash[];
  readonly thenRecorded?: readonly Hash[];
  readonly foldParked?: string;
}
interface Vectors {
  readonly keys: Readonly<Record<string, { readonly publicKey: string }>>;
  readonly directory: readonly { readonly hash: Hash; readonly message: string }[];
  readonly sequences: readonly { readonly why: string; readonly steps: readonly Step[] }[];
}
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/fixtures/wire-vectors.json'), 'utf8'),
) as Vectors;
const RECEIVER_CLOCK = '2023-06-20T00:00:00.000Z' as Instant;
const KNOWN_EVENTS = ['received', 'forwarded', 'custody-accepted', 'custody-declined', 'custody-released', 'rehomed'];

const registrarKey = decodeBase64Url(vectors.keys['hanoi#1 (registrar)']?.publicKey ?? '') ?? new Uint8Array();
const directoryOfVectors = readDirectory();

function readDirectory(): Directory {
  const empty = emptyDirectory([{ keyId: 'hanoi#1', publicKey: registrarKey }]);
  return takeStatements(
    empty,
    vectors.directory.map(({ message }) => passed(message, empty).sealed),
  ).directory;
}

function passed(text: string, directory: Directory): { sealed: SealedMessage; tooEarly?: Instant } {
  const bytes = encodeUtf8(text);
  const { subject } = JSON.parse(text) as { subject: string };
  const deps: AloneDeps = {
    sha256,
    verify,
    findKey: (kind, keyId) => findKey(directory, kind, keyId),
    known: new Set([typeOf('directory', 'agency'), typeOf('directory', 'node')]),
    now: RECEIVER_CLOCK,
  };
  const verdict = judgeAlone({ key: encodeUtf8(recordKeyOf(subject)), value: bytes }, deps);
  if (!verdict.ok) throw new Error(`refused at ${verdict.stage}: ${verdict.code}`);
  return verdict;
}

/** The words of the vectors. */
function wordsOf({ judgement }: Judged): JsonObject {
  switch (judgement.kind) {
    case 'duplicate':
      return { verdict: 'duplicate' };
    case 'quarantined':
      return { verdict: 'quarantined', stage: judgement.stage, code: judgement.code };
    case 'held':
      if (judgement.reason === 'GAP') return { verdict: 'held' };
      return {
        verdict: 'held',
        stage: judgement.reason === 'TOO_EARLY' ? 'key' : 'entitled',
        code: judgement.reason,
      };
    case 'recorded': {
      const { superseded } = judgement;
      return {
        ...(judgement.forked ? { verdict: 'fork', stage: 'place', code: 'FORK' } : { verdict: 'recorded' }),
        ...(superseded.length > 0 ? { superseded } : {}),
      };
    }
  }
}

/** A node that keeps what it recorded and what it holds between steps. */
class Receiver {
  private graph: StreamGraph = EMPTY_GRAPH;
  private readonly ids = new Map<string, Hash>();
  private readonly waiting: SealedMessage[] = [];
  readonly fold = {
    isKnown: (_: string, name: string) => KNOWN_EVENTS.includes(name) || name === 'fee-paid',
    fits: () => true,
  };

  take(sealed: SealedMessage, tooEarly?: Instant): readonly Judged[] {
    const judged = judgeInOrder([{ sealed, ...(tooEarly ? { tooEarly } : {}) }], {
      graphs: new Map([[sealed.message.subject as Subject, this.graph]]),
      known: { ids: this.ids },
      directory: directoryOfVectors,
      waiting: this.waiting,
    });
    for (const { sealed: message, judgement } of judged) {
      this.graph = graphWith(this.graph, message, judgement);
      if (judgement.kind === 'recorded') this.ids.set(`${message.message.source}\n${message.message.id}`, message.hash);
      if (judgement.kind === 'held' && judgement.reason === 'GAP') this.waiting.push(message);
    }
    return judged;
  }
}

describe('the sequences of the wire vectors', () => {
  it('reads the whole directory', () => {
    expect([...directoryOfVectors.statements.values()].map(({ hash }) => hash)).toEqual(
      vectors.directory.map(({ hash }) => hash),
    );
    expect(directoryOfVectors.version).toBe('2023-06-01T00:00:06.000Z');
  });

  it.each(vectors.sequences)('$why', ({ steps }) => {
    const receiver = new Receiver();
    for (const { message, hash, thenRecorded, foldParked, ...expected } of steps) {
      const { sealed, tooEarly } = passed(message, directoryOfVectors);
      expect(sealed.hash).toBe(hash);
      const [own, ...freed] = receiver.take(sealed, tooEarly) as [Judged, ...Judged[]];
      expect(wordsOf(own)).toEqual(expected);
      expect(freed.map((judged) => [judged.sealed.hash, judged.judgement.kind])).toEqual(
        (thenRecorded ?? []).map((recorded) => [recorded, 'recorded']),
      );
      if (foldParked) expect(foldVerdict(sealed, receiver.fold)).toBe(foldParked);
    }
  });
});

const event = eventSketcher(sha256);
const directory = directoryOf(GIA_LAM, sha256);
const NOTHING_KNOWN: Known = { ids: new Map() };
const received = event({ by: 'H26.129.05', name: 'received', at: '14T01:00' });
const forwarded = event({
  after: received,
  by: 'H26.129.05',
  name: 'forwarded',
  at: '14T02:00',
  data: { to: 'H26.129' },
});
const accepted = event({ after: forwarded, by: 'H26.129', name: 'custody-accepted', at: '14T03:00' });

function recordAll(...events: readonly SealedMessage[]): { graph: StreamGraph; known: Known } {
  let graph = EMPTY_GRAPH;
  const ids = new Map<string, Hash>();
  for (const sealed of events) {
    const judgement = judgeOnGraph(sealed, { graph, directory, known: { ids } });
    expect(judgement.kind).toBe('recorded');
    graph = graphWith(graph, sealed, judgement);
    ids.set(`${sealed.message.source}\n${sealed.message.id}`, sealed.hash);
  }
  return { graph, known: { ids } };
}

describe('stage 5', () => {
  it('knows a recorded message by its hash, whatever signature the copy bears', () => {
    const ground = { ...recordAll(received), directory };
    const copy = { ...received, bytes: new Uint8Array([1]) };
    expect(judgeOnGraph(copy, ground)).toEqual({ kind: 'duplicate' });
    expect(judgeOnGraph(copy, { ...ground, tooEarly: '2023-06-14T00:00:00.000Z' as Instant })).toEqual({
      kind: 'duplicate',
    });
  });

  it('refuses an id used again before it looks for the event before it', () => {
    const { graph, known } = recordAll(received);
    const gap = event({ after: accepted, by: 'H26.129.05', name: 'note', at: '14T04:00' });
    const again = { ...gap, message: { ...gap.message, id: received.message.id } };
    expect(judgeOnGraph(again, { graph, known, directory })).toMatchObject({ stage: 'known', code: 'ID_REUSED' });
  });

  it('lets an id be used first by whoever is not believed: only recorded ids count', () => {
    const stranger = event({ by: 'H26.130', name: 'received', at: '14T00:10', id: 'the same' });
    const rightful = event({ by: 'H26.129.05', name: 'received', at: '14T01:00', id: 'the same' });
    expect(judgeOnGraph(stranger, { graph: EMPTY_GRAPH, known: NOTHING_KNOWN, directory }).kind).toBe('quarantined');
    expect(judgeOnGraph(rightful, { graph: EMPTY_GRAPH, known: NOTHING_KNOWN, directory }).kind).toBe('recorded');
  });

  it('asks nothing more of a command', () => {
    const command = sketchCommand('H26.129.05', 'withdraw', sha256);
    expect(judgeWithoutStream(command, { known: NOTHING_KNOWN })).toMatchObject({
      kind: 'recorded',
      effect: 'extends',
    });
    const ids = new Map([[`${command.message.source}\n${command.message.id}`, 'x' as Hash]]);
    expect(judgeWithoutStream(command, { known: { ids } })).toMatchObject({ code: 'ID_REUSED' });
    expect(
      judgeWithoutStream(command, { known: { ids: new Map([[[...ids.keys()][0] as string, command.hash]]) } }),
    ).toEqual({
      kind: 'duplicate',
    });
  });
});

describe('stages 6 and 7', () => {
  it('holds what comes too early, and judges it no further', () => {
    const until = '2023-06-20T23:55:00.000Z' as Instant;
    expect(judgeOnGraph(accepted, { graph: EMPTY_GRAPH, known: NOTHING_KNOWN, directory, tooEarly: until })).toEqual({
      kind: 'held',
      reason: 'TOO_EARLY',
      until,
    });
  });

  it('holds a gap with the hash it waits for', () => {
    const ground = { ...recordAll(received), directory };
    expect(judgeOnGraph(accepted, ground)).toEqual({ kind: 'held', reason: 'GAP', waitsFor: forwarded.hash });
  });

  it('does not wait for an event of another stream', () => {
    const known = { ids: new Map<string, Hash>(), hashes: new Set([forwarded.hash]) };
    expect(judgeOnGraph(accepted, { graph: EMPTY_GRAPH, known, directory })).toMatchObject({ code: 'LINK' });
  });

  it('extends the straight line by the head alone', () => {
    const { graph, known } = recordAll(received, forwarded);
    const headOnly: StreamGraph = { ...(graph.head ? { head: graph.head } : {}), events: [] };
    const verdict = judgeOnGraph(accepted, { graph: headOnly, known, directory });
    expect(verdict).toMatchObject({
      kind: 'recorded',
      effect: 'extends',
      stream: {
        expectedRevision: 2,
        head: { hash: accepted.hash, streamseq: 3, hand: { kind: 'held', custodian: 'H26.129' }, branched: false },
      },
    });
  });

  it('says what a fork at place 1 leaves: no event is followed, both are kept', () => {
    const twin = event({ by: 'H26.129.05', name: 'received', at: '14T01:30' });
    const { graph } = recordAll(received, twin);
    expect(graph.head).toMatchObject({ hash: '', streamseq: 0, fork: true, branched: true, revision: 2 });
    expect(new Set(graph.head?.superseded)).toEqual(new Set([received.hash, twin.hash]));
    expect(graph.head).not.toHaveProperty('hand');
  });

  it('records what lengthens one side of a fork, aside, and tells no fork anew', () => {
    const twin = event({ by: 'H26.129.05', name: 'withdrawn', at: '14T02:30', after: received });
    const { graph, known } = recordAll(received, forwarded, twin);
    expect(graph.head).toMatchObject({ hash: received.hash, fork: true });
    const longer = event({ by: 'H26.129.05', name: 'note', at: '14T02:40', after: twin });
    expect(judgeOnGraph(longer, { graph, known, directory })).toMatchObject({
      effect: 'aside',
      fork: true,
      forked: false,
    });
    const third = event({ by: 'H26.129.05', name: 'resolved', at: '14T02:50', after: received });
    expect(judgeOnGraph(third, { graph, known, directory })).toMatchObject({
      effect: 'aside',
      fork: true,
      forked: true,
    });
  });

  it('takes nobody to hold a history that has just been switched to', () => {
    const twin = event({ by: 'H26.129.05', name: 'withdrawn', at: '14T02:30', after: received });
    const { graph, known } = recordAll(received, twin, forwarded);
    const verdict = judgeOnGraph(accepted, { graph, known, directory });
    expect(verdict).toMatchObject({ effect: 'switches', fork: false, superseded: [twin.hash] });
    expect(graphWith(graph, accepted, verdict).head?.receivers).toEqual([]);
  });
});

describe('stage 8', () => {
  const contracts = {
    isKnown: (_: string, name: string, major: number) => name === 'received' && major === 1,
    fits: () => false,
  };
  it('parks the fold for an unknown type and for data that do not fit', () => {
    expect(foldVerdict(forwarded, contracts)).toBe('NOT_UNDERSTOOD');
    expect(foldVerdict(received, contracts)).toBe('NOT_UNDERSTOOD');
    expect(foldVerdict(received, { ...contracts, fits: () => true })).toBeUndefined();
  });
});

/** The types of the pure room and those of the port have to stay one and the same. */
const asPort = (graph: StreamGraph): port.StreamGraph => graph;
const fromPort = (graph: port.StreamGraph): StreamGraph => graph;
it('shares its types with the event store', () => {
  expect(fromPort(asPort(recordAll(received).graph)).head?.subject).toBe(DOSSIER);
  expect(kindOf(DOSSIER)).toBe('dossier');
  const verdict: Judgement = { kind: 'duplicate' };
  expect(verdict.kind).toBe('duplicate');
});
