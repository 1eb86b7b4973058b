import { decide, type Decision } from '#libs/dossier';
import type { DossierCode } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { contextFor, issueNumbers, type Ask, type Issued } from './decision-context.ts';
import type { LoadedDossier } from './load-dossier.ts';

/** Taken once and kept over all attempts of one command. */
export interface Numbers {
  issued?: Issued;
}

/** Stands in for the counters while it is not known whether the decision uses them. */
const DRY_RUN: Issued = { dossierCode: 'H00-000101-0001' as DossierCode, registerNumber: 1 };

/**
 * Decides; code and register number are taken from the counters only once it is known that the command is allowed and,
 * by `mayTake`, that its answer will be written here.
 */
export async function decideNumbered(
  services: NodeServices,
  loaded: LoadedDossier,
  ask: Ask,
  { numbers, mayTake }: { readonly numbers: Numbers; readonly mayTake: boolean },
): Promise<Decision> {
  const dry = decide(ask.command, loaded.state, await contextFor(services, loaded, ask, numbers.issued ?? DRY_RUN));
  if ('refused' in dry || numbers.issued || !mayTake) return dry;
  const issued = await issueNumbers(services, ask);
  if (!issued) return dry;
  numbers.issued = issued;
  return decide(ask.command, loaded.state, await contextFor(services, loaded, ask, issued));
}
