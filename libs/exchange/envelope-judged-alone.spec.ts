import { createHash, createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalize, decodeBase64Url, encodeUtf8, startOfLocalDate, typeOf } from '#libs/kernel';
import type { Hash, Instant, JsonObject, LocalDate, Message, MessageClass, SealedMessage } from '#libs/kernel';
import {
  judgeAlone,
  type AloneDeps,
  type BorderRecord,
  type PassedAlone,
  type RefusedAlone,
} from './envelope-judged-alone.ts';
import { recordKeyOf } from './envelope.ts';
import type { BorderKey, FindKey } from './keys-at-the-border.ts';
import { claimedHashOf } from './seal-signed-bytes.ts';
import { sealMessage } from './seal.ts';

interface MessageVector {
  readonly hash: string;
  readonly signedBytes: string;
  readonly signature: string;
  readonly message: string;
}
interface RefusalVector {
  readonly stage: string;
  readonly code: string;
  readonly why: string;
  readonly recordKey: string;
  readonly message?: string;
  readonly messageBase64?: string;
}
interface StatedKey {
  readonly label: string;
  readonly publicKey: string;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly revoked?: object;
}
interface Vectors {
  readonly keys: Record<string, { seedHex: string; publicKey: string }>;
  readonly directory: MessageVector[];
  readonly events: MessageVector[];
  readonly command: MessageVector;
  readonly outcome: MessageVector;
  readonly exchange: Record<string, MessageVector>;
  readonly mustBeRefused: RefusalVector[];
  readonly sequences: { why: string; steps: { verdict: string; stage?: string; hash: string; message: string }[] }[];
}
const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const messages: [string, MessageVector][] = [
  ...vectors.directory.map((vector, at): [string, MessageVector] => [`directory ${at}`, vector]),
  ...vectors.events.map((vector, at): [string, MessageVector] => [`event ${at}`, vector]),
  ['command', vectors.command],
  ['outcome', vectors.outcome],
  ...Object.entries(vectors.exchange),
];

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const publicKeyOf = (raw: Uint8Array) =>
  createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') } });
const verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verifyBytes(null, bytes, publicKeyOf(publicKey), signature);
const PKCS8_PREFIX = '302e020100300506032b657004220420';
const signerOf = (seedHex: string): ((bytes: Uint8Array) => Uint8Array) => {
  const key = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.from(PKCS8_PREFIX + seedHex, 'hex') });
  return (bytes) => new Uint8Array(signBytes(null, bytes, key));
};

const toInstant = (text: string): Instant =>
  text.length === 10 ? startOfLocalDate(text as LocalDate) : (text as Instant);
const stated = new Map<string, BorderKey>();
for (const { message } of vectors.directory) {
  const data = (JSON.parse(message) as { data: Record<string, unknown> }).data;
  const kind = data['code'] === undefined ? 'node' : 'agency';
  for (const key of (data['keys'] ?? data['signingKeys']) as StatedKey[]) {
    stated.set(`${kind}:${(data['code'] ?? data['node']) as string}#${key.label}`, {
      publicKey: decodeBase64Url(key.publicKey) as Uint8Array,
      validFrom: toInstant(key.validFrom),
      ...(key.validTo === undefined ? {} : { validTo: toInstant(key.validTo) }),
      ...(key.revoked === undefined ? {} : { revoked: key.revoked }),
    });
  }
}
stated.set('registrar:hanoi#1', {
  publicKey: decodeBase64Url(vectors.keys['hanoi#1 (registrar)']?.publicKey ?? '') as Uint8Array,
  validFrom: '0000-01-01T00:00:00.000Z' as Instant,
});
const findKey: FindKey = (kind, keyId) => stated.get(`${kind}:${keyId}`);
const known = new Set([
  ...['agency', 'node', 'procedure', 'calendar'].map((name) => typeOf('directory', name)),
  ...['record-payment', 'recall'].map((name) => typeOf('command', name)),
  ...['accepted', 'refused'].map((name) => typeOf('outcome', name)),
  ...['openings', 'manifest', 'receipt'].map((name) => typeOf('exchange', name)),
]);
const deps: AloneDeps = { sha256, verify, findKey, known, now: '2023-06-20T00:00:00.000Z' as Instant };

const recordOf = (text: string, key?: string): BorderRecord => {
  const { subject } = JSON.parse(text) as Message;
  return { key: encodeUtf8(key ?? recordKeyOf(subject)), value: encodeUtf8(text) };
};
const fault = (outcome: PassedAlone | RefusedAlone): string => (outcome.ok ? 'ok' : `${outcome.stage} ${outcome.code}`);
const message = vectors.events[1] as MessageVector;

