import { createHmac, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Hash, Instant, Subject } from '#libs/kernel';
import type { DisclosureRefused, DisclosureSent, ErasureConfirmed, StoredDisclosure, Vault } from '#libs/use-cases';
import { DataKeys, type KeyWrapping } from './data-keys.ts';
import {
  findDisclosures,
  findPointers,
  sealTogether,
  storeDisclosures,
  type SealedDisclosures,
} from './disclosures.ts';
import { GroupCommit, overloaded } from './group-commit.ts';
import * as registers from './registers.ts';
import { sweep } from './sweep.ts';
import { retrying } from './vault-errors.ts';

export interface PostgresVaultOptions {
  readonly custody: KeyWrapping;
  readonly cachedKeys: number;
  readonly queuedDisclosures: number;
}

/** Of some 1,500 events; larger batches made no more per second (bench/vault.ts). */
const BATCH_ROWS = 3_000;
const DATA_KEY_BYTES = 32;

/** The vault in a PostgreSQL database of its own. Tables, locks and their reasons: `vault.sql.ts`. */
export class PostgresVault implements Vault {
  readonly #pool: pg.Pool;
  readonly #custody: KeyWrapping;
  readonly #keys: DataKeys;
  readonly #puts: GroupCommit<SealedDisclosures>;

  constructor(pool: pg.Pool, { custody, cachedKeys, queuedDisclosures }: PostgresVaultOptions) {
    this.#pool = pool;
    this.#custody = custody;
    this.#keys = new DataKeys(custody, cachedKeys);
    this.#puts = new GroupCommit({
      flush: (disclosures) => retrying(() => storeDisclosures(pool, this.#keys, disclosures)),
      batchItems: BATCH_ROWS,
      queuedItems: queuedDisclosures,
    });
  }

  /** Sealed at once, while the batch before is still on its way. */
  async put(disclosures: readonly StoredDisclosure[]): Promise<void> {
    if (disclosures.length === 0) return;
    if (!this.#puts.hasRoomFor(disclosures.length)) throw overloaded();
    await this.#puts.add(sealTogether(this.#keys, disclosures));
  }

  find(events: readonly Hash[]): Promise<readonly StoredDisclosure[]> {
    return retrying(() => findDisclosures(this.#pool, this.#keys, events));
  }

  findPointers(events: readonly Hash[]): Promise<ReadonlyMap<Hash, readonly string[]>> {
    return retrying(() => findPointers(this.#pool, events));
  }

  async erase(stream: Subject, subjects: readonly string[]): Promise<void> {
    await retrying(() => this.#pool.query('SELECT vault.erase($1, $2)', [stream, subjects]));
    for (const subject of subjects) this.#keys.forget(stream, subject);
  }

  async erasedSubjects(stream: Subject): Promise<ReadonlySet<string>> {
    const { rows } = await retrying(() =>
      this.#pool.query<{ subject: string }>(
        'SELECT subject FROM vault.data_key WHERE stream = $1 AND wrapped IS NULL',
        [stream],
      ),
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  recordSent(rows: readonly DisclosureSent[]): Promise<void> {
    return retrying(() => registers.recordSent(this.#pool, rows));
  }

  findSent(event: Hash): Promise<readonly DisclosureSent[]> {
    return retrying(() => registers.findSent(this.#pool, event));
  }

  recordRefused(rows: readonly DisclosureRefused[]): Promise<void> {
    return retrying(() => registers.recordRefused(this.#pool, rows));
  }

  findRefused(event: Hash): Promise<readonly DisclosureRefused[]> {
    return retrying(() => registers.findRefused(this.#pool, event));
  }

  recordErased(event: Hash, confirmed: ErasureConfirmed): Promise<void> {
    return retrying(() => registers.recordErased(this.#pool, event, confirmed));
  }

  findErased(event: Hash): Promise<readonly ErasureConfirmed[]> {
    return retrying(() => registers.findErased(this.#pool, event));
  }

  recordReveal(row: Parameters<Vault['recordReveal']>[0]): Promise<void> {
    return retrying(() => registers.recordReveal(this.#pool, row));
  }

  sweep(isRecorded: (events: readonly Hash[]) => Promise<ReadonlySet<Hash>>, olderThan: Instant): Promise<number> {
    return retrying(() => sweep(this.#pool, isRecorded, olderThan));
  }

  /** The key is read each time: it changes when a subject is erased, perhaps by another process. */
  async hmac(stream: Subject, bytes: Uint8Array): Promise<string> {
    const candidate = this.#custody.wrap(randomBytes(DATA_KEY_BYTES));
    const { rows } = await retrying(() =>
      this.#pool.query<{ wrapped: Buffer }>('SELECT vault.dossier_key($1, $2) AS wrapped', [stream, candidate]),
    );
    const key = this.#custody.unwrap(rows[0]?.wrapped ?? Buffer.alloc(0));
    return createHmac('sha256', key).update(bytes).digest('base64url');
  }

  async close(): Promise<void> {
    await this.#puts.drain();
    await this.#pool.end();
  }
}
