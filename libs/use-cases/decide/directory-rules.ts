import type { DirectoryRules } from '#libs/dossier';
import {
  agencyOfTerritory,
  isValidAt,
  nodeOf,
  rehomerFor,
  servicesFor,
  successorsOf,
  type Directory,
} from '#libs/directory';
import type { Instant } from '#libs/kernel';

/** The directory as the decider asks it, at the time of the decision. */
export function directoryRules(directory: Directory, at: Instant): DirectoryRules {
  return {
    version: directory.version,
    isValid: (agency) => isValidAt(directory, agency, at),
    isTerritory: (territory) => agencyOfTerritory(directory, territory, at) !== undefined,
    succeeds: (agency, predecessor) => successorsOf(directory, predecessor, at).includes(agency),
    adapterServices: (agency, dossierAgency) => servicesFor(directory, agency, dossierAgency, at),
    hasNode: (agency) => nodeOf(directory, agency, at) !== undefined,
    findRehomer: (agencyInHand, dossier) => rehomerFor(directory, agencyInHand, dossier, at),
  };
}
