import type { Hash, Instant } from './ids.ts';
import type { JsonObject } from './json.ts';

/** Wire format 2: event (a fact in a stream), command, outcome (its answer), exchange (about delivery), directory. */
export type MessageClass = 'event' | 'command' | 'outcome' | 'exchange' | 'directory';
export type AuthType = 'user' | 'app_user' | 'service_account' | 'system';

/** A message without its signature: what is signed. Members as in the table of wire format 2. */
export interface UnsignedMessage {
  readonly specversion: '1.0';
  readonly profile: 'lt1';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly streamseq?: string;
  readonly prevhash?: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly expirytime?: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly causationhash?: string;
  readonly authtype?: AuthType;
  readonly authid?: string;
  readonly keyid: string;
  readonly data: JsonObject;
}
export interface Message extends UnsignedMessage {
  readonly signature: string;
}

/** A message as it is stored, sent and proved: the bytes that came or were signed, with what was read from them. */
export interface SealedMessage {
  readonly class: MessageClass;
  readonly message: Message;
  /** Canonical UTF-8 bytes, signature included. */
  readonly bytes: Uint8Array;
  /** base64url SHA-256 of the signed bytes (without `signature`). */
  readonly hash: Hash;
}

/** `vn.lienthong.dossier.received.v1` gives kind `dossier`, name `received`, major 1; undefined when it is not in the grammar. */
export interface TypeParts {
  readonly kind: string;
  readonly name: string;
  readonly major: number;
}
const TYPE = /^vn\.lienthong\.([a-z]+)\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.v([1-9][0-9]{0,5})$/;
export function splitType(type: string): TypeParts | undefined {
  const match = TYPE.exec(type);
  return match ? { kind: match[1] as string, name: match[2] as string, major: Number(match[3]) } : undefined;
}
export const typeOf = (kind: string, name: string, major = 1): string => `vn.lienthong.${kind}.${name}.v${major}`;
export const schemaOf = (kind: string, name: string, major = 1, minor = 0): string =>
  `urn:lienthong:schema:${kind}.${name}:${major}.${minor}`;

export function classOfKind(kind: string): MessageClass {
  switch (kind) {
    case 'command':
    case 'outcome':
    case 'exchange':
    case 'directory':
      return kind;
    default:
      return 'event';
  }
}

/** Ten digits, zero-padded; the first place of a stream is 1. */
export const formatStreamSeq = (place: number): string => String(place).padStart(10, '0');

export const laterOf = (a: Instant, b: Instant): Instant => (a < b ? b : a);
