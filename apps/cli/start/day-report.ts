/** The table at the end of the day: per agency, and per pair of nodes. */
import type { DeliveriesView } from '#libs/http-api';
import type { Organisation } from '#libs/directory';
import type { NodeRecord } from '#tools/embedded';
import { count, renderTable } from '../output/table.ts';
import type { NodeApi } from '../reach/node-api.ts';

export interface AgencyRow {
  readonly agency: string;
  readonly name: string;
  readonly received: number;
  readonly forwarded: number;
  readonly settled: number;
  readonly onTime: number;
  readonly waiting: number;
}
export interface PairRow {
  readonly from: string;
  readonly to: string;
  readonly delivered: number;
  readonly of: number;
  readonly missing: number;
  readonly refused: number;
}
export interface DayReport {
  readonly agencies: readonly AgencyRow[];
  readonly pairs: readonly PairRow[];
}
type Totals = Omit<AgencyRow, 'name'>;

/** Every agency as its own node counts it. */
export async function readDayReport(
  apis: readonly NodeApi[],
  nodes: readonly NodeRecord[],
  organisation: Organisation,
): Promise<DayReport> {
  const agencies: AgencyRow[] = [];
  const pairs: PairRow[] = [];
  for (const api of apis) {
    const own = new Set<string>(nodes.find(({ node }) => node === api.name)?.agencies);
    const { totals } = await api.get<{ totals: readonly Totals[] }>('/v1/totals');
    const { outbound } = await api.get<DeliveriesView>('/v1/deliveries');
    agencies.push(...totals.filter(({ agency }) => own.has(agency)).map((row) => rowOf(row, organisation)));
    pairs.push(...outbound.map((line) => pairOf(api.name, line)));
  }
  return { agencies, pairs };
}

function rowOf(row: Totals, { agencies }: Organisation): AgencyRow {
  const { agency, received, forwarded, settled, onTime, waiting } = row;
  const name = agencies.find(({ code }) => code === agency)?.name ?? agency;
  return { agency, name: name.replace('Ủy ban nhân dân', 'UBND'), received, forwarded, settled, onTime, waiting };
}

function pairOf(from: string, line: DeliveriesView['outbound'][number]): PairRow {
  const missing = line.missing.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const refused = line.refused.length;
  const unheard = Math.max(0, line.highest - line.contiguousUpTo - missing);
  const delivered = line.highest - missing - refused - unheard;
  return { from, to: line.peer, delivered, of: line.highest, missing: line.highest - delivered - refused, refused };
}

export function dayReportText({ agencies, pairs }: DayReport, width?: number): string {
  const sum = (member: 'received' | 'forwarded' | 'settled' | 'onTime' | 'waiting'): number =>
    agencies.reduce((total, row) => total + row[member], 0);
  const rows = agencies.map((row) => [
    row.agency,
    row.name,
    row.received,
    row.forwarded,
    row.settled,
    row.onTime,
    row.waiting,
  ]);
  const all = ['', 'Tổng · total', sum('received'), sum('forwarded'), sum('settled'), sum('onTime'), sum('waiting')];
  const ofAgencies = renderTable(
    [
      { head: 'Cơ quan · agency' },
      { head: '', shrinks: true },
      ...[
        'tiếp nhận · received',
        'chuyển · forwarded',
        'giải quyết · settled',
        'đúng hạn · on time',
        'đang chờ · waiting',
      ].map((head) => ({ head, align: 'right' as const })),
    ],
    [...rows, all],
    width,
  );
  const ofPairs = renderTable(
    [
      { head: 'Từ nút → nút · from node → node' },
      { head: 'đã nhận / tổng · delivered of', align: 'right' },
      { head: 'thiếu · missing', align: 'right' },
      { head: 'từ chối · refused', align: 'right' },
    ],
    pairs.map(({ from, to, delivered, of, missing, refused }) => [
      `${from} → ${to}`,
      `${count(delivered)} / ${count(of)}`,
      missing,
      refused,
    ]),
  );
  return `${ofAgencies}\n\n${ofPairs}`;
}
