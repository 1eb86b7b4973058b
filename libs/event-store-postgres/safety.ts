/** Settings without which an acknowledged append may be lost in a crash (design 5). */
import type { ClientBase } from 'pg';
import { DomainError } from '#libs/kernel';

export interface ServerSetting {
  readonly name: string;
  readonly setting: string;
}

const NEEDED = ['fsync', 'full_page_writes', 'synchronous_commit'];

/** @throws DomainError `UNSAFE_DATABASE` that names every setting that is off. */
export function refuseUnsafe(settings: readonly ServerSetting[]): void {
  const off = NEEDED.filter((name) => settings.find((row) => row.name === name)?.setting === 'off');
  if (off.length > 0) throw new DomainError('UNSAFE_DATABASE', `the database runs with ${off.join(', ')} off`, { off });
}

export async function checkSafety(client: ClientBase): Promise<void> {
  const { rows } = await client.query<ServerSetting>('select name, setting from pg_settings where name = any ($1)', [
    NEEDED,
  ]);
  refuseUnsafe(rows);
}
