import { heirOf, type HeirUndecided } from '#libs/directory';
import type { DossierCommand } from '#libs/dossier';
import { agencyInHand, type AgencyCode } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { LoadedDossier } from './load-dossier.ts';

/** Why no rule says where a dossier goes; a person of the rehomer does, by `rehome`. */
export interface LeftToAPerson {
  readonly why: HeirUndecided | 'DOSSIER_PARKED';
  /** Successors among whom to choose, as far as the directory names any. */
  readonly candidates: readonly AgencyCode[];
}
export type Rehoming = { readonly command: DossierCommand } | { readonly left: LeftToAPerson };

/** Of a dossier that is in the hand of an agency that has ended, or was released. */
export function findRehoming(
  services: Pick<NodeServices, 'directory' | 'clock'>,
  { head, state, parked }: Pick<LoadedDossier, 'head' | 'state' | 'parked'>,
): Rehoming {
  if (!head?.hand || parked || state.situation === 'NotFiled')
    return { left: { why: 'DOSSIER_PARKED', candidates: [] } };
  const { place, procedure } = state.facts;
  const placed = { territory: place.territory, area: place.area, procedure: procedure.code };
  const heir = heirOf(services.directory(), agencyInHand(head.hand), placed, services.clock.now());
  if ('undecided' in heir) return { left: { why: heir.undecided, candidates: heir.candidates } };
  const data = { to: heir.to, reason: 'succession', legalBasis: heir.succession.legalBasis };
  return { command: { type: 'rehome', data } as unknown as DossierCommand };
}
