import { isValidAt, nodeOf } from '#libs/directory';
import type { AgencyCode, NodeId } from '#libs/kernel';
import type { NodeServices } from './node-services.ts';

/** Agencies that the directory gives the node now. */
export function agenciesOf(services: Pick<NodeServices, 'directory' | 'clock'>, node: NodeId): readonly AgencyCode[] {
  const directory = services.directory();
  const now = services.clock.now();
  return [...directory.agencies.keys()].filter(
    (agency) => isValidAt(directory, agency, now) && nodeOf(directory, agency, now) === node,
  );
}
