/**
 * One view of all that is in trouble at a node: sums per kind and reason, and the messages or dossiers one by one, each with
 * its age, its bytes and what to do next. Ages go by real time. Proved by `apps/gateway/http/operations/trouble.int.spec.ts`.
 */
import { adviceOn, STANDS_TOO_LONG_MS, TROUBLE_KINDS, type Advice, type TroubleKind } from '#libs/exchange';
import { instantToMs, type AgencyCode, type Hash, type Instant, type Subject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { Standstill, TroublePage, TroubleReads, TroubleRow, TroubleSum } from '../ports/index.ts';

/** A parked dossier as the lists of dossiers have it. */
export interface ParkedDossier {
  readonly subject: Subject;
  readonly parked?: string;
  /** The event at which its fold stands. */
  readonly parkedEvent?: Hash;
  readonly updatedAt: Instant;
  readonly unapplied: number;
  readonly situation: string;
  readonly dossierCode?: string;
  readonly custodian?: AgencyCode;
}
export interface ParkedDossiers {
  list(
    filter: { readonly parked: true },
    page: { readonly order: 'updated'; readonly cursor?: string; readonly limit: number },
  ): Promise<{ readonly dossiers: readonly ParkedDossier[]; readonly next?: string }>;
  find(subject: Subject): Promise<ParkedDossier | undefined>;
}

export interface TroubleKindSeen {
  readonly kind: TroubleKind;
  readonly count: number;
  readonly bytes: number;
  readonly oldest?: Instant;
  readonly ageSeconds?: number;
  readonly more?: true;
  readonly reasons: readonly (TroubleSum & { readonly ageSeconds: number; readonly advice: Advice })[];
}
export interface TroubleItemSeen extends Omit<TroubleRow, 'key'> {
  readonly kind: TroubleKind;
  readonly ageSeconds: number;
  readonly advice: Advice;
  readonly dossier?: Pick<ParkedDossier, 'unapplied' | 'situation' | 'dossierCode' | 'custodian'>;
}
export interface TroubleItems {
  readonly items: readonly TroubleItemSeen[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface TroubleGround {
  readonly reads: TroubleReads;
  /** Absent: no lists of dossiers here, so nothing is said of parked ones. */
  readonly dossiers?: ParkedDossiers | undefined;
  readonly wallClock: NodeServices['wallClock'];
  /** What is owed or asked is trouble from this age on; absent: ten minutes. */
  readonly olderThanMs?: number;
}
export interface TroubleAsked extends TroublePage {
  readonly kind: TroubleKind;
}

/** Parked dossiers are a handful; of more than this the sums say that there are more. */
const PARKED_SUMMED = 1000;
const PAGE = 500;

export async function sumTrouble(ground: TroubleGround): Promise<readonly TroubleKindSeen[]> {
  const nowMs = instantToMs(ground.wallClock.now());
  const kinds = TROUBLE_KINDS.filter((kind) => kind !== 'parked' || ground.dossiers !== undefined);
  return Promise.all(kinds.map(async (kind) => kindOf(kind, await sumsOf(ground, kind), nowMs)));
}

const sumsOf = ({ reads, dossiers, olderThanMs = STANDS_TOO_LONG_MS }: TroubleGround, kind: TroubleKind) =>
  kind === 'parked' ? sumParked(reads, dossiers) : reads.sumTrouble(kind, olderThanMs);

function kindOf(kind: TroubleKind, sums: readonly TroubleSum[], nowMs: number): TroubleKindSeen {
  const [oldest] = sums.map((sum) => sum.oldest).toSorted();
  return {
    kind,
    count: sums.reduce((all, { count }) => all + count, 0),
    bytes: sums.reduce((all, { bytes }) => all + bytes, 0),
    ...(oldest === undefined ? {} : { oldest, ageSeconds: ageSince(oldest, nowMs) }),
    ...(sums.some(({ more }) => more) ? { more: true as const } : {}),
    reasons: sums.map((sum) => ({
      ...sum,
      ageSeconds: ageSince(sum.oldest, nowMs),
      advice: adviceOn(kind, sum.reason),
    })),
  };
}

const ageSince = (since: Instant, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - instantToMs(since)) / 1000));

/** Throws `CURSOR_INVALID`. */
export async function listTrouble(ground: TroubleGround, { kind, ...page }: TroubleAsked): Promise<TroubleItems> {
  const nowMs = instantToMs(ground.wallClock.now());
  const { reads, dossiers, olderThanMs = STANDS_TOO_LONG_MS } = ground;
  if (kind === 'parked') {
    const { parked, next } = await pageOfParked(dossiers, page);
    const standstills = await reads.findStandstills(parked.flatMap(eventOf));
    const rows = parked.map((dossier) => ({ row: rowOfParked(dossier, standstills), dossier }));
    const items = rows.map(({ row, dossier }) => ({ ...itemOf(kind, row, nowMs), dossier: aboutDossier(dossier) }));
    return { items, ...(next === undefined ? {} : { next }) };
  }
  const rows = await reads.listTrouble(kind, page, olderThanMs);
  const last = rows.at(-1);
  return {
    items: rows.map((row) => itemOf(kind, row, nowMs)),
    ...(last && rows.length === page.limit ? { next: last.key } : {}),
  };
}

function itemOf(kind: TroubleKind, { key: _, ...row }: TroubleRow, nowMs: number): TroubleItemSeen {
  return { kind, ...row, ageSeconds: ageSince(row.since, nowMs), advice: adviceOn(kind, row.reason) };
}

async function pageOfParked(
  dossiers: ParkedDossiers | undefined,
  { after, limit, reason, subject }: TroublePage,
): Promise<{ readonly parked: readonly ParkedDossier[]; readonly next?: string }> {
  if (!dossiers) return { parked: [] };
  const fits = ({ parked }: ParkedDossier): boolean =>
    parked !== undefined && (reason === undefined || parked === reason);
  if (subject !== undefined) {
    const found = await dossiers.find(subject);
    return { parked: found && fits(found) ? [found] : [] };
  }
  const from = after === undefined ? {} : { cursor: after };
  const page = await dossiers.list({ parked: true }, { order: 'updated', limit, ...from });
  return { parked: page.dossiers.filter(fits), ...(page.next === undefined ? {} : { next: page.next }) };
}

const eventOf = ({ parkedEvent }: ParkedDossier): readonly Hash[] => (parkedEvent === undefined ? [] : [parkedEvent]);

function rowOfParked(dossier: ParkedDossier, standstills: ReadonlyMap<Hash, Standstill>): TroubleRow {
  const { subject, parked = 'FOLD_FAILED', parkedEvent, updatedAt } = dossier;
  const standstill = parkedEvent === undefined ? undefined : standstills.get(parkedEvent);
  return {
    key: subject,
    reason: parked,
    since: standstill?.since ?? updatedAt,
    bytes: standstill?.bytes ?? 0,
    subject,
    ...(parkedEvent === undefined ? {} : { hash: parkedEvent }),
  };
}

const aboutDossier = ({ unapplied, situation, dossierCode, custodian }: ParkedDossier) => ({
  unapplied,
  situation,
  ...(dossierCode === undefined ? {} : { dossierCode }),
  ...(custodian === undefined ? {} : { custodian }),
});

/** In order of their names. */
export async function parkedRows(
  { reads, dossiers }: Pick<TroubleGround, 'reads' | 'dossiers'>,
  named: Pick<TroublePage, 'reason' | 'subject'>,
): Promise<readonly TroubleRow[]> {
  const { parked } = await allParked(dossiers, named);
  const standstills = await reads.findStandstills(parked.flatMap(eventOf));
  const rows = parked.map((dossier) => rowOfParked(dossier, standstills));
  return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function allParked(
  dossiers: ParkedDossiers | undefined,
  named: Pick<TroublePage, 'reason' | 'subject'> = {},
): Promise<{ readonly parked: readonly ParkedDossier[]; readonly cursor: string | undefined }> {
  const parked: ParkedDossier[] = [];
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? {} : { after: cursor };
    const page = await pageOfParked(dossiers, { ...named, ...from, limit: PAGE });
    parked.push(...page.parked);
    cursor = page.next;
  } while (cursor !== undefined && parked.length < PARKED_SUMMED);
  return { parked, cursor };
}

async function sumParked(reads: TroubleReads, dossiers: ParkedDossiers | undefined): Promise<readonly TroubleSum[]> {
  const { parked, cursor } = await allParked(dossiers);
  const standstills = await reads.findStandstills(parked.flatMap(eventOf));
  const rows = parked.map((dossier) => rowOfParked(dossier, standstills));
  return [...Map.groupBy(rows, ({ reason }) => reason)].map(([reason, some]) => ({
    reason,
    count: some.length,
    bytes: some.reduce((all, { bytes }) => all + bytes, 0),
    oldest: some.map(({ since }) => since).toSorted()[0] as Instant,
    ...(cursor === undefined ? {} : { more: true as const }),
  }));
}
