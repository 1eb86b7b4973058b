/**
 * For whom a caller may speak at this node: agencies that the token names and that this node serves now. Of an agency at
 * another node the answer says which, so that a client finds its way.
 */
import { findNode, isValidAt, nodeOf } from '#libs/directory';
import { ROLES, type Role } from '#libs/dossier';
import { DomainError, type AgencyCode } from '#libs/kernel';
import type { NodeServices, Reader } from '#libs/use-cases';
import type { Caller } from './caller.ts';

type Where = Pick<NodeServices, 'node' | 'clock' | 'directory'>;

/** The one agency acted for. Throws `AGENCY_MISSING`, `AGENCY_NOT_VALID`, `AGENCY_NOT_HERE`. */
export function actingAgency(services: Where, caller: Caller): AgencyCode {
  const { agency } = caller;
  if (agency === undefined)
    throw new DomainError('AGENCY_MISSING', 'the token has no agency, or several and no Lt-Agency');
  refuseElsewhere(services, agency);
  return agency;
}

/** All agencies of the token that are here (with `Lt-Agency` that one alone). Throws as {@link actingAgency}. */
export function readerOf(services: Where, caller: Caller): Reader {
  const asked = caller.agency === undefined ? caller.agencies : [caller.agency];
  const [first] = asked;
  if (first === undefined) throw new DomainError('AGENCY_MISSING', 'the token has no agency');
  const agencies = asked.filter((agency) => isHere(services, agency));
  if (agencies.length === 0) refuseElsewhere(services, first);
  return { agencies, roles: caller.roles };
}

/** Roles of the token that there are. */
export const rolesOf = ({ roles }: Caller): readonly Role[] => ROLES.filter((role) => roles.includes(role));

const isHere = ({ node, clock, directory }: Where, agency: AgencyCode): boolean =>
  nodeOf(directory(), agency, clock.now()) === node;

function refuseElsewhere(services: Where, agency: AgencyCode): void {
  if (isHere(services, agency)) return;
  if (!isValidAt(services.directory(), agency, services.clock.now())) {
    throw new DomainError('AGENCY_NOT_VALID', 'the agency is not valid now', { agency });
  }
  throw notHere(services, agency);
}

/** `AGENCY_NOT_HERE` with the node that serves the agency and its address, as far as the directory knows them. */
export function notHere({ clock, directory }: Where, agency: AgencyCode): DomainError {
  const node = nodeOf(directory(), agency, clock.now());
  const baseUrl = node === undefined ? undefined : findNode(directory(), node)?.baseUrl;
  return new DomainError('AGENCY_NOT_HERE', 'the agency is served by another node', {
    agency,
    ...(node === undefined ? {} : { node }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
}
