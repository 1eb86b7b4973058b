/** What an act asks of the decider, and who is to write the answer. */
import type { DossierCommand } from '#libs/dossier';
import type { CommandRoute } from '#libs/exchange';
import { DomainError, type AgencyCode, type Instant } from '#libs/kernel';
import type { Ask } from '../decide/decision-context.ts';
import type { NodeServices } from '../node-services.ts';
import type { Act } from './act.ts';

/** Checks data against the contract; throws `INVALID` with the faults found. */
export function readCommand(services: NodeServices, act: Act): DossierCommand {
  const data = act.expectedHash === undefined ? act.data : { ...act.data, expectedHash: act.expectedHash };
  const faults = services.contracts.validateOpen('command', act.command, 1, data);
  if (faults.length > 0) {
    throw new DomainError('INVALID', 'the data of the command do not fit its contract', {
      fault: faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
      faults: faults.map(({ pointer, message }) => ({ pointer, message })),
    });
  }
  return { type: act.command, data } as unknown as DossierCommand;
}

export const askOf = (
  { agency, roles, occurredAt, takesOver }: Act,
  { command, writer, now }: { command: DossierCommand; writer: AgencyCode; now: Instant },
): Ask => ({
  command,
  requester: agency,
  writer,
  roles,
  occurredAt: occurredAt ?? now,
  ...(takesOver === undefined ? {} : { takesOver }),
});

/** The agency whose event answers: who rehomes writes itself; else the one in whose hand the dossier is, or that it is filed with. */
export const writerOf = (command: DossierCommand, act: Act, route: CommandRoute): AgencyCode =>
  command.type === 'rehome' ? act.agency : route.agency;
