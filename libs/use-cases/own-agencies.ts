import { isValidAt, nodeOf } from '#libs/directory';
import type { AgencyCode } from '#libs/kernel';
import type { NodeServices } from './node-services.ts';

/** Agencies that the directory gives this node now. */
export function ownAgencies(services: NodeServices): readonly AgencyCode[] {
  const directory = services.directory();
  const now = services.clock.now();
  return [...directory.agencies.keys()].filter(
    (agency) => isValidAt(directory, agency, now) && nodeOf(directory, agency, now) === services.node,
  );
}
