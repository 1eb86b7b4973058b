/** From a code to a problem document (RFC 9457), once, at the edge. Every code has one status and both languages. */
import { REFUSALS, type RefusalCode } from '#libs/dossier';
import { DomainError } from '#libs/kernel';
import type { Problem } from '#libs/http-api';
import { DOOR, TEXT_FAULTS, type DoorCode } from './door-texts.ts';
import { shownMessage, shownPointer } from './shown-names.ts';

/** Refusals that are not 409 Conflict (the state does not allow it). */
const REFUSAL_STATUS: Partial<Record<RefusalCode, number>> = {
  INVALID: 422,
  STALE: 412,
  EXPIRED: 410,
  TIME_IN_FUTURE: 422,
  TIME_BEFORE_REQUEST: 422,
  DOSSIER_UNKNOWN: 404,
  PROCEDURE_UNKNOWN: 422,
  PROCEDURE_CASE_UNKNOWN: 422,
  RULE_NOT_IN_FORCE: 422,
  COMPONENTS_MISSING: 422,
  AGENCY_NOT_VALID: 422,
  TERRITORY_UNKNOWN: 422,
  NOT_A_PARTY: 403,
  NOT_CUSTODIAN: 403,
  NOT_THE_AGENCY_NAMED: 403,
  NOT_THE_AGENCY_ASKED: 403,
  NOT_THE_REHOMER: 403,
  NOT_THE_RECEIVING_AGENCY: 403,
  ROLE_NOT_ALLOWED: 403,
};

/** Technical errors of the adapters, as a caller needs them: try again, or not. */
const TECHNICAL: Readonly<Record<string, DoorCode>> = {
  STORE_UNAVAILABLE: 'UNAVAILABLE',
  STORE_BUSY: 'OVERLOADED',
  STORE_FULL: 'UNAVAILABLE',
  STORE_CLOSED: 'UNAVAILABLE',
  VAULT_UNAVAILABLE: 'UNAVAILABLE',
  VAULT_OVERLOADED: 'OVERLOADED',
  READ_MODEL_UNAVAILABLE: 'UNAVAILABLE',
  TLS_REFUSED: 'UNAVAILABLE',
};

interface Text {
  readonly status: number;
  readonly vi: string;
  readonly en: string;
}
type Details = Readonly<Record<string, unknown>>;

/** Unknown codes are an internal error: a code that nobody described must not reach a caller half explained. */
export function textOf(code: string): Text & { readonly known: boolean } {
  if (Object.hasOwn(REFUSALS, code)) {
    const refusal = code as RefusalCode;
    return { ...REFUSALS[refusal], status: REFUSAL_STATUS[refusal] ?? 409, known: true };
  }
  if (Object.hasOwn(DOOR, code)) return { ...DOOR[code as DoorCode], known: true };
  if (Object.hasOwn(TEXT_FAULTS, code))
    return { ...TEXT_FAULTS[code as keyof typeof TEXT_FAULTS], status: 422, known: true };
  return { ...DOOR.INTERNAL, known: false };
}

export const problemType = (code: string): string => `urn:lienthong:problem:${code.toLowerCase().replaceAll('_', '-')}`;

export function problemOf(asked: string, given: Details = {}): Problem {
  const code = TECHNICAL[asked] ?? asked;
  const text = textOf(code);
  const shown = text.known ? code : 'INTERNAL';
  const details = shownFaults(given);
  const message = { vi: fill(text.vi, details), en: fill(text.en, details) };
  return {
    type: problemType(shown),
    title: message.vi,
    status: text.status,
    code: shown,
    detail: message.en,
    message,
    ...(text.known ? extensionsOf(details) : {}),
  };
}

interface PeerRefusal {
  readonly code: string;
  readonly message: { readonly vi: string; readonly en: string };
  readonly allowed: readonly string[];
}

/** A refusal that the custodian's node stated, in its own words; its code may be one of a later version than ours. */
export function problemOfOutcome({ code, message, allowed }: PeerRefusal): Problem {
  const { status, known } = textOf(code);
  const title = message.vi;
  return { type: problemType(code), title, status: known ? status : 409, code, detail: message.en, message, allowed };
}

export function problemOfError(error: unknown): Problem | undefined {
  return error instanceof DomainError ? problemOf(error.code, error.details) : undefined;
}

const EXTENSIONS = [
  'situation',
  'allowed',
  'faults',
  'pointer',
  'agency',
  'node',
  'baseUrl',
  'command',
  'missing',
  'retryAfterSeconds',
];

function extensionsOf(details: Details): Details {
  return Object.fromEntries(Object.entries(details).filter(([name]) => EXTENSIONS.includes(name)));
}

interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Faults name places, and a place may bear a name that the caller chose. */
function shownFaults(details: Details): Details {
  if (!Array.isArray(details['faults'])) return details;
  const faults = (details['faults'] as readonly Fault[]).map(({ pointer, message }) => ({
    pointer: shownPointer(pointer),
    message: shownMessage(message),
  }));
  return { ...details, faults, fault: faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ') };
}

/** Puts details into `{name}`; an absent one stays out, so that no sentence shows a brace. */
export function fill(text: string, details: Details): string {
  return text.replaceAll(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = details[name];
    if (Array.isArray(value)) return value.join(', ');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
  });
}
