/** Trouble and the operators' jobs, on a small pool of their own: a long look never keeps an append from its connection. */
import type { TroubleStore } from '#libs/use-cases';
import { operatorActs } from './operator-acts.ts';
import { openPool, TIMEOUTS } from './pools.ts';
import { redrives } from './redrive.ts';
import { troubleReads } from './trouble-reads.ts';

/** On a database that {@link openEventStore} has found to be migrated. `url`: of the application's role. */
export function openTroubleStore({ url }: { readonly url: string }): TroubleStore {
  const pool = openPool(url, TIMEOUTS, { name: 'trouble', max: 3, watched: {} });
  return { ...troubleReads(pool), ...redrives(pool), ...operatorActs(pool), close: () => pool.end() };
}
