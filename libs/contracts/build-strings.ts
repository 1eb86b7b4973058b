/** Builders of strings: every one says by its grammar, length or list what it holds, and whether it is personal. */
import type { PersonalClass, PersonalSubject, Schema, StringSchema } from './schema.ts';

const NO_CONTROL = '[^\\u0000-\\u001f\\u007f-\\u009f]';
/** LF and TAB are allowed inside `data` (wire format 1). */
const NO_CONTROL_BUT_LINES = '[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]';
const DATE = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const TIME = 'T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z';
export const LABEL = '^[A-Za-z0-9](-?[A-Za-z0-9]){0,47}$';
/** Component and result codes of the portal: `1.000656.C01`, `KQ.G15.000032`. */
export const CATALOGUE_CODE = '^[0-9A-Za-z]([.-]?[0-9A-Za-z]){0,47}$';
const AGENCY = '[A-Y][0-9]{2}(\\.[0-9A-Z]{1,6}){0,4}';
const NODE = '[a-z0-9](-?[a-z0-9]){0,47}';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

interface Grammar {
  readonly pattern: string;
  readonly reason: string;
  readonly maxLength?: number;
  readonly grammar?: string;
}
export const titles = (vi: string, en: string) => ({ title: vi, 'x-title-en': en });

function ofGrammar({ pattern, reason, maxLength, grammar }: Grammar): (vi: string, en: string) => StringSchema {
  return (vi, en) => ({
    type: 'string',
    ...titles(vi, en),
    pattern,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(grammar === undefined ? {} : { 'x-grammar': grammar }),
    'x-personal': false,
    'x-personal-reason': reason,
  });
}

export const instant = ofGrammar({
  pattern: `^${DATE}${TIME}$`,
  grammar: 'Instant',
  reason: 'a moment of the procedure',
});
export const localDate = ofGrammar({
  pattern: `^${DATE}$`,
  grammar: 'LocalDate',
  reason: 'a date of the procedure',
});
/** A date is 00:00 in Viet Nam (wire format 7). */
export const dateOrInstant = ofGrammar({
  pattern: `^${DATE}(${TIME})?$`,
  grammar: 'DateOrInstant',
  reason: 'a bound of validity',
});
export const agency = ofGrammar({
  pattern: `^${AGENCY}$`,
  maxLength: 35,
  grammar: 'AgencyCode',
  reason: 'names an agency',
});
export const node = ofGrammar({ pattern: `^${NODE}$`, grammar: 'NodeId', reason: 'names a node' });
export const territory = ofGrammar({
  pattern: '^\\d{5}$',
  grammar: 'TerritoryCode',
  reason: 'statistical code of a commune, nothing finer',
});
export const anyTerritory = ofGrammar({
  pattern: '^(\\d{2}|\\d{3}|\\d{5})$',
  grammar: 'TerritoryCode',
  reason: 'statistical code of an administrative unit',
});
export const procedureCode = ofGrammar({
  pattern: '^\\d\\.\\d{6}(\\.[0-9A-Z.]{1,35})?$',
  grammar: 'ProcedureCode',
  reason: 'names an administrative procedure',
});
export const dossierCode = ofGrammar({
  pattern: '^(\\d{3}\\.\\d{2}\\.\\d{2}\\.[A-Y]\\d{2}|[A-Y]\\d{2}(\\.[A-Z0-9]+)*)-\\d{6}-\\d{4,}$',
  maxLength: 64,
  grammar: 'DossierCode',
  reason: 'agency, date and number of the day',
});
export const uuid = ofGrammar({ pattern: `^${UUID}$`, grammar: 'Uuid', reason: 'chosen at random' });
export const hash = ofGrammar({
  pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
  grammar: 'Hash',
  reason: 'hash of a message whose personal fields are committed with salts',
});
export const stream = ofGrammar({
  pattern: `^([a-z]+/(${AGENCY}|${NODE})/[0-9a-z.A-Z-]{1,48}(/\\d{4}-\\d{2})?)$`,
  maxLength: 160,
  grammar: 'Subject',
  reason: 'names a stream',
});
export const dossierStream = ofGrammar({
  pattern: `^dossier/${AGENCY}/${UUID}$`,
  grammar: 'Subject',
  reason: 'names a stream',
});
export const streamSeq = ofGrammar({ pattern: '^\\d{10}$', reason: 'place in a stream' });
export const label = ofGrammar({ pattern: LABEL, reason: 'a label of the office, not of a person' });
export const catalogueCode = ofGrammar({ pattern: CATALOGUE_CODE, reason: 'code of a catalogue' });
/** Stable code of a refusal or a quarantine: `NOT_A_PARTY`. */
export const errorCode = ofGrammar({ pattern: '^[A-Z][A-Z0-9_]{1,63}$', reason: 'code of a catalogue' });
export const pointer = ofGrammar({
  pattern: '^(/([^~/\\u0000-\\u001f]|~[01])+)+$',
  maxLength: 300,
  reason: 'place of a member in data, not its value',
});
/** A register may count upwards in any way its agency likes: `123/QĐ-UBND`. */
export const documentNumber = ofGrammar({
  pattern: `^${NO_CONTROL}+$`,
  maxLength: 60,
  reason: 'register number of a paper; tells nothing about a person without the register',
});
export const legalBasis = ofGrammar({ pattern: `^${NO_CONTROL}+$`, maxLength: 300, reason: 'cites a legal text' });
export const base64 = ofGrammar({
  pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  reason: 'a checkpoint request or its answer: hashes, keys and signatures',
});

/** One line without control characters, for a stated reason not personal. */
export function line(vi: string, en: string, limit: { max: number; reason: string }): StringSchema {
  return ofGrammar({ pattern: `^${NO_CONTROL}+$`, maxLength: limit.max, reason: limit.reason })(vi, en);
}
export function matching(vi: string, en: string, grammar: Grammar): StringSchema {
  return ofGrammar(grammar)(vi, en);
}
/** A closed list: a new code needs a new major version, because deciders branch on it. */
export function code(vi: string, en: string, values: readonly string[]): StringSchema {
  return {
    type: 'string',
    ...titles(vi, en),
    enum: values,
    'x-personal': false,
    'x-personal-reason': 'code of a closed list',
  };
}
/** A list that a minor version may lengthen: readers take any code in the grammar of a label. */
export function openCode(vi: string, en: string, values: readonly string[]): StringSchema {
  return { ...code(vi, en, values), 'x-extensible': true, 'x-personal-reason': 'code of a list' };
}
export function personal<S extends Schema>(subject: PersonalSubject, kind: PersonalClass, schema: S): S {
  const { 'x-personal': _was, 'x-personal-reason': _reason, ...rest } = schema;
  return { ...rest, 'x-personal': { subject, class: kind } } as S;
}
export function personalLine(
  vi: string,
  en: string,
  of: { subject: PersonalSubject; max: number; class?: PersonalClass },
): StringSchema {
  return personal(of.subject, of.class ?? 'basic', line(vi, en, { max: of.max, reason: '' }));
}
/** Free text of an officer or a citizen: it may name people, so it is never in clear. */
export function personalText(
  vi: string,
  en: string,
  of: { subject?: PersonalSubject; max?: number; class?: PersonalClass } = {},
): StringSchema {
  const schema = matching(vi, en, { pattern: `^${NO_CONTROL_BUT_LINES}+$`, maxLength: of.max ?? 2000, reason: '' });
  return personal(of.subject ?? 'applicant', of.class ?? 'basic', schema);
}
