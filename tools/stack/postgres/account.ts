/**
 * PostgreSQL refuses to run as root, as everything does in many a container. Then an unprivileged account runs it
 * (`postgres` where the machine has it, else `nobody`), and it must be able to pass every folder above its own: a checkout
 * under a home of mode 0700 is out of its reach, and the server's folder goes to `/var/lib/lienthong/<hash>` instead.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/** The account to run as; undefined: the one we are. */
export function findServerAccount(passwd = '/etc/passwd'): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const row = rows.find(([user]) => user === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  return undefined;
}

/** Bits as in the mode: 4 read, 1 pass through. */
function may(path: string, account: Account, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

/** Can the account enter this existing folder, through all those above it? */
export function canEnter(folder: string, account: Account, bits = 1): boolean {
  const path = resolve(folder);
  const above = dirname(path);
  return may(path, account, bits) && (above === path || canEnter(above, account));
}

/** Folder for the server's files: inside the data directory, or where the account can reach it. */
export function chooseHome(dataDir: string, account: Account | undefined): string {
  if (!account || canEnter(dataDir, account)) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join('/var/lib/lienthong', name, 'postgres');
}
