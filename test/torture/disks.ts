/** Database and broker of the stack on disks of their own, small enough to be filled. */
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findSmallDisk, type SmallDisk } from '../../libs/testing/small-disk.ts';
import { openStateFile } from '../../tools/stack/state-file.ts';
import type { Story } from '../support/story.ts';

export interface Disks {
  readonly database: SmallDisk;
  readonly broker: SmallDisk;
  remove(): void;
}
const MEGABYTES = 1_200;

/** While no node runs. Undefined where nothing may be mounted: then no disk gets full. */
export async function findDisks({ stack }: Story): Promise<Disks | undefined> {
  const { dir } = stack.folder;
  const home = openStateFile(dir).read().postgres?.home;
  if (home === undefined) return undefined;
  const database = findSmallDisk(MEGABYTES);
  const broker = database && findSmallDisk(MEGABYTES);
  if (!database || !broker) return undefined;
  await stack.stopKafka();
  await stack.stopPostgres();
  moveTo(database, home);
  moveTo(broker, join(dir, 'kafka/logs'));
  await Promise.all([stack.startPostgres(), stack.startKafka()]);
  return {
    database,
    broker,
    remove: () => {
      for (const disk of [database, broker]) disk.remove();
    },
  };
}

function moveTo(disk: SmallDisk, folder: string): void {
  const moved = join(disk.dir, 'data');
  execFileSync('cp', ['-a', folder, moved]);
  rmSync(folder, { recursive: true });
  symlinkSync(moved, folder);
}
