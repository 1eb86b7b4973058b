import type { AgencyCode } from '#libs/kernel';
import { agenciesOf } from './agencies-of.ts';
import type { NodeServices } from './node-services.ts';

/** Agencies that the directory gives this node now. */
export const ownAgencies = (services: NodeServices): readonly AgencyCode[] => agenciesOf(services, services.node);
