/**
 * The `data` of agency and node statements, made from the rows of `reference/organisation.json` and from what a
 * registrar adds: which node serves an agency, its keys, who rehomes. Used by the registrar's tool; signs nothing.
 */
import { DomainError, isAgencyCode, type AgencyCode, type JsonObject } from '#libs/kernel';

/** A row of `agencies`: one interval of one agency; `validFrom` first day, `validTo` first day no longer valid. */
export interface OrganisationRow {
  readonly code: string;
  readonly name: string;
  readonly level: string;
  readonly parent: string | null;
  readonly service?: string;
  readonly territories: readonly {
    readonly code: string;
    readonly validFrom: string;
    readonly validTo: string | null;
  }[];
  readonly validFrom: string;
  readonly validTo: string | null;
}
export interface SuccessionRow {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly effective: string;
  readonly legalBasis: string;
  readonly selector: JsonObject;
}
export interface Organisation {
  readonly agencies: readonly OrganisationRow[];
  readonly successions: readonly SuccessionRow[];
}

/** A key as a statement carries it: `publicKey` base64url of 32 bytes, times as on the wire. */
export interface KeyMember {
  readonly label: string;
  readonly alg: 'Ed25519' | 'X25519';
  readonly publicKey: string;
  readonly validFrom: string;
  readonly validTo?: string;
}

export interface RegistrarAdditions {
  /** Agency code to node id; an agency without one (a ministry, a national service) stands in the directory without node. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Agency code to its signing keys. */
  readonly keys: ReadonlyMap<string, readonly KeyMember[]>;
  /** Who rehomes by this succession; absent: {@link nearestLastingSuperior}. */
  readonly rehomerOf?: (succession: SuccessionRow, organisation: Organisation) => string;
}

/**
 * Agency code to the `data` of its first statement, by code. Rows whose code is outside the grammar of the wire format (an
 * enterprise, `Z…`) cannot be stated and are left out. Throws `ROW_UNKNOWN` when a succession names no agency.
 */
export function agencyStatementsOf(
  organisation: Organisation,
  additions: RegistrarAdditions,
): ReadonlyMap<AgencyCode, JsonObject> {
  const codes = [...new Set(organisation.agencies.map((row) => row.code))].filter(isAgencyCode).sort();
  const unknown = organisation.successions.find(({ from, to }) =>
    [from, to].some((code) => !codes.some((known) => known === code)),
  );
  if (unknown) throw new DomainError('ROW_UNKNOWN', 'a succession names an agency without a row', { ...unknown });
  return new Map(codes.map((code) => [code, agencyData(code, organisation, additions)]));
}

function agencyData(code: string, organisation: Organisation, additions: RegistrarAdditions): JsonObject {
  const rehomerOf = additions.rehomerOf ?? nearestLastingSuperior;
  const rows = organisation.agencies.filter((row) => row.code === code);
  const successions = organisation.successions.filter(({ from }) => from === code);
  return {
    code,
    intervals: rows.map((row) => intervalMember(row, additions.nodes.get(code))),
    keys: (additions.keys.get(code) ?? []).map((key) => ({ ...key })),
    successions: successions.map((row) => successionMember(row, rehomerOf(row, organisation))),
    suspensions: [],
  };
}

function intervalMember(row: OrganisationRow, node: string | undefined): JsonObject {
  return {
    from: row.validFrom,
    ...(row.validTo === null ? {} : { to: row.validTo }),
    name: row.name,
    level: row.level,
    ...(row.parent === null ? {} : { parent: row.parent }),
    ...(node === undefined ? {} : { node }),
    territories: row.territories.map(({ code, validFrom, validTo }) => ({
      code,
      from: validFrom,
      ...(validTo === null ? {} : { to: validTo }),
    })),
    ...(row.service === undefined ? {} : { services: [{ name: row.service }] }),
  };
}

function successionMember({ to, kind, selector, legalBasis, effective }: SuccessionRow, rehomer: string): JsonObject {
  return { to, kind, selector, rehomer, legalBasis, effective };
}

/** The nearest superior of the ending agency that still exists on the day; where there is none, the successor itself. */
export function nearestLastingSuperior({ from, to, effective }: SuccessionRow, { agencies }: Organisation): string {
  const seen = new Set<string>([from]);
  let parent = parentBefore(agencies, from, effective);
  while (parent !== undefined && !seen.has(parent)) {
    if (agencies.some((row) => row.code === parent && existsOn(row, effective))) return parent;
    seen.add(parent);
    parent = parentBefore(agencies, parent, effective);
  }
  return to;
}

const existsOn = (row: OrganisationRow, day: string): boolean =>
  row.validFrom <= day && (row.validTo === null || day < row.validTo);

/** Parent in the row that holds on the eve of the day or, failing that, the last row that began before it. */
function parentBefore(agencies: readonly OrganisationRow[], code: string, day: string): string | undefined {
  const begun = agencies.filter((row) => row.code === code && row.validFrom < day);
  const last = begun.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)).at(-1);
  return last?.parent ?? undefined;
}

export interface NodeAdditions {
  readonly node: string;
  readonly baseUrl: string;
  readonly signingKeys: readonly KeyMember[];
  readonly encryptionKeys: readonly KeyMember[];
  /** `from` a date; `vkey` as in a signed note. */
  readonly logs: readonly {
    readonly life: number;
    readonly origin: string;
    readonly vkey: string;
    readonly from: string;
  }[];
  readonly witness?: { readonly name: string; readonly vkey: string };
}

/** The `data` of a node statement. */
export function nodeStatementOf({
  node,
  baseUrl,
  signingKeys,
  encryptionKeys,
  logs,
  witness,
}: NodeAdditions): JsonObject {
  return {
    node,
    baseUrl,
    signingKeys: signingKeys.map((key) => ({ ...key })),
    encryptionKeys: encryptionKeys.map((key) => ({ ...key })),
    logs: logs.map((log) => ({ ...log })),
    ...(witness ? { witness: { ...witness } } : {}),
  };
}
