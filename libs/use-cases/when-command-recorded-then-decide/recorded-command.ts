import type { AgencyCode, SealedMessage } from '#libs/kernel';
import type { StoredMessage } from '../ports/index.ts';

export interface RecordedCommand {
  readonly sealed: SealedMessage;
  readonly stored: StoredMessage;
  readonly name: string;
  readonly requester: AgencyCode;
}
export type CommandFate = 'answered' | 'passed-on' | 'kept' | 'conflict';
