/** Which nodes the embedded stack runs, and which agencies each serves. */
import type { Organisation } from '#libs/directory';
import { isAgencyCode, parseNodeId, type AgencyCode, type NodeId } from '#libs/kernel';

export interface NodeWanted {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  /** Port of the API if it is free; else any. */
  readonly port?: number;
}

const DISTRICT = 'H26.129';
const CITY = 'H26';

/**
 * The three nodes of the demo: the communes of Gia Lâm (those of 2023 and those that were merged out of them in 2025), the
 * district, and the city. The city's adapters have no node while none runs: a node named for an adapter is sent the openings
 * of its service (docs/adr/0007-readings-of-the-wire-format.md).
 */
export function gialamNodes({ agencies }: Organisation): readonly NodeWanted[] {
  const codes = (wanted: (row: Organisation['agencies'][number]) => boolean): readonly AgencyCode[] =>
    [...new Set(agencies.filter(wanted).map(({ code }) => code))].filter(isAgencyCode).sort();
  return [
    { node: parseNodeId('gialam-communes'), agencies: codes(({ parent }) => parent === DISTRICT), port: 8081 },
    { node: parseNodeId('gialam-district'), agencies: codes(({ code }) => code === DISTRICT), port: 8082 },
    {
      node: parseNodeId('hanoi-city'),
      agencies: codes(({ code }) => code === CITY),
      port: 8083,
    },
  ];
}

/** `gialam-communes` in the name of a variable: `GIALAM_COMMUNES`. */
export const inVariable = (node: NodeId): string => node.toUpperCase().replaceAll('-', '_');

/** Variable that demands the port of a node of the embedded stack. */
export const portVariable = (node: NodeId): string => `HTTP_PORT_${inVariable(node)}`;

/** Login of the registrar at the broker. */
export const REGISTRAR = 'hanoi';
export const REGISTRAR_LOGIN = `registrar-${REGISTRAR}`;
