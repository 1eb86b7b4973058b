/**
 * Branded identifiers and codes, one parser each. A parser returns the branded value or throws {@link DomainError};
 * the `is…` twin asks without throwing. Grammar: wire format 2, domain reference 3.
 */
import { DomainError } from './domain-error.ts';

declare const brand: unique symbol;
export type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Agency code in the form of Quyết định 20/2020/QĐ-TTg, e.g. `H26.129.05`. */
export type AgencyCode = Branded<string, 'AgencyCode'>;
/** Node id, e.g. `gialam-communes`. */
export type NodeId = Branded<string, 'NodeId'>;
/** Lower-case UUID of any version. */
export type Uuid = Branded<string, 'Uuid'>;
/** base64url of 32 bytes (SHA-256 of the signed bytes of a message). */
export type Hash = Branded<string, 'Hash'>;
/** UTC instant with milliseconds, `2023-06-14T01:31:07.480Z`. Instants compare as strings. */
export type Instant = Branded<string, 'Instant'>;
/** Calendar date in Viet Nam, `2023-06-14`. */
export type LocalDate = Branded<string, 'LocalDate'>;
/** Subject of a stream: `<kind>/<name>`. */
export type Subject = Branded<string, 'Subject'>;
/** Statistical territory code: 2 (province), 3 (district) or 5 (commune) digits. */
export type TerritoryCode = Branded<string, 'TerritoryCode'>;
/** `d.dddddd` with an optional provincial suffix. */
export type ProcedureCode = Branded<string, 'ProcedureCode'>;
/** `<agency>-YYMMDD-NNNN`, issued by the receiving agency (Thông tư 01/2018/TT-VPCP Art 19). */
export type DossierCode = Branded<string, 'DossierCode'>;
/** `<agency code, node id or registrar name>#<label>`. */
export type KeyId = Branded<string, 'KeyId'>;
/** Twelve digits (Nghị định 137/2015 Art 13). Personal data. */
export type PersonalId = Branded<string, 'PersonalId'>;

const AGENCY = /^[A-Y][0-9]{2}(\.[0-9A-Z]{1,6}){0,4}$/;
const NODE = /^[a-z0-9](-?[a-z0-9]){0,47}$/;
const LABEL = /^[A-Za-z0-9](-?[A-Za-z0-9]){0,47}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TERRITORY = /^(\d{2}|\d{3}|\d{5})$/;
const PROCEDURE = /^(\d\.\d{6})(?:\.(\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}|[A-Y]\d{2}(?:\.[A-Z0-9]+)*)(?:\.(\d{2}))?)?$/;
const DOSSIER = /^(\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}|[A-Y]\d{2}(?:\.[A-Z0-9]+)*)-(\d{2})(\d{2})(\d{2})-(\d{4,})$/;
/** Positions 1–4: province or country prefix, century and sex (Thông tư 07/2016/TT-BCA Art 7). No check digit exists. */
const PERSONAL = /^(0\d{2}|1\d{2}|[2-9]\d{2})\d{9}$/;

export const isAgencyCode = (text: string): text is AgencyCode => AGENCY.test(text) && text.length <= 35;
export const isNodeId = (text: string): text is NodeId => NODE.test(text);
export const isKeyLabel = (text: string): boolean => LABEL.test(text);
export const isUuid = (text: string): text is Uuid => UUID.test(text);
export const isUuid7 = (text: string): text is Uuid => UUID7.test(text);
export const isTerritoryCode = (text: string): text is TerritoryCode => TERRITORY.test(text);
export const isProcedureCode = (text: string): text is ProcedureCode => PROCEDURE.test(text);
export const isDossierCode = (text: string): text is DossierCode => DOSSIER.test(text);
export const isPersonalId = (text: string): text is PersonalId => PERSONAL.test(text);

function parser<T extends string>(what: string, is: (text: string) => text is T): (text: string) => T {
  return (text) => {
    if (is(text)) return text;
    throw new DomainError('MALFORMED', `not a ${what}`, { what });
  };
}

export const parseAgencyCode = parser('agency code', isAgencyCode);
export const parseNodeId = parser('node id', isNodeId);
export const parseUuid = parser('UUID', isUuid);
export const parseTerritoryCode = parser('territory code', isTerritoryCode);
export const parseProcedureCode = parser('procedure code', isProcedureCode);
export const parsePersonalId = parser('personal identification number', isPersonalId);

/** Parts of a stream's subject. `dossier/H26.129.05/<uuid>` gives kind `dossier`, name `H26.129.05/<uuid>`. */
export interface SubjectParts {
  readonly kind: string;
  readonly name: string;
}
export function splitSubject(subject: string): SubjectParts {
  const slash = subject.indexOf('/');
  return slash < 0 ? { kind: subject, name: '' } : { kind: subject.slice(0, slash), name: subject.slice(slash + 1) };
}

export function dossierSubject(agency: AgencyCode, uuid: Uuid): Subject {
  return `dossier/${agency}/${uuid}` as Subject;
}

/** Agency in the name of a `dossier` or `portal` stream: who may write place 1. Routing of a known dossier never reads it. */
export function agencyInName(subject: string): AgencyCode {
  return parseAgencyCode(splitSubject(subject).name.split('/')[0] ?? '');
}

/** `urn:lienthong:agency:H26.129.05` gives `{ kind: 'agency', name: 'H26.129.05' }`. */
export interface SourceParts {
  readonly kind: 'agency' | 'node' | 'registrar';
  readonly name: string;
}
export function splitSource(source: string): SourceParts | undefined {
  const match = /^urn:lienthong:(agency|node|registrar):(.+)$/.exec(source);
  return match ? { kind: match[1] as SourceParts['kind'], name: match[2] as string } : undefined;
}
export const agencySource = (code: AgencyCode): string => `urn:lienthong:agency:${code}`;
export const nodeSource = (node: NodeId): string => `urn:lienthong:node:${node}`;
