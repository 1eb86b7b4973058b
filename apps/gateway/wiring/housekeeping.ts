/** What goes by stated windows, and what the disk holds (docs/overload.md). Nothing here holds anything up: see `upkeep.ts`. */
import { statfs } from 'node:fs/promises';
import type { GatewayConfig } from '#libs/config';
import { openTallies, openUpkeep, type Tallies } from '#libs/event-store-postgres';
import type { DiskView } from '#libs/http-api';
import type { GatewayMetrics } from '#libs/observability';
import type { ReadModels } from '#libs/read-models';

export interface Housekeeping extends Tallies {
  /** One turn: small steps, a bounded number of them. */
  prune(): Promise<void>;
  /** At most a minute old. */
  disk(): Promise<DiskView>;
}

const ANSWERS_PER_STEP = 500;
const STEPS_PER_TURN = 20;
/** An older program that is still at work moves its lists every second. */
const LISTS_STAND_MS = 86_400_000;
const DISK_OLD_MS = 60_000;

export function openHousekeeping(
  config: GatewayConfig,
  readModels: Pick<ReadModels, 'retire'>,
  metrics: Pick<GatewayMetrics, 'count'>,
): Housekeeping {
  const tallies = openTallies(config.databaseUrl);
  const upkeep = openUpkeep({ ledger: config.databaseUrl, vault: config.vaultDatabaseUrl });
  let known: { readonly at: number; readonly disk: Promise<DiskView> } | undefined;
  const look = async (): Promise<DiskView> => ({ ...(await upkeep.disk()), ...(await freeAt(config.databaseVolume)) });
  const gone = (relation: string, count: number): void => {
    if (count > 0) metrics.count('pruned_total', { relation }, count);
  };
  return {
    read: () => tallies.read(),
    async prune() {
      for (let step = 0, count = ANSWERS_PER_STEP; step < STEPS_PER_TURN && count === ANSWERS_PER_STEP; step += 1) {
        count = await upkeep.forgetAnswers(ANSWERS_PER_STEP);
        gone('idempotency', count);
      }
      gone('read-models', await readModels.retire(LISTS_STAND_MS));
    },
    disk() {
      const now = performance.now();
      if (known && now - known.at < DISK_OLD_MS) return known.disk;
      const disk = look();
      known = { at: now, disk };
      disk.catch(() => {
        known = undefined;
      });
      return disk;
    },
    async close() {
      await Promise.all([tallies.close(), upkeep.close()]);
    },
  };
}

/** A folder that is not there tells nothing: the database may stand elsewhere. */
async function freeAt(folder: string | undefined): Promise<{ readonly freeBytes?: number }> {
  if (folder === undefined) return {};
  try {
    const { bavail, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize };
  } catch {
    return {};
  }
}
