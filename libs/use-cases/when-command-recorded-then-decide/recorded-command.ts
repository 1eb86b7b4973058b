import type { CommandRoute } from '#libs/exchange';
import type { AgencyCode, SealedMessage } from '#libs/kernel';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { StoredMessage } from '../ports/index.ts';

export interface RecordedCommand {
  readonly sealed: SealedMessage;
  readonly stored: StoredMessage;
  readonly name: string;
  readonly requester: AgencyCode;
}
/** `kept`: looked at again later. `conflict`: somebody else was quicker, look again now. */
export type CommandFate = 'answered' | 'passed-on' | 'kept' | 'conflict';

/** Where a command stands: the dossier as this node has it, and who may decide. */
export interface Placed {
  readonly loaded: LoadedDossier;
  readonly route: CommandRoute;
}
