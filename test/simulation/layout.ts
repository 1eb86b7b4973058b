/** Which node serves whom: the communes of Gia Lâm, then of Hoài Đức, spread over as many nodes as are asked for. */
import type { AgencyCode, NodeId } from '#libs/kernel';

export interface NodeLayout {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
}

const codes = (district: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${district}.${String(at + 1).padStart(2, '0')}`);
const GIA_LAM = { name: 'gialam', district: 'H26.129', communes: codes('H26.129', 22) };
const HOAI_DUC = { name: 'hoaiduc', district: 'H26.116', communes: codes('H26.116', 21) };
/** City, district and one for each commune of Gia Lâm. */
const MOST_OF_ONE_DISTRICT = 24;
export const FEWEST_NODES = 3;
export const MOST_NODES = MOST_OF_ONE_DISTRICT + 1 + HOAI_DUC.communes.length;

/** A commune: neither city nor district nor adapter. */
export const isPlain = (code: string): boolean => code.split('.').length === 3;

export function layoutOf(nodes: number): readonly NodeLayout[] {
  if (nodes < FEWEST_NODES || nodes > MOST_NODES)
    throw new RangeError(`a simulated world has ${FEWEST_NODES} to ${MOST_NODES} nodes`);
  const city = { node: 'hanoi-city' as NodeId, agencies: ['H26', 'H26.901', 'H26.902'] as AgencyCode[] };
  const first = Math.min(nodes, MOST_OF_ONE_DISTRICT) - 1;
  return [city, ...districtOf(GIA_LAM, first), ...districtOf(HOAI_DUC, nodes - 1 - first)];
}

function districtOf({ name, district, communes }: typeof GIA_LAM, nodes: number): readonly NodeLayout[] {
  if (nodes === 0) return [];
  const upper = { node: `${name}-district` as NodeId, agencies: [district as AgencyCode] };
  const lower = Array.from({ length: nodes - 1 }, (_, nth) => ({
    node: `${name}-communes-${nth + 1}` as NodeId,
    agencies: communes.filter((_code, at) => at % (nodes - 1) === nth) as AgencyCode[],
  }));
  return [upper, ...lower];
}
