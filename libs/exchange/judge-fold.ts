/**
 * Stage 8 (wire format 6): what is recorded and passed on all the same may be more than this node's fold understands. Then
 * the dossier's fold, and nothing else, is parked `NOT_UNDERSTOOD` and resumes by itself after an upgrade.
 */
import { splitType, type SealedMessage, type TypeParts } from '#libs/kernel';

export interface FoldContracts {
  isKnown(kind: string, name: string, major: number): boolean;
  /** Whether `data` fits the committed schema, a well-formed `_sd` included. */
  fits(type: TypeParts, sealed: SealedMessage): boolean;
}

/** `NOT_UNDERSTOOD`, or undefined when the fold can go on. */
export function foldVerdict(sealed: SealedMessage, contracts: FoldContracts): 'NOT_UNDERSTOOD' | undefined {
  const type = splitType(sealed.message.type);
  if (!type || !contracts.isKnown(type.kind, type.name, type.major)) return 'NOT_UNDERSTOOD';
  return contracts.fits(type, sealed) ? undefined : 'NOT_UNDERSTOOD';
}
