/** Statements for the specs of this room: unsigned messages as `judgeAlone` would pass them. Used by specs alone. */
import {
  encodeUtf8,
  canonicalize,
  formatStreamSeq,
  typeOf,
  type Hash,
  type JsonObject,
  type JsonValue,
  type Message,
  type SealedMessage,
} from '#libs/kernel';

export const REGISTRAR = 'urn:lienthong:registrar:hanoi';

export interface StatementSketch {
  readonly data: JsonObject;
  readonly name?: 'agency' | 'node' | 'procedure' | 'calendar' | 'weather';
  /** What follows `directory/`; by default what the data are about. */
  readonly about?: string;
  readonly streamseq?: number;
  /** In June 2023: `03T00:00`; or a whole day with its time. */
  readonly at?: string;
  readonly source?: string;
  readonly keyid?: string;
}

/** The hash is the text of the message: two statements are the same when they say the same. */
export function statement(sketch: StatementSketch): SealedMessage {
  const { data, name = 'agency', streamseq = 1, at = '01T00:00', source = REGISTRAR, keyid = 'hanoi#1' } = sketch;
  const time = `${at.length > 8 ? at : `2023-06-${at}`}:00.000Z`;
  const about = sketch.about ?? textOf(data['code'] ?? data['node']);
  const message: JsonObject = {
    source,
    keyid,
    data,
    type: typeOf('directory', name),
    subject: `directory/${about}`,
    streamseq: formatStreamSeq(streamseq),
    time,
    recordedtime: time,
  };
  const text = canonicalize(message);
  return { class: 'directory', message: message as unknown as Message, bytes: encodeUtf8(text), hash: text as Hash };
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

export const key = (label: string, fill: string, rest: JsonObject = {}): JsonObject => ({
  label,
  alg: 'Ed25519',
  publicKey: fill.repeat(43).slice(0, 42) + 'A',
  validFrom: '2023-01-01T00:00:00.000Z',
  ...rest,
});

export const agency = (code: string, rest: JsonObject = {}): JsonObject => ({
  code,
  intervals: [interval('2023-01-01')],
  keys: [],
  successions: [],
  suspensions: [],
  ...rest,
});
export const interval = (from: string, rest: JsonObject = {}): JsonObject => ({
  from,
  name: 'Xã ví dụ',
  level: 'commune',
  territories: [],
  ...rest,
});
export const node = (id: string, rest: JsonObject = {}): JsonObject => ({
  node: id,
  baseUrl: 'https://node.example',
  signingKeys: [],
  encryptionKeys: [],
  logs: [],
  ...rest,
});
