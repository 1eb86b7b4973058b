import { allContracts, compileValidators, findContract, isKnown, latestMinor, personalPointers } from '#libs/contracts';
import { findSdFault } from '#libs/exchange';
import { classOfKind, typeOf } from '#libs/kernel';
import type { Contracts } from '#libs/use-cases';

/** The published contracts as the application asks them. Validators are compiled when first used and kept. */
export function openContracts(): Contracts {
  const { validateOpen, validateCommitted } = compileValidators();
  const travels = (command: string): boolean => findContract('command', command, 1)?.travels === true;
  const known = new Set(
    allContracts()
      .filter(({ kind, name }) => classOfKind(kind) !== 'event' && (kind !== 'command' || travels(name)))
      .map(({ kind, name, major }) => typeOf(kind, name, major)),
  );
  return {
    knownTypes: () => known,
    travels,
    isKnown,
    latestMinor,
    personalPointers,
    validateOpen,
    validateCommitted,
    fits: ({ kind, name, major }, { message }) =>
      findSdFault(message.data) === undefined && validateCommitted(kind, name, major, message.data).length === 0,
  };
}