describe('a message of the vectors', () => {
  it.each(messages)('%s passes with the hash of the vector', (_, vector) => {
    const outcome = judgeAlone(recordOf(vector.message), deps) as PassedAlone;
    expect(fault(outcome)).toBe('ok');
    expect(outcome.tooEarly).toBeUndefined();
    expect(outcome.sealed.hash).toBe(vector.hash);
    expect(outcome.sealed.message).toEqual(JSON.parse(vector.message));
    expect(claimedHashOf(outcome.sealed.bytes, sha256)).toBe(vector.hash);
  });

  it.each(messages)('%s is sealed again to the same bytes and hash', (_, vector) => {
    const { signature, ...unsigned } = JSON.parse(vector.message) as Message;
    const keyName = vectors.keys[unsigned.keyid] === undefined ? `${unsigned.keyid} (registrar)` : unsigned.keyid;
    const signed: Uint8Array[] = [];
    const sign = signerOf((vectors.keys[keyName] as { seedHex: string }).seedHex);
    const sealed = sealMessage(unsigned, (bytes) => (signed.push(bytes), sign(bytes)), sha256);
    expect(sealed.message.signature).toBe(signature);
    expect(sealed.hash).toBe(vector.hash);
    expect(Buffer.from(sealed.bytes).toString()).toBe(vector.message);
    expect(Buffer.from(signed[0] as Uint8Array).toString()).toBe(`lienthong/${sealed.class}/v1\n${vector.signedBytes}`);
  });

  it('recorded or judged later than stage 4 in a sequence passes alone, held until its time if it comes from the future', () => {
    for (const { why, steps } of vectors.sequences) {
      for (const step of steps) {
        const outcome = judgeAlone(recordOf(step.message), deps);
        const early = step.verdict === 'held' && why === 'from the future';
        expect([why, fault(outcome)]).toEqual([why, 'ok']);
        expect([why, (outcome as PassedAlone).tooEarly !== undefined]).toEqual([why, early]);
      }
    }
  });
});

describe('what must be refused', () => {
  it.each(vectors.mustBeRefused.map((vector): [string, RefusalVector] => [vector.why, vector]))('%s', (_, vector) => {
    const text = vector.message?.replace('<131072 × a>', 'a'.repeat(131_072));
    const value =
      text === undefined ? new Uint8Array(Buffer.from(vector.messageBase64 as string, 'base64')) : encodeUtf8(text);
    const outcome = judgeAlone({ key: encodeUtf8(vector.recordKey), value }, deps);
    expect(fault(outcome)).toBe(`${vector.stage} ${vector.code}`);
  });

  it('are 45 in all', () => expect(vectors.mustBeRefused.length).toBe(45));
});

