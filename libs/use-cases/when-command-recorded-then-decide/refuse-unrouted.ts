/**
 * Commands that no node is found for. A node without an agency of its own cannot answer them; it puts them aside when no
 * later directory could help, so that whoever sends such commands fills no worklist.
 */
import type { NodeServices } from '../node-services.ts';
import { refuse } from './outcomes.ts';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';

/** About a stream that is no dossier: nobody is a party of it. */
export async function refuseForGood(services: NodeServices, command: RecordedCommand): Promise<CommandFate> {
  const fate = await refuse(services, command, { code: 'NOT_A_PARTY', details: { agency: command.requester } });
  return fate === 'kept' ? putAside(services, command) : fate;
}

/** The directory names no node for the dossier yet; after the command has expired it is of no use to wait for one. */
export async function refuseUnrouted(services: NodeServices, command: RecordedCommand): Promise<CommandFate> {
  const fate = await refuse(services, command, { code: 'AGENCY_NOT_VALID', details: { agency: command.requester } });
  const hasExpired = services.clock.now() > (command.sealed.message.expirytime ?? '');
  return fate === 'kept' && hasExpired ? putAside(services, command) : fate;
}

async function putAside(services: NodeServices, { sealed }: RecordedCommand): Promise<CommandFate> {
  await services.store.markPassedOn(sealed.hash);
  services.report({ code: 'COMMAND_UNROUTED', details: { hash: sealed.hash, subject: sealed.message.subject } });
  return 'passed-on';
}
