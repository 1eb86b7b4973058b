/**
 * Messages and a directory for the specs of the border: unsigned, but linked and hashed as on the wire. Used by specs alone.
 */
import { emptyDirectory, takeStatements, type Directory } from '#libs/directory';
import {
  agencySource,
  canonicalize,
  encodeUtf8,
  formatStreamSeq,
  hashOf,
  schemaOf,
  splitSubject,
  typeOf,
  type AgencyCode,
  type JsonObject,
  type Message,
  type MessageClass,
  type SealedMessage,
  type Sha256,
  type Subject,
} from '#libs/kernel';

export const DOSSIER = 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001' as Subject;

export interface EventSketch {
  readonly after?: SealedMessage;
  /** Agency code, or a whole source. */
  readonly by: string;
  readonly name: string;
  /** Day and time, `14T02:00`, in June 2023; the year's later days as `2023-07-01T00:00`. */
  readonly at: string;
  readonly data?: JsonObject;
  readonly subject?: string;
  /** Last digits of the id; told apart from the other members by default. */
  readonly id?: string;
}
export type Sketch = (sketch: EventSketch) => SealedMessage;

const instantOf = (at: string): string => `${at.length > 10 ? at : `2023-06-${at}`}:00.000Z`;
const sourceOf = (by: string): string => (by.startsWith('urn:') ? by : agencySource(by as AgencyCode));

function sealed(of: MessageClass, message: JsonObject, sha256: Sha256): SealedMessage {
  const bytes = encodeUtf8(canonicalize(message));
  return { class: of, message: message as unknown as Message, bytes, hash: hashOf(bytes, sha256) };
}

/** A UUID version 7 out of a text. */
function idOf(text: string, sha256: Sha256): string {
  const hex = [...sha256(encodeUtf8(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Gives events: linked to `after`, or at place 1 with the receiving agency that the subject names. */
export const eventSketcher =
  (sha256: Sha256): Sketch =>
  ({ after, by, name, at, data = {}, subject = DOSSIER, id }) => {
    const { kind } = splitSubject(subject);
    const place = Number(after?.message.streamseq ?? 0) + 1;
    const first = after ? {} : { receivingAgency: splitSubject(subject).name.split('/')[0] ?? '' };
    const message = {
      source: sourceOf(by),
      type: typeOf(kind, name),
      subject,
      streamseq: formatStreamSeq(place),
      ...(after ? { prevhash: after.hash } : {}),
      time: instantOf(at),
      recordedtime: instantOf(at),
      dataschema: schemaOf(kind, name),
      data: { ...first, ...data },
    };
    const unique = id ?? canonicalize(message);
    return sealed('event', { ...message, id: idOf(unique, sha256) }, sha256);
  };

/** A command or an outcome about {@link DOSSIER}. */
export function sketchCommand(by: string, name: string, sha256: Sha256): SealedMessage {
  const message = { source: sourceOf(by), type: typeOf('command', name), subject: DOSSIER, data: {} };
  return sealed('command', { ...message, id: idOf(canonicalize(message), sha256) }, sha256);
}

export interface AgencySketch {
  readonly code: string;
  readonly level: string;
  readonly parent?: string;
  readonly node?: string;
  readonly from?: string;
  readonly to?: string;
  readonly services?: readonly string[];
  readonly successions?: readonly JsonObject[];
  readonly suspensions?: readonly JsonObject[];
}

const agencyData = (sketch: AgencySketch): JsonObject => ({
  code: sketch.code,
  intervals: [
    {
      from: sketch.from ?? '2023-01-01',
      ...(sketch.to ? { to: sketch.to } : {}),
      name: sketch.code,
      level: sketch.level,
      ...(sketch.parent ? { parent: sketch.parent } : {}),
      ...(sketch.node ? { node: sketch.node } : {}),
      territories: [],
      services: [...(sketch.services ?? [])],
    },
  ],
  keys: [],
  successions: [...(sketch.successions ?? [])],
  suspensions: [...(sketch.suspensions ?? [])],
});

/** A directory with these agencies, its version in the first minute of June 2023 (one second for each). */
export function directoryOf(agencies: readonly AgencySketch[], sha256: Sha256): Directory {
  const trusted = [{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }];
  const statements = agencies.map((sketch, index) => {
    const time = `2023-06-01T00:00:${String(index).padStart(2, '0')}.000Z`;
    const message = {
      source: 'urn:lienthong:registrar:hanoi',
      type: typeOf('directory', 'agency'),
      subject: `directory/${sketch.code}`,
      streamseq: formatStreamSeq(1),
      time,
      recordedtime: time,
      keyid: 'hanoi#1',
      data: agencyData(sketch),
    };
    return sealed('directory', message, sha256);
  });
  return takeStatements(emptyDirectory(trusted), statements).directory;
}

const SUSPENDED = { from: '2023-06-15', rehomer: 'H26', legalBasis: 'QĐ 1/2023 (ví dụ)' };
/** A commune, its district (suspended from 15 June on, the city rehomes), the city with its adapters, and two strangers. */
export const GIA_LAM: readonly AgencySketch[] = [
  { code: 'H26', level: 'city', node: 'hanoi-city' },
  { code: 'H26.129', level: 'district', parent: 'H26', node: 'gialam-district', suspensions: [SUSPENDED] },
  { code: 'H26.129.05', level: 'commune', parent: 'H26.129', node: 'gialam-communes' },
  { code: 'H26.130', level: 'district', parent: 'H26', node: 'other-district' },
  { code: 'H26.131', level: 'district', parent: 'H26', node: 'third-district' },
  { code: 'H26.901', level: 'service', parent: 'H26', node: 'portal-adapter', services: ['national-portal-adapter'] },
  { code: 'H26.902', level: 'service', parent: 'H26', node: 'population', services: ['population-adapter'] },
];
