/** What a redrive selects of a kind of trouble that is not quarantine, in order of its keys. */
import { STANDS_TOO_LONG_MS, type TroubleKind } from '#libs/exchange';
import type { Instant } from '#libs/kernel';
import type { QuarantineSum, RedriveSelection, TroubleReads, TroubleRow } from '../ports/index.ts';
import { parkedRows, type ParkedDossiers } from '../see-trouble/see-trouble.ts';

export type OtherKind = Exclude<TroubleKind, 'quarantined'>;
export interface TroubleSelection extends RedriveSelection {
  readonly kind: OtherKind;
}
export const isOfOtherKind = (selection: RedriveSelection): selection is TroubleSelection =>
  selection.kind !== undefined;

export interface SelectionGround {
  readonly reads: TroubleReads;
  /** Absent: no lists of dossiers here, so none is known to be parked. */
  readonly dossiers?: ParkedDossiers | undefined;
}

const PAGE = 500;
/** Of more than this a dry run says so much, and the job does the rest. */
const SUMMED = 10_000;

/** Those in trouble since before `before`, after a key (exclusive). */
export async function selectTrouble(
  ground: SelectionGround,
  selection: TroubleSelection,
  { after, before, limit }: { readonly after?: string | undefined; readonly before?: Instant; readonly limit: number },
): Promise<readonly TroubleRow[]> {
  const isSelected = (row: TroubleRow): boolean =>
    (before === undefined || row.since < before) && isNamed(row, selection);
  const found: TroubleRow[] = [];
  for (let from = after; ;) {
    const page = await pageOf(ground, selection, from);
    found.push(...page.filter(isSelected));
    from = page.at(-1)?.key;
    if (page.length < PAGE || found.length >= limit) return found.slice(0, limit);
  }
}

const isNamed = (row: TroubleRow, { source, peer, before }: TroubleSelection): boolean =>
  (source === undefined || row.source === source) &&
  (peer === undefined || row.peer === peer) &&
  (before === undefined || row.since < before);

async function pageOf(
  { reads, dossiers }: SelectionGround,
  { kind, code, subject, before }: TroubleSelection,
  after: string | undefined,
): Promise<readonly TroubleRow[]> {
  const named = {
    ...(code === undefined ? {} : { reason: code }),
    ...(subject === undefined ? {} : { subject: subject as NonNullable<TroubleRow['subject']> }),
  };
  if (kind === 'parked') {
    const rows = await parkedRows({ reads, dossiers }, named);
    return rows.filter(({ key }) => after === undefined || key > after).slice(0, PAGE);
  }
  // What is owed or asked since a moment ago is no trouble yet, unless the operator names the moment.
  const olderThanMs = before === undefined ? STANDS_TOO_LONG_MS : 0;
  return reads.listTrouble(kind, { ...named, ...(after === undefined ? {} : { after }), limit: PAGE }, olderThanMs);
}

export async function sumTroubleSelected(ground: SelectionGround, selection: TroubleSelection): Promise<QuarantineSum> {
  const rows = await selectTrouble(ground, selection, { limit: SUMMED });
  return { messages: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0), upTo: 0 };
}
