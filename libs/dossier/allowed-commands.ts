import { COMMAND_TABLE } from './command-table.ts';
import type { CommandRow } from './command-row.ts';
import type { DossierState } from './filed.state.ts';
import { DOSSIER_COMMAND_NAMES, type DossierCommandName } from './generated/commands.ts';
import { mayCommand, type Asker } from './parties.ts';
import { situationKey } from './situation.state.ts';

/** Whether the situation of the dossier allows a command, whoever asks. */
export function isAllowed(command: DossierCommandName, state: DossierState): boolean {
  const row: CommandRow = COMMAND_TABLE[command];
  if (!row.in.includes(situationKey(state))) return false;
  return state.situation === 'NotFiled' || row.unless?.holds(state) !== true;
}

/** The commands that the situation allows; with an asker: those that this agency may ask for. */
export const allowedCommands = (state: DossierState, asker?: Asker): readonly DossierCommandName[] =>
  DOSSIER_COMMAND_NAMES.filter(
    (command) => isAllowed(command, state) && (asker === undefined || mayCommand(command, asker, state)),
  );
