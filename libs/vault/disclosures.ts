/** Disclosures at rest: sealed on the way in, opened on the way out. The locks are in `vault.sql.ts`. */
import type pg from 'pg';
import { DomainError, type Hash, type Subject } from '#libs/kernel';
import type { StoredDisclosure } from '#libs/use-cases';
import type { DataKey, DataKeys } from './data-keys.ts';
import { POINTER_SEPARATOR, seal, unseal } from './sealing.ts';

/** What an event commits to of one person, together: a row. */
export interface SealedDisclosures {
  readonly key: DataKey;
  readonly event: Hash;
  /** Sorted. */
  readonly disclosures: readonly StoredDisclosure[];
  readonly sealed: Buffer;
}
interface OtherKey {
  readonly number: number;
  /** The key in force; null: destroyed. */
  readonly wrapped: Buffer | null;
}

/** Between disclosures, which are base64url. */
const LINE = '\n';
/** Under another process's key after the first round, unless that is destroyed meanwhile: then the second finds it. */
const MAX_ROUNDS = 3;

export const eventBytes = (event: Hash): Buffer => Buffer.from(event, 'base64url');
export const eventHash = (bytes: Buffer): Hash => bytes.toString('base64url') as Hash;

/** In rows that an index holds: pages of it have room for 2,704 bytes of event and pointers. */
const POINTERS_IN_ROW = 16;
const POINTER_CHARACTERS_IN_ROW = 800;

/** Sealed by event and person. */
export function sealTogether(keys: DataKeys, disclosures: readonly StoredDisclosure[]): readonly SealedDisclosures[] {
  const groups = Map.groupBy(disclosures, ({ event, stream, subject }) => `${event}\n${stream}\n${subject}`);
  return [...groups.values()].flatMap((group) => rowsOf(group).map((row) => sealRow(keys, row)));
}

const byPointer = (a: StoredDisclosure, b: StoredDisclosure): number =>
  a.pointer === b.pointer ? 0 : a.pointer < b.pointer ? -1 : 1;

function rowsOf(group: readonly StoredDisclosure[]): readonly StoredDisclosure[][] {
  const rows: StoredDisclosure[][] = [];
  let characters = POINTER_CHARACTERS_IN_ROW;
  for (const one of group.toSorted(byPointer)) {
    const row = rows.at(-1);
    if (one.pointer === row?.at(-1)?.pointer) continue;
    characters += one.pointer.length;
    if (row && row.length < POINTERS_IN_ROW && characters <= POINTER_CHARACTERS_IN_ROW) row.push(one);
    else characters = rows.push([one]) && one.pointer.length;
  }
  return rows;
}

function sealRow(keys: DataKeys, disclosures: readonly StoredDisclosure[]): SealedDisclosures {
  const { stream, subject, event } = disclosures[0] as StoredDisclosure;
  const key = keys.forSealing(stream, subject);
  const place = { stream, event, pointers: disclosures.map(({ pointer }) => pointer) };
  const sealed = seal(key.key, place, disclosures.map(({ disclosure }) => disclosure).join(LINE));
  return { key, event, disclosures, sealed };
}

/** Stores all in one transaction. Those of an erased subject are left out, silently: erased stays erased. */
export async function storeDisclosures(
  pool: pg.Pool,
  keys: DataKeys,
  disclosures: readonly SealedDisclosures[],
): Promise<void> {
  let left = withoutRepeats(disclosures);
  for (let round = 0; left.length > 0; round += 1) {
    if (round === MAX_ROUNDS)
      throw new DomainError('VAULT_FAILED', 'data keys change faster than they are used', { retryable: false });
    left = await storeRound(pool, keys, left);
  }
}

