import pg from 'pg';
import { DomainError } from '#libs/kernel';
import type { Vault } from '#libs/use-cases';
import type { KeyWrapping } from './data-keys.ts';
import { refuseNewer } from './migrate.ts';
import { PostgresVault } from './postgres-vault.ts';
import { vaultError } from './vault-errors.ts';

export interface VaultOptions {
  /** Connection of the application's role. */
  readonly url: string;
  readonly custody: KeyWrapping;
  readonly maxConnections?: number;
  /** Unwrapped data keys kept in memory. */
  readonly cachedKeys?: number;
  /** Disclosures that may wait for the database. */
  readonly queuedDisclosures?: number;
  /** For errors of idle connections; the next query opens another one. */
  readonly onError?: (error: Error) => void;
}

const DEFAULTS = { maxConnections: 4, cachedKeys: 20_000, queuedDisclosures: 50_000 };
/** Wrapped in `vault.state`: 32 bytes that everybody knows. */
const CHECK = Buffer.from('lienthong vault check, version 1');
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
const MUST_BE_ON = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/**
 * Opens a migrated vault.
 * @throws DomainError `VAULT_KEY_WRONG` when it was sealed under another wrapping key, `UNSAFE_DATABASE`,
 *   `DATABASE_NEWER`, `DATABASE_NOT_MIGRATED`, `VAULT_UNAVAILABLE` (retryable)
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const settings = { ...DEFAULTS, ...options };
  const pool = new pg.Pool({
    connectionString: settings.url,
    max: settings.maxConnections,
    application_name: 'lienthong vault',
    connectionTimeoutMillis: 10_000,
    query_timeout: 2 * STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => settings.onError?.(error));
  try {
    await refuseUnsafe(pool);
    await refuseNewer(pool);
    await refuseWrongKey(pool, settings.custody);
  } catch (error) {
    await pool.end();
    throw vaultError(error);
  }
  return new PostgresVault(pool, settings);
}

/** A disclosure counts as durable when `put` resolves; with one of these off it would not be (design 5). */
async function refuseUnsafe(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [MUST_BE_ON],
  );
  const off = rows.filter(({ setting }) => setting === 'off').map(({ name }) => name);
  if (off.length > 0) {
    throw new DomainError(
      'UNSAFE_DATABASE',
      `the vault's database would lose what it acknowledged: ${off.join(', ')} off`,
      { off },
    );
  }
}

async function refuseWrongKey(pool: pg.Pool, custody: KeyWrapping): Promise<void> {
  await pool.query('INSERT INTO vault.state (wrapped_check) VALUES ($1) ON CONFLICT DO NOTHING', [custody.wrap(CHECK)]);
  const { rows } = await pool.query<{ wrapped_check: Buffer }>('SELECT wrapped_check FROM vault.state');
  try {
    custody.unwrap(rows[0]?.wrapped_check ?? Buffer.alloc(0));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'VAULT_KEY_WRONG') throw error;
    throw new DomainError(
      'VAULT_KEY_WRONG',
      "this vault was sealed under another wrapping key than the node's: put the key back under which it was sealed, " +
        'or start with an empty vault database; without that key nothing in it can ever be read',
    );
  }
}
