import type { AdapterService, DirectoryRules } from '#libs/dossier';
import {
  adapterFor,
  agencyOfTerritory,
  isValidAt,
  nodeOf,
  rehomerFor,
  successorsOf,
  type Directory,
} from '#libs/directory';
import type { Instant } from '#libs/kernel';

const SERVICES: readonly AdapterService[] = [
  'national-portal-adapter',
  'population-adapter',
  'specialised-database-adapter',
];

/** The directory as the decider asks it, at the time of the decision. */
export function directoryRules(directory: Directory, at: Instant): DirectoryRules {
  return {
    version: directory.version,
    isValid: (agency) => isValidAt(directory, agency, at),
    isTerritory: (territory) => agencyOfTerritory(directory, territory, at) !== undefined,
    succeeds: (agency, predecessor) => successorsOf(directory, predecessor, at).includes(agency),
    adapterServices: (agency, dossierAgency) =>
      SERVICES.filter((service) => adapterFor(directory, service, dossierAgency, at) === agency),
    hasNode: (agency) => nodeOf(directory, agency, at) !== undefined,
    findRehomer: (agencyInHand, dossier) => rehomerFor(directory, agencyInHand, dossier, at),
  };
}