/** Gives those whose key was not the one in force, sealed anew under it. */
async function storeRound(
  pool: pg.Pool,
  keys: DataKeys,
  rows: readonly SealedDisclosures[],
): Promise<readonly SealedDisclosures[]> {
  const byKey = Map.groupBy(rows, ({ key }) => key);
  const dataKeys = [...byKey.keys()];
  const numbers = new Map(dataKeys.map((key, index) => [key, index + 1]));
  const { rows: others } = await pool.query<OtherKey>({
    name: 'put',
    text: 'SELECT number, wrapped FROM vault.put($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    values: [
      dataKeys.map((key) => key.stream),
      dataKeys.map((key) => key.subject),
      ...endToEnd(dataKeys.map((key) => key.wrapped)),
      rows.map(({ key }) => numbers.get(key)),
      Buffer.concat(rows.map(({ event }) => eventBytes(event))),
      rows.map((row) => pointersOf(row).join(POINTER_SEPARATOR)),
      ...endToEnd(rows.map(({ sealed }) => sealed)),
    ],
  });
  return others.flatMap(({ number, wrapped }) => {
    const { stream, subject } = dataKeys[number - 1] as DataKey;
    keys.forget(stream, subject);
    if (wrapped === null) return [];
    keys.forReading(stream, subject, wrapped);
    const again = byKey.get(dataKeys[number - 1] as DataKey) ?? [];
    return again.map((row) => sealRow(keys, row.disclosures));
  });
}

function endToEnd(pieces: readonly Buffer[]): [bytes: Buffer, ends: number[]] {
  let end = 0;
  return [Buffer.concat(pieces), pieces.map(({ length }) => (end += length))];
}

const pointersOf = ({ disclosures }: SealedDisclosures): readonly string[] => disclosures.map(({ pointer }) => pointer);

/** One statement cannot touch a row twice, and two calls may bring the same disclosures. */
function withoutRepeats(rows: readonly SealedDisclosures[]): readonly SealedDisclosures[] {
  const first = new Map<string, SealedDisclosures>();
  for (const row of rows) {
    const place = [row.event, ...pointersOf(row)].join(POINTER_SEPARATOR);
    if (!first.has(place)) first.set(place, row);
  }
  return first.size === rows.length ? rows : [...first.values()];
}

interface DisclosureRow {
  readonly event: Buffer;
  readonly pointers: readonly string[];
  readonly sealed: Buffer;
  readonly stream: Subject;
  readonly subject: string;
  readonly wrapped: Buffer;
}

export async function findDisclosures(
  pool: pg.Pool,
  keys: DataKeys,
  events: readonly Hash[],
): Promise<readonly StoredDisclosure[]> {
  const { rows } = await pool.query<DisclosureRow>({
    name: 'find',
    text: `SELECT d.event, d.pointers, d.sealed, k.stream, k.subject, k.wrapped
           FROM vault.disclosure d JOIN vault.data_key k ON k.id = d.key_id
           WHERE d.event = ANY ($1) AND k.wrapped IS NOT NULL
           ORDER BY d.event, d.pointers`,
    values: [events.map(eventBytes)],
  });
  const found = new Map<string, StoredDisclosure>();
  for (const row of rows)
    for (const disclosure of opened(keys, row))
      found.set(`${disclosure.event}${POINTER_SEPARATOR}${disclosure.pointer}`, disclosure);
  return [...found.values()];
}

function opened(keys: DataKeys, row: DisclosureRow): readonly StoredDisclosure[] {
  const { stream, subject, pointers } = row;
  const place = { stream, event: eventHash(row.event) };
  const { key } = keys.forReading(stream, subject, row.wrapped);
  const disclosures = unseal(key, { ...place, pointers }, row.sealed).split(LINE);
  return pointers.map((pointer, at) => ({ ...place, pointer, subject, disclosure: disclosures[at] ?? '' }));
}

export async function findPointers(
  pool: pg.Pool,
  events: readonly Hash[],
): Promise<ReadonlyMap<Hash, readonly string[]>> {
  const { rows } = await pool.query<{ event: Buffer; pointers: string[] }>({
    name: 'find-pointers',
    text: `SELECT event, array_agg(DISTINCT pointer ORDER BY pointer) AS pointers
           FROM vault.disclosure CROSS JOIN unnest(pointers) AS pointer WHERE event = ANY ($1) GROUP BY event`,
    values: [events.map(eventBytes)],
  });
  return new Map(rows.map(({ event, pointers }) => [eventHash(event), pointers]));
}
