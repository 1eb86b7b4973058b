import type { GatewayConfig } from '#libs/config';
import { findVaultBackup } from '#libs/key-custody';
import type { RecoveryDesk } from '#libs/use-cases';
import { doorLimits } from '../http/admission/door-limits.ts';
import type { HttpOptions } from '../http/http-options.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { OpenNode } from './open-node.ts';
import { publishedNow } from './proof-of-life.ts';

type Offered = Pick<HttpOptions, 'disk' | 'limits' | 'recovery' | 'running' | 'vaultBackupAt'>;

/** What runs here, and how much it takes in; of the node's life: the age of the newest vault backup, and the way out of a restored database. */
export const offeredAtTheDoor = (
  config: GatewayConfig,
  node: OpenNode,
  { recovery, housekeeping }: { readonly recovery: RecoveryDesk; readonly housekeeping: Housekeeping },
): Offered => ({
  limits: doorLimits(config),
  disk: () => housekeeping.disk(),
  running: () => [...config.roles],
  vaultBackupAt: () => findVaultBackup(config.keysDir),
  recovery: {
    begin: async (order) => recovery.begin(await publishedNow(config, node), order),
    progress: () => recovery.progress(),
  },
});
