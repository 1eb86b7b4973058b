/**
 * What may stand in a log line or a metric's label: closed grammars of codes, ids and templates. A name as it is written, an
 * address, the number of a paper or a telephone fit none of them, so that a personal datum handed in by mistake does not
 * come out (promise G10).
 */
const UUID_PART = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const NODE_PART = '[a-z0-9](?:-?[a-z0-9]){0,47}';
const AGENCY_PART = '[A-Y][0-9]{2}(?:\\.[0-9A-Z]{1,6}){0,4}';
const HASH = /^[A-Za-z0-9_-]{43}$/;
const UUID = new RegExp(`^${UUID_PART}$`);
const NODE = new RegExp(`^${NODE_PART}$`);
const AGENCY = new RegExp(`^${AGENCY_PART}$`);
/** Streams by their kinds (wire format 2), and what a directory statement is about. */
const SUBJECT = new RegExp(
  `^(?:(?:dossier|portal)/${AGENCY_PART}/${UUID_PART}` +
    `|(?:operation|lookup)/${NODE_PART}/(?:${AGENCY_PART}|${NODE_PART})/\\d{4}-\\d{2}` +
    `|exchange/${NODE_PART}/${NODE_PART}` +
    `|directory/(?:${AGENCY_PART}|${NODE_PART}|procedure/\\d\\.\\d{6}|calendar/[a-z]{2,16}))$`,
);
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
/** A word of the program: `ingest`, `custody-accepted`. */
const WORD = /^[a-z]+(-[a-z]+){0,5}$/;
/** `/v1/dossiers/:agency/:uuid`: the template, never the path that was asked for. */
const ROUTE = /^(\/(v\d|[a-z-]+|:[a-zA-Z]+|\{[a-zA-Z]+\}))+$|^\/$/;

export const TEXT_GRAMMAR = {
  action: WORD,
  agency: AGENCY,
  arrival: WORD,
  class: WORD,
  code: CODE,
  context: /^[A-Za-z]{1,64}$/,
  correlationId: UUID,
  dossierVersion: HASH,
  effect: WORD,
  follower: WORD,
  hash: HASH,
  /** As `INSTANCE_ID` of the configuration, without long numbers. */
  instance: /^[A-Za-z0-9._-]{1,64}$/,
  keyId: /^[A-Za-z0-9.-]{1,48}#[A-Za-z0-9-]{1,48}$/,
  messageId: UUID,
  method: /^[A-Z]{3,7}$/,
  node: NODE,
  origin: /^[a-z0-9.-]+(:\d+)?\/[a-z0-9-]{1,48}\/(\d{1,6}|witness)$/,
  peer: NODE,
  reason: CODE,
  receiver: NODE,
  relation: WORD,
  role: WORD,
  route: ROUTE,
  sender: NODE,
  softwareVersion: /^\d{1,5}\.\d{1,5}\.\d{1,5}(-[a-z0-9.]{1,20})?$/,
  spanId: /^[0-9a-f]{16}$/,
  stage: WORD,
  status: /^[1-5]\d\d$/,
  subject: SUBJECT,
  topic: /^lienthong\.[a-z0-9.-]{1,80}$/,
  traceId: /^[0-9a-f]{32}$/,
  type: /^vn\.lienthong\.[a-z]+\.[a-z0-9-]+\.v\d{1,6}$/,
  verdict: WORD,
} as const;
export type TextField = keyof typeof TEXT_GRAMMAR;

/** A personal number has twelve digits (Nghị định 137/2015 Art 13): nothing counted or measured here is that large. */
const LARGEST = 99_999_999_999;
/** Nine digits and more: identity cards of both kinds, telephone numbers, accounts. */
const LONG_NUMBER = /\d{9,}/;

export function isAllowedText(field: TextField, value: unknown): value is string {
  if (typeof value !== 'string' || !TEXT_GRAMMAR[field].test(value)) return false;
  return OPAQUE.has(field) || !LONG_NUMBER.test(value.replace(ANY_UUID, ''));
}
/** Hexadecimal and base64 may hold many digits in a row by chance. */
const OPAQUE: ReadonlySet<TextField> = new Set(['dossierVersion', 'hash', 'spanId', 'traceId']);
const ANY_UUID = new RegExp(UUID_PART, 'g');

export const isAllowedNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LARGEST;
