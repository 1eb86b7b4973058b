/**
 * Stage 2 of wire format 6: which members a message of each class has, and in what order their faults are named. The
 * codes, in this order: `PROFILE_UNKNOWN`; `MEMBER_MISSING` or `MEMBER_INVALID` of `type`; `TYPE_UNKNOWN`;
 * `MEMBER_UNKNOWN`; `MEMBER_MISSING`; `MEMBER_INVALID`. Proved by `envelope.spec.ts` and the vectors.
 */
import {
  classOfKind,
  isJsonObject,
  splitSubject,
  splitType,
  type JsonObject,
  type Message,
  type MessageClass,
} from '#libs/kernel';
import { FIRST_PLACE, GRAMMAR, isPlace, type Envelope } from './envelope-grammar.ts';

export type EnvelopeCode = 'PROFILE_UNKNOWN' | 'TYPE_UNKNOWN' | 'MEMBER_UNKNOWN' | 'MEMBER_MISSING' | 'MEMBER_INVALID';
export type EnvelopeRead =
  | { readonly ok: true; readonly class: MessageClass; readonly message: Message }
  | { readonly ok: false; readonly stage: 'envelope'; readonly code: EnvelopeCode; readonly member?: string };

const CLASSES: readonly MessageClass[] = ['event', 'command', 'outcome', 'exchange', 'directory'];
/** The table of wire format 2, a letter per class in the order of `CLASSES`: R required, o optional, - forbidden. */
const TABLE: Readonly<Record<string, string>> = {
  specversion: 'RRRRR',
  profile: 'RRRRR',
  id: 'RRRRR',
  source: 'RRRRR',
  type: 'RRRRR',
  subject: 'RRRRR',
  streamseq: 'R---R',
  prevhash: 'o----',
  time: 'RRRRR',
  recordedtime: 'RRRRR',
  expirytime: '-R---',
  datacontenttype: 'RRRRR',
  dataschema: 'RRRRR',
  correlationid: 'RRRoo',
  causationid: 'ooRo-',
  causationhash: 'ooRo-',
  authtype: 'RRR-R',
  authid: 'ooo-R',
  keyid: 'RRRRR',
  data: 'RRRRR',
  signature: 'RRRRR',
};

const membersWith = (rules: string, at: number): readonly string[] =>
  Object.keys(TABLE).filter((member) => rules.includes((TABLE[member] as string).charAt(at)));
const MEMBERS = new Map(
  CLASSES.map((of, at) => [of, { allowed: new Set(membersWith('Ro', at)), required: membersWith('R', at) }]),
);

function missingMember({ value, class: of }: Envelope, required: readonly string[]): string | undefined {
  const missing = required.find((member) => value[member] === undefined);
  if (missing !== undefined) return missing;
  if (of === 'exchange') return undefined;
  if (value['authid'] === undefined && value['authtype'] !== 'app_user') return 'authid';
  const later = of === 'event' && isPlace(value['streamseq']) && value['streamseq'] !== FIRST_PLACE;
  return later && value['prevhash'] === undefined ? 'prevhash' : undefined;
}

function invalidMember(envelope: Envelope): string | undefined {
  const { value } = envelope;
  for (const [member, holds] of GRAMMAR) {
    const text = value[member];
    if (text !== undefined && (typeof text !== 'string' || !holds(text, envelope))) return member;
  }
  return isJsonObject(value['data']) ? undefined : 'data';
}

const refused = (code: EnvelopeCode, member?: string): EnvelopeRead => ({
  ok: false,
  stage: 'envelope',
  code,
  ...(member === undefined ? {} : { member }),
});

/**
 * Stage 2. `known` holds the full types (`vn.lienthong.command.recall.v1`) of commands, outcomes, exchange and directory
 * messages that this receiver understands; events of any type pass. `member` of a refusal is the first one at fault.
 */
export function readEnvelope(value: JsonObject, known: ReadonlySet<string>): EnvelopeRead {
  const { profile, type } = value as { readonly profile?: unknown; readonly type?: unknown };
  if (profile !== undefined && profile !== 'lt1') return refused('PROFILE_UNKNOWN', 'profile');
  if (type === undefined) return refused('MEMBER_MISSING', 'type');
  const parts = typeof type === 'string' ? splitType(type) : undefined;
  if (parts === undefined) return refused('MEMBER_INVALID', 'type');
  const envelope: Envelope = { value, class: classOfKind(parts.kind), type: parts };
  if (envelope.class !== 'event' && !known.has(type as string)) return refused('TYPE_UNKNOWN', 'type');
  return readMembers(envelope);
}

function readMembers(envelope: Envelope): EnvelopeRead {
  const { value, class: of } = envelope;
  const { allowed, required } = MEMBERS.get(of) as { allowed: ReadonlySet<string>; required: readonly string[] };
  const unknown = Object.keys(value).find((member) => !allowed.has(member));
  if (unknown !== undefined) return refused('MEMBER_UNKNOWN', unknown);
  const missing = missingMember(envelope, required);
  if (missing !== undefined) return refused('MEMBER_MISSING', missing);
  const invalid = invalidMember(envelope);
  if (invalid !== undefined) return refused('MEMBER_INVALID', invalid);
  return { ok: true, class: of, message: value as unknown as Message };
}

/**
 * The key of the Kafka record that carries a message about `subject` (wire format 5): the stream's name, for exchange
 * messages the sender's node id, in the directory what follows `directory/`.
 */
export function recordKeyOf(subject: string): string {
  const { kind, name } = splitSubject(subject);
  return kind === 'exchange' ? (name.split('/')[0] as string) : name;
}
