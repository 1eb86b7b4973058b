import { createHash, createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64, encodeBase64, encodeUtf8 } from '#libs/kernel';
import type { Hash } from '#libs/kernel';
import {
  checkpointText,
  consistencyProof,
  cosign,
  createFrontier,
  entryLeafHash,
  entryText,
  formatNote,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  leafHash,
  parseCheckpointText,
  parseNote,
  parseTlogProof,
  parseVkey,
  signNote,
  subtreesOf,
  verifyCheckpoint,
  verifyConsistency,
  verifyNote,
  verifyTlogProof,
} from './index.ts';
import type { NoteSigner, VerifierKey } from './index.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const der = (prefix: string, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(prefix, 'hex'), bytes]);
const verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean => {
  const key = createPublicKey({ key: der('302a300506032b6570032100', publicKey), format: 'der', type: 'spki' });
  return verifyBytes(null, bytes, key, signature);
};
function signerOf(name: string, seedHex: string): NoteSigner {
  const seed = Buffer.from(seedHex, 'hex');
  const key = createPrivateKey({ key: der('302e020100300506032b657004220420', seed), format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
  return { name, publicKey, sign: (bytes) => new Uint8Array(signBytes(null, bytes, key)) };
}
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8'));
const bytesOf = (base64: string): Uint8Array => decodeBase64(base64) ?? new Uint8Array(0);
const refusedWith = (pattern: RegExp) => expect.objectContaining({ code: expect.stringMatching(pattern) });
const crypto = { sha256, verify };

interface Named {
  readonly name: string;
  readonly seedHex: string;
  readonly vkey: string;
}
interface Refused {
  readonly id: string;
  readonly note: string;
  readonly vkey: string;
  readonly file: string;
  readonly entry: string;
}
interface Vectors {
  readonly published: readonly { id: string; vkeys?: string[]; note?: string; expect: string }[];
  readonly witnessRequests: {
    readonly vkey: string;
    readonly requests: readonly { body: string; expectStatus: number; expectBody?: string; why: string }[];
  };
  readonly generated: {
    readonly log: Named;
    readonly witnesses: readonly Named[];
    readonly entries: readonly string[];
    readonly leafHashes: readonly string[];
    readonly roots: Readonly<Record<string, string>>;
    readonly checkpoints: readonly { size: number; note: string }[];
    readonly cosigned: readonly { size: number; by: string[]; note: string }[];
    readonly consistency: readonly { from: number; to: number; proof: string[] }[];
    readonly tlogProofs: readonly { index: number; size: number; entry: string; file: string }[];
    readonly policies: readonly { quorum: string; satisfiedBy: { cosigned: number; expect: boolean }[] }[];
    readonly mustBeRefused: Readonly<Record<'checkpoints' | 'cosignatures' | 'proofs', readonly Refused[]>>;
  };
}
const vectors = fixture('merkle-vectors/signed-note-vectors.json') as Vectors;
const made = vectors.generated;
const log = parseVkey(made.log.vkey, sha256);
const witnesses = made.witnesses.map(({ vkey }) => parseVkey(vkey, sha256));

describe('published notes', () => {
  it.each(vectors.published.filter(({ note }) => note !== undefined))(
    '$id: $expect',
    ({ note = '', vkeys, expect: wanted }) => {
      const keys = (vkeys ?? []).map((vkey) => parseVkey(vkey, sha256));
      if (wanted === 'verifies') {
        expect(verifyNote(note, keys, verify).signatures.map(({ key }) => key)).toEqual(keys);
        expect(formatNote(parseNote(note))).toBe(note);
      } else if (wanted.startsWith('refuse')) {
        expect(() => verifyNote(note, keys, verify)).toThrow(refusedWith(/^NOTE_/));
      } else {
        expect(formatNote(parseNote(note))).toBe(note);
        expect(() => verifyNote(note, [log], verify)).toThrow(refusedWith(/^NOTE_UNVERIFIED$/));
      }
    },
  );
});

describe('the generated log', () => {
  const leaves = made.entries.map((entry) => leafHash(encodeUtf8(entry), sha256));
  const source = { read: subtreesOf((index) => leaves[index] ?? new Uint8Array(0), sha256), sha256 };

  it('has these leaves and roots', () => {
    expect(leaves.map(encodeBase64)).toEqual(made.leafHashes);
    const frontier = createFrontier(sha256);
    expect(encodeBase64(frontier.root())).toBe(made.roots['0']);
    for (const leaf of leaves) {
      frontier.append(leaf);
      expect(encodeBase64(frontier.root())).toBe(made.roots[frontier.size]);
    }
  });

  it.each(made.checkpoints)('signs the checkpoint of size $size byte for byte', ({ size, note }) => {
    const root = bytesOf(made.roots[size] ?? '');
    const signer = signerOf(made.log.name, made.log.seedHex);
    expect(signNote(checkpointText({ origin: made.log.name, size, root }), signer, sha256)).toBe(note);
    expect(verifyCheckpoint(note, { log }, verify)).toEqual({ origin: made.log.name, size, root, cosigned: [] });
  });

  it.each(made.cosigned)('is cosigned at size $size by $by', ({ note, by }) => {
    const { cosigned } = verifyCheckpoint(note, { log, witnesses }, verify);
    expect(cosigned.map(({ key }) => key.name)).toEqual(by);
    for (const { time } of cosigned) expect(Math.abs((time ?? 0) - 1751328000)).toBeLessThan(3600);
  });

  it.each(made.consistency)('is consistent from $from to $to', ({ from, to, proof }) => {
    expect(consistencyProof(from, to, source).map(encodeBase64)).toEqual(proof);
    const at = (size: number) => ({ size, root: bytesOf(made.roots[size] ?? '') });
    expect(verifyConsistency({ from: at(from), to: at(to), proof: proof.map(bytesOf) }, sha256)).toBe(true);
  });

  it.each(made.tlogProofs)('proves entry $index of $size', ({ index, size, entry, file }) => {
    const parsed = parseTlogProof(file);
    expect(formatTlogProof(parsed)).toBe(file);
    expect(parsed.hashes).toEqual(inclusionProof(index, size, source));
    const proved = verifyTlogProof(file, { leaf: leafHash(encodeUtf8(entry), sha256), log, witnesses }, crypto);
    expect(proved).toMatchObject({ index, checkpoint: { size } });
    expect(proved.checkpoint.cosigned.length).toBeGreaterThan(0);
  });

  it.each(made.mustBeRefused.checkpoints)('refuses a checkpoint: $id', ({ note }) => {
    expect(() => verifyCheckpoint(note, { log, witnesses }, verify)).toThrow(refusedWith(/^(NOTE|CHECKPOINT)_/));
    expect(() => verifyCheckpoint(note, { log }, verify)).toThrow(refusedWith(/^(NOTE|CHECKPOINT)_/));
  });

  it.each(made.mustBeRefused.cosignatures)('refuses a cosignature: $id', ({ note, vkey }) => {
    const witness = parseVkey(vkey, sha256);
    expect(() => verifyNote(note, [witness], verify)).toThrow(refusedWith(/^NOTE_SIGNATURE_INVALID$/));
    expect(() => verifyCheckpoint(note, { log, witnesses: [witness] }, verify)).toThrow(refusedWith(/^NOTE_/));
  });

  it.each(made.mustBeRefused.proofs)('refuses a proof: $id', ({ file, entry }) => {
    const known = { leaf: leafHash(encodeUtf8(entry), sha256), log };
    expect(() => verifyTlogProof(file, known, crypto)).toThrow(refusedWith(/^PROOF_/));
  });
});

/** Policies and witnesses come with the proofs that are served; what they will rest on agrees with their vectors. */
describe('what policies and witnesses rest on', () => {
  const needs: Record<string, (by: ReadonlySet<string>) => boolean> = {
    none: () => true,
    district: (by) => by.has('district'),
    neighbours: (by) => by.has('district') && by.has('city'),
    two: (by) => by.size >= 2,
    outside: (by) => by.has('outside'),
  };
  it.each(made.policies)('quorum $quorum', ({ quorum, satisfiedBy }) => {
    for (const { cosigned, expect: wanted } of satisfiedBy) {
      const verified = verifyCheckpoint(made.cosigned[cosigned]?.note ?? '', { log, witnesses }, verify);
      const by = new Set(verified.cosigned.map(({ key }) => key.name.replace(/.*witness-/, '')));
      expect(needs[quorum]?.(by)).toBe(wanted);
    }
  });

  it('answers the requests to a witness in their order', () => {
    const key = parseVkey(vectors.witnessRequests.vkey, sha256);
    let held = { size: 0, root: new Uint8Array(0) };
    for (const { body, expectStatus, why } of vectors.witnessRequests.requests) {
      const [head = '', note = ''] = [body.slice(0, body.indexOf('\n\n')), body.slice(body.indexOf('\n\n') + 2)];
      const [old = '', ...proof] = head.split('\n');
      const answer = witness({ old: Number(old.slice(4)), proof: proof.map(bytesOf), note }, key, held);
      expect([answer.status, why]).toEqual([expectStatus, why]);
      if (answer.status === 200) held = answer.holds;
    }
  });

  interface Held {
    size: number;
    root: Uint8Array<ArrayBuffer>;
  }
  function witness(
    request: { old: number; proof: Uint8Array[]; note: string },
    key: VerifierKey,
    held: Held,
  ): { status: number; holds: Held } {
    if (!request.note.startsWith(`${key.name}\n`)) return { status: 404, holds: held };
    try {
      const next = verifyCheckpoint(request.note, { log: key }, verify);
      const holds = { size: next.size, root: new Uint8Array(next.root) };
      if (request.old !== held.size) return { status: 409, holds: held };
      const joined = held.size === 0 || verifyConsistency({ from: held, to: next, proof: request.proof }, sha256);
      return { status: joined ? 200 : 422, holds };
    } catch {
      return { status: 403, holds: held };
    }
  }
});

describe('the log of the wire vectors', () => {
  const wire = fixture('wire-vectors.json') as {
    log: Record<'origin' | 'logSeedHex' | 'logVkey' | 'witnessName' | 'witnessSeedHex' | 'witnessVkey', string> &
      Record<'root' | 'checkpoint' | 'proofOfIndex1', string> & {
        entries: string[];
        leaves: string[];
        witnessTime: number;
      };
    events: { hash: string }[];
  };
  const { log: given } = wire;
  const logKey = parseVkey(given.logVkey, sha256);
  const witness = parseVkey(given.witnessVkey, sha256);

  it('has the entries and leaves of the messages', () => {
    for (const { hash } of wire.events.slice(0, 2)) expect(given.entries).toContain(entryText(hash as Hash));
    expect(encodeBase64(entryLeafHash(wire.events[0]?.hash as Hash, sha256))).toBe(given.leaves[0]);
    expect(given.entries.map((entry) => encodeBase64(leafHash(encodeUtf8(entry), sha256)))).toEqual(given.leaves);
    expect(() => entryText('short' as Hash)).toThrow(refusedWith(/^MALFORMED$/));
  });

  it('has the keys of its seeds', () => {
    expect(formatVkey(logKey)).toBe(given.logVkey);
    expect(signerOf(given.origin, given.logSeedHex).publicKey).toEqual(logKey.publicKey);
    expect(signerOf(given.witnessName, given.witnessSeedHex).publicKey).toEqual(witness.publicKey);
  });

  it('is signed and cosigned byte for byte', () => {
    const frontier = createFrontier(sha256);
    for (const leaf of given.leaves) frontier.append(bytesOf(leaf));
    expect(encodeBase64(frontier.root())).toBe(given.root);
    const text = checkpointText({ origin: given.origin, size: frontier.size, root: frontier.root() });
    const note = signNote(text, signerOf(given.origin, given.logSeedHex), sha256);
    const by = { signer: signerOf(given.witnessName, given.witnessSeedHex), time: given.witnessTime };
    expect(cosign(note, by, sha256)).toBe(given.checkpoint);
    const verified = verifyCheckpoint(given.checkpoint, { log: logKey, witnesses: [witness] }, verify);
    expect(verified.cosigned).toEqual([{ key: witness, time: given.witnessTime }]);
  });

  it('proves the entry at index 1', () => {
    const known = { leaf: bytesOf(given.leaves[1] ?? ''), log: logKey, witnesses: [witness] };
    expect(verifyTlogProof(given.proofOfIndex1, known, crypto)).toMatchObject({ index: 1 });
    const hashes = [0, 2].map((i) => bytesOf(given.leaves[i] ?? ''));
    expect(formatTlogProof({ index: 1, hashes, checkpoint: given.checkpoint })).toBe(given.proofOfIndex1);
  });
});

describe('a verifier key', () => {
  it.each([
    ['another id', made.log.vkey.replace('+979456bd+', '+979456be+')],
    ['another name', made.log.vkey.replace('log+', 'lag+')],
    ['a name with a space', made.log.vkey.replace('vectors/log', 'vectors log')],
    ['an unknown type', 'example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a short key', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4'],
    ['no parts', 'example.com'],
    ['nothing', ''],
  ])('with %s is refused', (_what, vkey) => {
    expect(() => parseVkey(vkey, sha256)).toThrow(refusedWith(/^VKEY_MALFORMED$/));
  });
});

describe('a note', () => {
  const signer = signerOf(made.log.name, made.log.seedHex);

  it('of any text verifies, and with any character changed never', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => `${text.replace(/\p{Cc}/gu, '')}\n`);
    fc.assert(
      fc.property(texts, fc.nat(), fc.constantFrom('x', '\n', '+', '\u2014'), (text, at, other) => {
        const note = signNote(text, signer, sha256);
        expect(verifyNote(note, [log], verify).text).toBe(text);
        const place = at % note.length;
        const changed = note.slice(0, place) + other + note.slice(place + 1);
        fc.pre(changed !== note);
        expect(() => verifyNote(changed, [log], verify)).toThrow(refusedWith(/^NOTE_/));
      }),
    );
  });

  it.each([
    ['a text without its line end', 'text'],
    ['a control character', 'a\u0007b\n'],
    ['a lone surrogate', 'a\ud800\n'],
  ])('is never made of %s', (_what, text) => {
    expect(() => signNote(text, signer, sha256)).toThrow(refusedWith(/^NOTE_MALFORMED$/));
  });

  it('with a hundred signatures is read, with more it is not', () => {
    const { text, signatures } = parseNote(made.checkpoints[0]?.note ?? '');
    const of = (count: number) => formatNote({ text, signatures: Array.from({ length: count }, () => signatures[0]!) });
    expect(verifyNote(of(100), [log], verify).signatures).toHaveLength(1);
    expect(() => parseNote(of(101))).toThrow(refusedWith(/^NOTE_MALFORMED$/));
  });

  it('signed by a witness alone is no checkpoint of the log', () => {
    const [district] = made.witnesses;
    const { text, signatures } = parseNote(made.cosigned[0]?.note ?? '');
    const note = formatNote({ text, signatures: signatures.filter(({ name }) => name === district?.name) });
    expect(() => verifyCheckpoint(note, { log, witnesses }, verify)).toThrow(refusedWith(/^NOTE_UNVERIFIED$/));
  });

  it('is cosigned only if it is a checkpoint', () => {
    const note = signNote('no checkpoint\n', signer, sha256);
    expect(() => cosign(note, { signer, time: 1 }, sha256)).toThrow(refusedWith(/^CHECKPOINT_MALFORMED$/));
  });
});

describe('the text of a checkpoint', () => {
  const root = made.roots['1'] ?? '';
  it.each([
    ['an extension line', `a\n1\n${root}\nextension\n`],
    ['no origin', `\n1\n${root}\n`],
    ['a signed size', `a\n+1\n${root}\n`],
    ['a leading zero', `a\n01\n${root}\n`],
    ['a size no number holds', `a\n9007199254740992\n${root}\n`],
    ['a short root', `a\n1\n${root.slice(4)}\n`],
    ['no end', `a\n1\n${root}`],
  ])('with %s is refused', (_what, text) => {
    expect(() => parseCheckpointText(text)).toThrow(refusedWith(/^CHECKPOINT_MALFORMED$/));
  });

  it('is never made so that it would not be read', () => {
    const whole = { origin: 'a', size: 1, root: bytesOf(root) };
    for (const part of [{ origin: '' }, { origin: 'a\nb' }, { size: -1 }, { size: 0.5 }, { root: new Uint8Array(3) }])
      expect(() => checkpointText({ ...whole, ...part })).toThrow(refusedWith(/^CHECKPOINT_MALFORMED$/));
  });
});

describe('a tlog-proof', () => {
  const whole = made.tlogProofs[0]?.file ?? '';
  it.each([
    ['nothing', ''],
    ['no index', whole.replace(/^index .*\n/m, '')],
    ['a leading zero', whole.replace('index 0', 'index 00')],
    ['an index no number holds', whole.replace('index 0', 'index 9007199254740992')],
    ['a hash that is none', whole.replace(/\n[^\n]+=\n/, '\nAAAA\n')],
    ['extra that is no base64', whole.replace('index 0', 'extra !\nindex 0')],
    [
      'more hashes than a tree is high',
      whole.replace(/\nindex 0\n/, (line) => line + `${made.roots['1']}\n`.repeat(60)),
    ],
  ])('with %s is refused', (_what, file) => {
    expect(() => parseTlogProof(file)).toThrow(refusedWith(/^PROOF_MALFORMED$/));
  });
});
