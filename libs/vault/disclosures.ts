/** Disclosures at rest: sealed on the way in, opened on the way out. The locks are in `vault.sql.ts`. */
import type pg from 'pg';
import { DomainError, type Hash, type Subject } from '#libs/kernel';
import type { StoredDisclosure } from '#libs/use-cases';
import type { DataKey, DataKeys } from './data-keys.ts';
import { seal, unseal } from './sealing.ts';

export interface SealedDisclosure {
  readonly key: DataKey;
  readonly sealed: Buffer;
  readonly disclosure: StoredDisclosure;
}
interface OtherKey {
  readonly number: number;
  /** The key in force; null: destroyed. */
  readonly wrapped: Buffer | null;
}

/** Under another process's key after the first round, unless that is destroyed meanwhile: then the second finds it. */
const MAX_ROUNDS = 3;

export const eventBytes = (event: Hash): Buffer => Buffer.from(event, 'base64url');
export const eventHash = (bytes: Buffer): Hash => bytes.toString('base64url') as Hash;

export function sealDisclosure(keys: DataKeys, disclosure: StoredDisclosure): SealedDisclosure {
  const key = keys.forSealing(disclosure.stream, disclosure.subject);
  return { key, sealed: seal(key.key, disclosure, disclosure.disclosure), disclosure };
}

/** Stores all in one transaction. Those of an erased subject are left out, silently: erased stays erased. */
export async function storeDisclosures(
  pool: pg.Pool,
  keys: DataKeys,
  disclosures: readonly SealedDisclosure[],
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
  disclosures: readonly SealedDisclosure[],
): Promise<readonly SealedDisclosure[]> {
  const byKey = Map.groupBy(disclosures, ({ key }) => key);
  const dataKeys = [...byKey.keys()];
  const numbers = new Map(dataKeys.map((key, index) => [key, index + 1]));
  const { rows } = await pool.query<OtherKey>({
    name: 'put',
    text: 'SELECT number, wrapped FROM vault.put($1, $2, $3, $4, $5, $6, $7)',
    values: [
      dataKeys.map((key) => key.stream),
      dataKeys.map((key) => key.subject),
      dataKeys.map((key) => key.wrapped),
      disclosures.map(({ key }) => numbers.get(key)),
      disclosures.map(({ disclosure }) => eventBytes(disclosure.event)),
      disclosures.map(({ disclosure }) => disclosure.pointer),
      disclosures.map(({ sealed }) => sealed),
    ],
  });
  return rows.flatMap(({ number, wrapped }) => {
    const { stream, subject } = dataKeys[number - 1] as DataKey;
    keys.forget(stream, subject);
    if (wrapped === null) return [];
    keys.forReading(stream, subject, wrapped);
    const again = byKey.get(dataKeys[number - 1] as DataKey) ?? [];
    return again.map(({ disclosure }) => sealDisclosure(keys, disclosure));
  });
}

/** One statement cannot touch a row twice, and two calls may bring the same disclosure. */
function withoutRepeats(disclosures: readonly SealedDisclosure[]): readonly SealedDisclosure[] {
  const first = new Map<string, SealedDisclosure>();
  for (const sealed of disclosures) {
    const place = `${sealed.disclosure.event}\n${sealed.disclosure.pointer}`;
    if (!first.has(place)) first.set(place, sealed);
  }
  return first.size === disclosures.length ? disclosures : [...first.values()];
}

interface DisclosureRow {
  readonly event: Buffer;
  readonly pointer: string;
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
    text: `SELECT d.event, d.pointer, d.sealed, k.stream, k.subject, k.wrapped
           FROM vault.disclosure d JOIN vault.data_key k ON k.id = d.key_id
           WHERE d.event = ANY ($1) AND k.wrapped IS NOT NULL
           ORDER BY d.event, d.pointer`,
    values: [events.map(eventBytes)],
  });
  return rows.map(({ sealed, wrapped, ...row }) => {
    const place = { stream: row.stream, event: eventHash(row.event), pointer: row.pointer };
    const { key } = keys.forReading(row.stream, row.subject, wrapped);
    return { ...place, subject: row.subject, disclosure: unseal(key, place, sealed) };
  });
}

export async function findPointers(
  pool: pg.Pool,
  events: readonly Hash[],
): Promise<ReadonlyMap<Hash, readonly string[]>> {
  const { rows } = await pool.query<{ event: Buffer; pointers: string[] }>({
    name: 'find-pointers',
    text: `SELECT event, array_agg(pointer ORDER BY pointer) AS pointers
           FROM vault.disclosure WHERE event = ANY ($1) GROUP BY event`,
    values: [events.map(eventBytes)],
  });
  return new Map(rows.map(({ event, pointers }) => [eventHash(event), pointers]));
}
