/** What comes in on a day: how many, to whom, for which procedure, when, and what will happen to it. */
import type { ProcessingLimit } from '#libs/calendar';
import { DomainError, msToInstant, type AgencyCode, type TerritoryCode, type Uuid } from '#libs/kernel';
import { findVersion, legsOf, limitFor, type Leg, type Procedure, type ProcedureVersion } from '#libs/procedures';
import { allot, type Chance } from './chance.ts';
import { COMMUNE_WEIGHT, MIX, PROCEDURE_WEIGHTS, type Incident } from './mix.ts';
import { DISTRICT, type Commune, type DayReference } from './reference.ts';
import { momentAt, type WorkDay } from './work-day.ts';

/** One dossier before anything has happened to it. */
export interface Application {
  /** Draws of this dossier alone. */
  readonly chance: Chance;
  readonly id: Uuid;
  /** Milliseconds since 1970, within the working time. */
  readonly arrivesAt: number;
  readonly receivingAgency: AgencyCode;
  /** What it is about lies here. */
  readonly territory: TerritoryCode;
  readonly procedure: Procedure;
  readonly version: ProcedureVersion;
  readonly legs: readonly Leg[];
  readonly channel: 'direct' | 'online' | 'public-post';
  readonly incident: Incident;
  /** Else it is left on its way. */
  readonly settlesToday: boolean;
}

/** What is drawn from: everything of the day that is not one dossier. */
export interface Draw {
  readonly chance: Chance;
  readonly count: number;
  readonly day: WorkDay;
  readonly communes: readonly Commune[];
  readonly reference: DayReference;
}
interface Slot {
  readonly level: 'commune' | 'district';
  readonly leaves: boolean;
  readonly incident: Incident;
  readonly online: boolean;
}

/** In the order of arrival. */
export function applicationsOf(draw: Draw): readonly Application[] {
  const offers = offersOf(draw);
  const communes = weighedCommunes(draw);
  return slotsOf(draw)
    .map((slot, index) => applicationIn(slot, draw.chance.of('dossier').of(index), { draw, offers, communes }))
    .sort((one, other) => one.arrivesAt - other.arrivesAt || (one.id < other.id ? -1 : 1));
}

/** The shares of the half-year and of the mix, met as nearly as whole dossiers allow, in an order of chance. */
function slotsOf({ chance, count, reference }: Draw): readonly Slot[] {
  const { atDistrict, atCommunes, online, received } = reference.figures;
  const levels = [
    ['district', atDistrict],
    ['commune', atCommunes],
  ] as const;
  const kinds = allot(levels, count);
  const slots = levels.flatMap(([level]) => {
    const share = level === 'commune' ? MIX.otherLevelOfCommune : MIX.otherLevelOfDistrict;
    const those = kinds.filter((kind) => kind === level).length;
    const leaving = allot(
      [
        [true, share],
        [false, 1 - share],
      ],
      those,
    );
    const incidents = (leaves: boolean): readonly Incident[] =>
      chance
        .of(`incidents/${level}/${leaves}`)
        .shuffled(incidentsFor(leaves, leaving.filter((one) => one === leaves).length));
    return [true, false].flatMap((leaves) => incidents(leaves).map((incident) => ({ level, leaves, incident })));
  });
  const channels = chance.of('online').shuffled(
    allot(
      [
        [true, online],
        [false, received - online],
      ],
      count,
    ),
  );
  return slots.map((slot, index) => ({ ...slot, online: channels[index] ?? false }));
}

const incidentsFor = (leaves: boolean, count: number): readonly Incident[] =>
  allot(leaves ? MIX.incidentsOfOtherLevel : MIX.incidentsOfOneLevel, count);

interface Offer {
  readonly procedure: Procedure;
  readonly version: ProcedureVersion;
  readonly legs: readonly Leg[];
}

/** Procedures in force on that day. */
function offersOf({ reference: { procedures }, day }: Draw): readonly Offer[] {
  const at = msToInstant(day.intervals[0]?.from ?? 0);
  return [...procedures.byCode.values()].flatMap((procedure) => {
    const version = findVersion(procedures, procedure.code, at);
    return version ? [{ procedure, version, legs: legsOf(version) }] : [];
  });
}

function weighedCommunes({ chance, communes }: Draw): readonly (readonly [Commune, number])[] {
  const { least, most, township } = COMMUNE_WEIGHT;
  return communes.map((commune) => {
    const weight = least + chance.of('commune').of(commune.code).fraction() * (most - least);
    return [commune, commune.name.includes('thị trấn') ? weight * township : weight];
  });
}

interface World {
  readonly draw: Draw;
  readonly offers: readonly Offer[];
  readonly communes: readonly (readonly [Commune, number])[];
}

function applicationIn(slot: Slot, chance: Chance, { draw, offers, communes }: World): Application {
  const offer = chance.of('procedure').weighted(offersFor(slot, offers));
  const commune = chance.of('commune').weighted(communes);
  const channel = slot.online ? 'online' : chance.of('channel').happens(MIX.publicPost) ? 'public-post' : 'direct';
  const arrivesAt = arrivalOf(slot, chance.of('arrival'), draw.day);
  const limit = limitFor(offer.version, channel);
  return {
    chance,
    id: chance.of('id').uuid7(arrivesAt),
    arrivesAt,
    receivingAgency: slot.level === 'commune' ? commune.code : DISTRICT,
    territory: commune.territory,
    ...offer,
    channel,
    incident: incidentIn(slot, offer, limit),
    settlesToday: chance.of('settled').happens(shareSettled(limit)),
  };
}

/** On a day without a procedure whose route leads on (or stays), one of the others of that level. */
function offersFor({ level, leaves, online }: Slot, offers: readonly Offer[]): readonly (readonly [Offer, number])[] {
  const ofLevel = offers
    .filter(({ version }) => version.receivesAt === level)
    .filter(({ version }) => !online || version.onlineLevel !== 'none');
  const ofKind = ofLevel.filter(({ legs }) => legs.length > 1 === leaves);
  const found = ofKind.length > 0 ? ofKind : ofLevel;
  if (found.length === 0) {
    throw new DomainError('DAY_WITHOUT_PROCEDURES', `no procedure of level ${level} is in force`, { level, online });
  }
  return found.map((offer) => [offer, PROCEDURE_WEIGHTS[offer.procedure.code] ?? 1]);
}

const NEED_ANOTHER_LEVEL: readonly Incident[] = ['paid-elsewhere', 'misdirected', 'recalled'];

/** What the procedure allows of it: a due date is moved the day before at the latest. */
function incidentIn({ incident }: Slot, { legs }: Offer, limit: ProcessingLimit): Incident {
  if (incident === 'extended' && daysOf(limit) < 2) return 'none';
  return legs.length === 1 && NEED_ANOTHER_LEVEL.includes(incident) ? 'none' : incident;
}

function arrivalOf({ leaves }: Slot, chance: Chance, day: WorkDay): number {
  const parts = MIX.arrivals.map((weight, part) => [part, weight] as const);
  const share = (chance.weighted(parts) + chance.fraction()) / parts.length;
  return momentAt(day, leaves ? share * MIX.otherLevelArrivesWithin : share);
}

const HOURS_PER_DAY = 8;
function daysOf({ value, unit }: ProcessingLimit): number {
  return unit === 'working-hour' ? value / HOURS_PER_DAY : value;
}
const shareSettled = (limit: ProcessingLimit): number =>
  MIX.settledToday.find(({ uptoDays }) => daysOf(limit) <= uptoDays)?.share ?? 0;
