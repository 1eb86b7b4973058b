import type { GatewayConfig } from '#libs/config';
import { migrateReadModels, openReadModels, type ReadModels } from '#libs/read-models';
import type { RolesOf } from '../roles/roles.ts';
import type { OpenNode, Report } from './open-node.ts';
import { untilThere } from './until-there.ts';

/** The read models, brought up to date where the owner's connection is given. */
export async function openLists(config: GatewayConfig, { services }: OpenNode, report: Report): Promise<ReadModels> {
  const ownerUrl = config.databaseOwnerUrl;
  if (ownerUrl !== undefined) {
    const appRole = decodeURIComponent(new URL(config.databaseUrl).username);
    await untilThere('ledger database', report, () => migrateReadModels({ ownerUrl, appRole }));
  }
  return openReadModels({
    url: config.databaseUrl,
    store: services.store,
    contracts: services.contracts,
    onError: (error) => report({ code: 'FOLD_FAILED', details: { error } }),
  });
}

/** What the roles need of the lists. */
export const inLists = ({ dossiers, fold }: ReadModels): Pick<RolesOf, 'deadlines' | 'parked'> => ({
  deadlines: dossiers,
  parked: { dossiers, refold: (subjects) => fold.refold(subjects) },
});

export interface Folding {
  stop(): Promise<void>;
}
/** Read models are folded in the role `projections`; another process of the node may do it. */
export function startFolding(config: GatewayConfig, readModels: ReadModels, report: Report): Folding {
  if (!config.roles.includes('projections')) return { stop: () => Promise.resolve() };
  const ending = new AbortController();
  const running = readModels.follow(ending.signal).catch((error: unknown) => {
    report({ code: 'FOLD_STOPPED', details: { error } });
  });
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}