describe('a record', () => {
  it('without value is no JSON, without key has the wrong one, in the order of the stages', () => {
    expect(fault(judgeAlone({ key: null, value: null }, deps))).toBe('bytes NOT_JSON');
    expect(fault(judgeAlone({ ...recordOf(message.message), key: null }, deps))).toBe('bytes RECORD_KEY');
    expect(fault(judgeAlone({ key: null, value: encodeUtf8('{"profile":"lt9"}') }, deps))).toBe('bytes RECORD_KEY');
    expect(fault(judgeAlone({ key: null, value: encodeUtf8('{"a":null}') }, deps))).toBe('bytes NULL');
    expect(fault(judgeAlone({ key: encodeUtf8('x'), value: encodeUtf8('{"profile":"lt9"}') }, deps))).toBe(
      'envelope PROFILE_UNKNOWN',
    );
  });

  it('refused tells its hash where it has one, and of its claims only what may be stored as it is', () => {
    const outcome = judgeAlone(recordOf(message.message, 'other'), deps);
    const { source, subject, type } = JSON.parse(message.message) as Message;
    expect(outcome).toEqual({
      ok: false,
      stage: 'bytes',
      code: 'RECORD_KEY',
      hash: message.hash,
      source,
      subject,
      type,
    });
    const hostile = '{"source":"a\\u0000","subject":"ễ","type":"' + 'x'.repeat(201) + '"}';
    const refused = judgeAlone({ key: encodeUtf8(''), value: encodeUtf8(hostile) }, deps) as RefusedAlone;
    expect(Object.keys(refused).sort()).toEqual(['code', 'hash', 'ok', 'stage']);
    expect(judgeAlone({ key: encodeUtf8(''), value: encodeUtf8('{') }, deps)).toEqual({
      ok: false,
      stage: 'bytes',
      code: 'NOT_JSON',
    });
  });

  it('never throws, whatever its bytes', () => {
    const members = fc.constantFrom(...Object.keys(JSON.parse(message.message) as object), '__proto__', 'constructor');
    const mangled = fc.dictionary(members, fc.jsonValue()).map((changes) => {
      const value = { ...(JSON.parse(message.message) as object), ...changes };
      return encodeUtf8(canonicalize(value as JsonObject));
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mangled), fc.option(fc.uint8Array()), (value, key) => {
        expect(typeof judgeAlone({ key, value }, deps).ok).toBe('boolean');
        claimedHashOf(value, sha256);
      }),
    );
  });

  it('with one bit flipped never passes', () => {
    const bytes = encodeUtf8(message.message);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(judgeAlone({ ...recordOf(message.message), value: flipped }, deps).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('time and keys', () => {
  const seal = (changes: Partial<Message>): SealedMessage => {
    const { signature: _, ...unsigned } = JSON.parse(message.message) as Message;
    return sealMessage({ ...unsigned, ...changes }, signerOf('01'.repeat(32)), sha256);
  };
  const judge = (sealed: SealedMessage, more: Partial<AloneDeps> = {}): PassedAlone | RefusedAlone =>
    judgeAlone({ key: encodeUtf8(recordKeyOf(sealed.message.subject)), value: sealed.bytes }, { ...deps, ...more });

  it('holds what is more than 300 s ahead until it no longer is', () => {
    const ahead = seal({ recordedtime: '2023-06-20T00:05:00.001Z' });
    expect((judge(ahead) as PassedAlone).tooEarly).toBe('2023-06-20T00:00:00.001Z');
    expect(judge(ahead, { now: '2023-06-20T00:00:00.001Z' as Instant })).not.toHaveProperty('tooEarly');
    expect(judge(seal({ recordedtime: '2023-06-20T00:05:00.000Z' }))).not.toHaveProperty('tooEarly');
  });

  it('judges the signature before it holds for being early', () => {
    const forged = seal({ recordedtime: '2024-01-01T00:00:00.000Z' });
    expect(fault(judge(forged, { verify: () => false }))).toBe('signature SIGNATURE');
  });

  it('takes a key from its first moment to the one before its end', () => {
    const [from, to] = ['2023-06-14T03:00:00.000Z', '2023-06-14T04:00:00.000Z'] as Instant[];
    const key = { ...(stated.get('agency:H26.129.05#2023-1') as BorderKey), validFrom: from as Instant };
    const at = (time: string, more: Partial<BorderKey>): string =>
      fault(judge(seal({ time, recordedtime: time }), { findKey: () => ({ ...key, ...more }) }));
    expect(at('2023-06-14T02:59:59.999Z', {})).toBe('key KEY_NOT_VALID_THEN');
    expect(at('2023-06-14T03:00:00.000Z', { validTo: to as Instant })).toBe('ok');
    expect(at('2023-06-14T03:59:59.999Z', { validTo: to as Instant })).toBe('ok');
    expect(at('2023-06-14T04:00:00.000Z', { validTo: to as Instant })).toBe('key KEY_NOT_VALID_THEN');
    expect(at('2023-06-14T02:59:59.999Z', { revoked: {} })).toBe('key KEY_NOT_VALID_THEN');
  });

  it('believes a revoked key only for a message that is believed by its hash', () => {
    const revoked: FindKey = (kind, keyId) => ({ ...(findKey(kind, keyId) as BorderKey), revoked: { at: 'x' } });
    const sealed = seal({});
    const isBelieved = (hash: Hash): boolean => hash === sealed.hash;
    expect(fault(judge(sealed, { findKey: revoked }))).toBe('key KEY_REVOKED');
    expect(fault(judge(sealed, { findKey: revoked, isBelieved }))).toBe('ok');
    expect(fault(judge(seal({ recordedtime: '2023-06-19T00:00:00.000Z' }), { findKey: revoked, isBelieved }))).toBe(
      'key KEY_REVOKED',
    );
  });

  it('asks for the key among those of the kind of the source', () => {
    const asked: string[] = [];
    const spying: FindKey = (kind, keyId) => (asked.push(`${kind} ${keyId}`), findKey(kind, keyId));
    for (const [, vector] of messages) judgeAlone(recordOf(vector.message), { ...deps, findKey: spying });
    expect(new Set(asked)).toEqual(
      new Set([
        'registrar hanoi#1',
        'agency H26.129.05#2023-1',
        'agency H26.129#2023-1',
        'node gialam-communes#1',
        'node gialam-district#1',
      ]),
    );
  });

  it('keeps the classes apart: no signature is good for another class', () => {
    const classes: MessageClass[] = ['command', 'outcome', 'exchange', 'directory'];
    const sealed = seal({});
    for (const of of classes) {
      const asIf = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean => {
        const text = Buffer.from(bytes).toString().replace('lienthong/event/v1', `lienthong/${of}/v1`);
        return verify(publicKey, encodeUtf8(text), signature);
      };
      expect(fault(judge(sealed, { verify: asIf }))).toBe('signature SIGNATURE');
    }
  });
});
