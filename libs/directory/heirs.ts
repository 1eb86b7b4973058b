/**
 * Where a dossier of an ended agency goes (design 4), by the successions that the registrar stated (wire format 7).
 *
 * A *whole* succession takes every dossier. Among *parts* the selector decides (domain 6.4), and only as far as its words
 * decide on what the clear part of a dossier shows: procedure, territory, residential group or parcel zone.
 *
 * | `by`         | a dossier is in the part                                                                                |
 * | ------------ | ------------------------------------------------------------------------------------------------------- |
 * | `all`        | always                                                                                                  |
 * | `address`    | territory and area stand in the lists of the selector; with `rest` it is in no other part; where all     |
 * |              | residents went to one agency, it is in that one (domain 6.4: residence alone decides)                    |
 * | `competence` | the procedure stands in the list, and territory and area in theirs if there are any                       |
 * | `hand`       | a person says so                                                                                        |
 *
 * Not decided, and left to a person: a part without its lists (`some` alone: the line is on a map); one that otherwise
 * separates people from land (`residents` and `land` differ), since nothing in a dossier says which of the two it is about;
 * areas without their territory where the agency had several, because labels are used again; a word of a later directory. One
 * part that cannot be decided leaves all of them undecided: it may be the right one. Proved by `heirs.spec.ts`.
 */
import { isJsonObject, type AgencyCode, type Instant, type JsonObject } from '#libs/kernel';
import { findAgency, isValidAt } from './agencies.ts';
import type { Directory } from './directory.ts';
import type { Succession } from './statement.ts';
import { successionsOf } from './succession.ts';

/** What the selectors ask of a dossier. */
export interface DossierPlaced {
  readonly territory: string;
  readonly area: string;
  readonly procedure: string;
}
/** Why a person has to say where the dossier goes. Stable. */
export type HeirUndecided =
  'NO_SUCCESSION' | 'SELECTOR_UNDECIDED' | 'SEVERAL_SELECTORS_MATCH' | 'NO_SELECTOR_MATCHES' | 'SUCCESSOR_NOT_VALID';
export type Heir =
  /** `succession`: of the ended agency, with its rehomer. `to` is valid at that time, perhaps after further successions. */
  | { readonly to: AgencyCode; readonly succession: Succession }
  | { readonly undecided: HeirUndecided; readonly candidates: readonly AgencyCode[] };

export function heirOf(directory: Directory, ended: AgencyCode, dossier: DossierPlaced, at: Instant): Heir {
  const first = stepFrom(directory, ended, dossier, at);
  if ('undecided' in first) return first;
  const seen = new Set([ended]);
  let step = first;
  while (!isValidAt(directory, step.to, at)) {
    if (seen.has(step.to)) return { undecided: 'SUCCESSOR_NOT_VALID', candidates: [step.to] };
    seen.add(step.to);
    const next = stepFrom(directory, step.to, dossier, at);
    if ('undecided' in next)
      return next.undecided === 'NO_SUCCESSION' ? { undecided: 'SUCCESSOR_NOT_VALID', candidates: [step.to] } : next;
    step = next;
  }
  return { to: step.to, succession: first };
}

type Step = Succession | Extract<Heir, { undecided: HeirUndecided }>;

function stepFrom(directory: Directory, from: AgencyCode, dossier: DossierPlaced, at: Instant): Step {
  const inEffect = successionsOf(directory, from, at);
  const whole = inEffect.find(({ kind }) => kind === 'whole');
  if (whole) return whole;
  if (inEffect.length === 0) return { undecided: 'NO_SUCCESSION', candidates: [] };
  const asked = {
    ...dossier,
    severalTerritories: territoriesOf(directory, from) > 1,
    residenceDecides: inEffect.some(({ selector }) => selector?.['residents'] === 'all'),
  };
  return chosenAmong(inEffect, withTheRest(inEffect.map(({ selector }) => isInPart(selector, asked))));
}

function territoriesOf(directory: Directory, code: AgencyCode): number {
  const intervals = findAgency(directory, code)?.intervals ?? [];
  return new Set(intervals.flatMap(({ territories }) => territories.map((territory) => territory.code))).size;
}

type Verdict = 'in' | 'out' | 'undecided';

function chosenAmong(parts: readonly Succession[], verdicts: readonly Verdict[]): Step {
  const among = (wanted: Verdict): readonly Succession[] => parts.filter((_, index) => verdicts[index] === wanted);
  const [inOne, ...others] = among('in');
  const codes = (some: readonly Succession[]): readonly AgencyCode[] => [...new Set(some.map(({ to }) => to))];
  const undecided = among('undecided');
  if (undecided.length > 0)
    return { undecided: 'SELECTOR_UNDECIDED', candidates: codes([...among('in'), ...undecided]) };
  if (!inOne) return { undecided: 'NO_SELECTOR_MATCHES', candidates: codes(parts) };
  return others.length === 0 ? inOne : { undecided: 'SEVERAL_SELECTORS_MATCH', candidates: codes(among('in')) };
}

/** `rest` is what no other part takes. */
function withTheRest(verdicts: readonly (Verdict | 'rest')[]): readonly Verdict[] {
  const others = verdicts.filter((verdict) => verdict !== 'rest');
  const rest = others.includes('in') ? 'out' : others.includes('undecided') ? 'undecided' : 'in';
  return verdicts.map((verdict) => (verdict === 'rest' ? rest : verdict));
}

interface Asked extends DossierPlaced {
  readonly severalTerritories: boolean;
  /** All residents went to one of the successors. */
  readonly residenceDecides: boolean;
}

function isInPart(selector: JsonObject | undefined, asked: Asked): Verdict | 'rest' {
  switch (selector?.['by']) {
    case 'all':
      return 'in';
    case 'address':
      return byAddress(selector, asked);
    case 'competence':
      return byCompetence(selector, asked);
    default:
      return 'undecided';
  }
}

function byAddress(selector: JsonObject, asked: Asked): Verdict | 'rest' {
  const { residents, land = residents } = selector;
  if (asked.residenceDecides) return residents === 'all' ? 'in' : 'out';
  const words = [residents ?? land, land];
  const listed = inPlace(selector, asked);
  if (words[0] !== words[1]) return listed === 'out' && !words.includes('rest') ? 'out' : 'undecided';
  return listed ?? (land === 'rest' ? 'rest' : 'undecided');
}

function byCompetence(selector: JsonObject, asked: Asked): Verdict {
  const procedures = listIn(selector, 'procedures');
  if (procedures === undefined) return 'undecided';
  return procedures.includes(asked.procedure) ? (inPlace(selector, asked) ?? 'in') : 'out';
}

/** Undefined: the selector lists no place. */
function inPlace(selector: JsonObject, { territory, area, severalTerritories }: Asked): Verdict | undefined {
  const territories = listIn(selector, 'territories');
  const areas = listIn(selector, 'areas');
  if (territories && !territories.includes(territory)) return 'out';
  if (areas === undefined) return territories ? 'in' : undefined;
  if (!areas.includes(area)) return 'out';
  return territories?.length === 1 || (territories === undefined && !severalTerritories) ? 'in' : 'undecided';
}

function listIn(selector: JsonObject, member: string): readonly unknown[] | undefined {
  const value = isJsonObject(selector) ? selector[member] : undefined;
  return Array.isArray(value) ? value : undefined;
}
