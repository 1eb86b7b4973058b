import type { GatewayConfig } from '#libs/config';
import { groupPrefix, readDirectoryToEnd, type DirectoryReader } from '#libs/messaging-kafka';
import { judgeQuarantinedAgain } from '#libs/use-cases';
import type { OpenNode } from './open-node.ts';

/** The directory from its start, and on as it grows. Nothing of it is recorded while the ledger may be replaced yet. */
export function followDirectory(config: GatewayConfig, { services, directory, connection }: OpenNode): DirectoryReader {
  return readDirectoryToEnd({
    connection,
    groupPrefix: groupPrefix(config.nodeId),
    handle: async (batch) => {
      services.life.mustTakeIn();
      if ((await directory.take(services, batch.records)) > 0) await judgeQuarantinedAgain(services);
    },
    onTrouble: () => undefined,
  });
}
