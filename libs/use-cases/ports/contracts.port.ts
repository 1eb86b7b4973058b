/**
 * What the application asks of the published contracts (libs/contracts): handed in, so that the application layer knows
 * no schema library. Validation gives the faults found, none when the data fit.
 */
import type { JsonObject, SealedMessage, TypeParts } from '#libs/kernel';

export interface PersonalPointer {
  /** JSON pointer inside `data`; `*` stands for the label of a repeated person. */
  readonly pointer: string;
  /** Whose datum it is; `*`: the label itself. */
  readonly subject: string;
  readonly class: 'basic' | 'sensitive';
  readonly required: boolean;
}
export interface ContractFault {
  readonly pointer: string;
  readonly message: string;
}
export interface Contracts {
  /** Whether committed `data` of a message fit their contract, a well-formed `_sd` included (stage 8). */
  fits(type: TypeParts, sealed: SealedMessage): boolean;
  /** Full types of the commands, outcomes, exchange and directory messages understood here. */
  knownTypes(): ReadonlySet<string>;
  /** Whether a command goes as a message between nodes (wire format 2.1). */
  travels(command: string): boolean;
  isKnown(kind: string, name: string, major: number): boolean;
  latestMinor(kind: string, name: string, major: number): number;
  personalPointers(kind: string, name: string, major: number): readonly PersonalPointer[];
  /** What we are about to write, personal values in clear: closed, every member known. */
  validateOpen(kind: string, name: string, major: number, data: JsonObject): readonly ContractFault[];
  /** What came over the border: tolerant of members of a later minor version. */
  validateCommitted(kind: string, name: string, major: number, data: JsonObject): readonly ContractFault[];
}
