/** A dossier's history as a timeline: when, where, who, what, in Vietnamese words; personal members are named, not shown. */
import { findContract } from '#libs/contracts';
import { SITUATION_TITLES, type SituationName } from '#libs/dossier';
import type { DossierView, EventView } from '#libs/http-api';
import { isJsonObject, splitType, type JsonObject, type TypeParts } from '#libs/kernel';
import { cut } from '../output/text-width.ts';
import { showDaysLeft, showTime } from '../output/times.ts';
import type { FoundDossier } from './history-source.ts';

const dataOf = ({ data }: EventView): JsonObject => (isJsonObject(data) ? data : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** The API names an event of a dossier by its name alone, the ledger by its whole type. */
const partsOf = (type: string): TypeParts => splitType(type) ?? { kind: 'dossier', name: type, major: 1 };

/** Vietnamese title of an event from its contract; of a type that this program does not know, the name itself. */
export function whatHappened(type: string): string {
  const { kind, name, major } = partsOf(type);
  return findContract(kind, name, major)?.title.vi ?? name;
}

/** Unit and position in clear; name and code of the officer are personal and stay masked. */
function whoActed(event: EventView): string {
  const { actor } = dataOf(event);
  if (!isJsonObject(actor)) return '';
  return [textOf(actor['position']), textOf(actor['unit'])].filter((part) => part !== '').join(', ');
}

export interface Moment {
  readonly place: number;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly agency: string;
  readonly agencyName?: string;
  readonly who: string;
  readonly what: string;
  readonly type: string;
  readonly details: readonly string[];
  readonly masked: readonly string[];
  /** What is to be seen of it, though it was accepted. */
  readonly warnings: readonly string[];
}

export function momentOf(event: EventView, { warnings = [] }: Pick<DossierView, 'warnings'> = {}): Moment {
  const { place, occurredAt, recordedAt, agency, agencyName, type, masked } = event;
  return {
    place,
    occurredAt,
    recordedAt,
    agency,
    ...(agencyName !== undefined && { agencyName }),
    who: whoActed(event),
    what: whatHappened(type),
    type,
    details: detailsOf(event),
    masked,
    warnings: warnings.filter((warning) => warning.event === event.hash).map(({ message }) => message.vi),
  };
}

/** Members worth a word in the timeline, with how they are called. */
const TIMES: Readonly<Record<string, string>> = {
  dueAt: 'hạn',
  legDueAt: 'hạn chặng',
  applicantDueAt: 'hạn bổ sung',
  requestDueAt: 'hạn yêu cầu bổ sung',
  publishDueAt: 'hạn công khai',
  paymentDueAt: 'hạn nộp phí',
};
const TEXTS: Readonly<Record<string, string>> = {
  dossierCode: 'mã',
  registerNumber: 'số đăng ký',
  polarity: 'kết quả',
  to: 'tới',
  agency: 'hỏi',
};

function detailsOf(event: EventView): readonly string[] {
  const data = dataOf(event);
  const times = Object.entries(TIMES).flatMap(([member, word]) =>
    typeof data[member] === 'string' ? [`${word} ${showTime(data[member])}`] : [],
  );
  const texts = Object.entries(TEXTS).flatMap(([member, word]) =>
    typeof data[member] === 'string' || typeof data[member] === 'number' ? [`${word} ${data[member]}`] : [],
  );
  const reason = [data['reason'], data['reasonCode']].find((value) => typeof value === 'string');
  return [...texts, ...times, ...(reason === undefined ? [] : [`lý do ${reason}`])];
}

/** Agencies in whose hand the dossier was, one after the other; `⇢` where it is still on its way. */
export function custodyLine(events: readonly EventView[], { inTransit }: DossierView): string {
  const hands: { agency: string; since: string }[] = [];
  for (const event of events) {
    const agency = handAfter(event, hands.at(-1)?.agency);
    if (agency !== undefined && agency !== hands.at(-1)?.agency) hands.push({ agency, since: event.occurredAt });
  }
  const line = hands.map(({ agency, since }) => `${agency} (${showTime(since).slice(0, 10)})`).join(' → ');
  return inTransit ? `${line} ⇢ ${inTransit.to}` : line;
}

function handAfter(event: EventView, before: string | undefined): string | undefined {
  if (before === undefined) return event.agency;
  const { name } = partsOf(event.type);
  if (name === 'custody-accepted') return event.agency;
  return name === 'rehomed' ? textOf(dataOf(event)['to']) : before;
}

export function timelineText({ node, dossier, history }: FoundDossier, width = Infinity): string {
  const { events, superseded } = history;
  const named = new Map(events.map(({ agency, agencyName }) => [agency, agencyName ?? agency]));
  const lines = events.map((event) => eventLines(momentOf(event, dossier), width));
  const aside = superseded.map(
    (event) => `  ${fateOf(event, dossier)}: ${event.place} ${event.agency} ${whatHappened(event.type)}`,
  );
  return [
    ...headLines(dossier, events, (code) => (named.has(code) ? `${code} ${named.get(code)}` : code)),
    '',
    ...lines.flat(),
    ...aside,
    '',
    `theo nút · as held by ${node}`,
  ].join('\n');
}

/** Of an event that is not on the main branch: contested by a fork, or superseded with or without an answer. */
export function fateOf({ hash }: EventView, { superseded }: DossierView): string {
  const act = superseded.find(({ events }) => events.some((event) => event.hash === hash));
  if (!act) return 'tranh chấp · contested';
  switch (act.answer?.how) {
    case 'taken-over':
      return 'bị thay thế, đã tiếp nhận · superseded, taken over';
    case 'refused':
      return 'bị thay thế, đã từ chối · superseded, refused';
    case undefined:
      return 'bị thay thế, CHỜ TRẢ LỜI · superseded, UNANSWERED';
  }
}

/** What the custodian, or the rehomer, has to do. */
function waitingLines({ superseded, awaitingAssignment, openingsAwaited }: DossierView): readonly string[] {
  const unanswered = superseded.filter(({ status }) => status === 'unanswered').length;
  return [
    ...(openingsAwaited === undefined ? [] : [`Chờ dữ liệu cá nhân · openings awaited: ${openingsAwaited}`]),
    ...(unanswered === 0 ? [] : [`Chờ trả lời · unanswered: ${unanswered} (takesOver, correct)`]),
    ...(awaitingAssignment ? [`Chờ phân công · awaiting assignment: ${assignmentText(awaitingAssignment)}`] : []),
  ];
}

const assignmentText = ({ rehomer, why, candidates }: NonNullable<DossierView['awaitingAssignment']>): string =>
  `${why}${candidates.length === 0 ? '' : ` (${candidates.join(', ')})`} — ${rehomer}: rehome`;

function headLines(
  dossier: DossierView,
  events: readonly EventView[],
  calledBy: (code: string) => string,
): readonly string[] {
  const { subject, dossierCode, situation, custodian, inTransit, dueAt, workingDaysLeft, handOverBy, parked } = dossier;
  const title = SITUATION_TITLES[situation as SituationName];
  const due = dueAt === undefined ? '' : showTime(dueAt);
  const left = workingDaysLeft === undefined ? verdictOf(dossier) : ` (${showDaysLeft(workingDaysLeft)})`;
  return [
    [dossierCode, subject].filter((part) => part !== undefined).join('  '),
    `Tình trạng · situation: ${title.vi} · ${title.en}${parked === undefined ? '' : ` — TẠM DỪNG · PARKED ${parked}`}`,
    ...(custodian === undefined ? [] : [`Đang giữ · in hand of: ${calledBy(custodian)}`]),
    ...(inTransit ? [`Đang chuyển · in transit: ${calledBy(inTransit.from)} ⇢ ${calledBy(inTransit.to)}`] : []),
    ...(due === '' ? [] : [`Hạn trả · due: ${due}${left}`]),
    ...(handOverBy === undefined ? [] : [`Hạn bàn giao · hand-over by: ${showTime(handOverBy)}`]),
    `Quyền giữ · custody: ${custodyLine(events, dossier)}`,
    ...waitingLines(dossier),
  ];
}

/** Of one that has ended: against its due date. */
function verdictOf({ dueAt, facts }: DossierView): string {
  const ending = isJsonObject(facts) ? facts['ending'] : undefined;
  if (dueAt === undefined || !isJsonObject(ending)) return '';
  return textOf(ending['at']) <= dueAt ? ' (đúng hạn · on time)' : ' (quá hạn · late)';
}

const INDENT = ' '.repeat(24);

function eventLines(moment: Moment, width: number): readonly string[] {
  const { place, occurredAt, recordedAt, agency, agencyName, who, what, details, masked, warnings } = moment;
  const later = showTime(recordedAt) === showTime(occurredAt) ? '' : ` (ghi · recorded ${showTime(recordedAt)})`;
  const where = [`${agency}${agencyName === undefined ? '' : ` ${agencyName}`}`, who].filter((part) => part !== '');
  const shown = [...details, ...(masked.length > 0 ? [`${masked.length} trường cá nhân được che · masked`] : [])];
  return [
    `${String(place).padStart(4)}  ${showTime(occurredAt)}  ${what}${later}`,
    cut(`${INDENT}${where.join(' · ')}`, width),
    ...(shown.length === 0 ? [] : [cut(`${INDENT}${shown.join('; ')}`, width)]),
    ...warnings.map((warning) => cut(`${INDENT}! ${warning}`, width)),
  ];
}
