/** Verification of one ledger by its database; the node may be at work on it. */
import { allContracts } from '#libs/contracts';
import { openEventStore } from '#libs/event-store-postgres';
import { sha256, verifyAllEd25519, verifyEd25519 } from '#libs/key-custody';
import { classOfKind, typeOf } from '#libs/kernel';
import { verifyLedger, type CheckpointFound, type Verification } from '#libs/use-cases';
import { codeOf, Unreachable } from '../failures.ts';
import type { LedgerPlace } from './ledger-place.ts';

export interface VerifyWanted {
  /** Got elsewhere, before the check begins: one that covers more than the log now holds tells that it was cut off. */
  readonly checkpoints?: readonly CheckpointFound[];
  readonly onProgress?: (done: number, of: number) => void;
}

/** @throws Unreachable; DomainError `DATABASE_NEWER`, `DATABASE_NOT_MIGRATED` */
export async function verifyPlace(place: LedgerPlace, wanted: VerifyWanted = {}): Promise<Verification> {
  const store = await openEventStore({ url: place.databaseUrl, softwareVersion: 'verify' }).catch((error: unknown) => {
    throw codeOf(error) === 'STORE_UNAVAILABLE' ? away(place) : error;
  });
  try {
    const { trusted } = place;
    const contracts = { knownTypes };
    const ciphers = { sha256, verify: verifyEd25519, verifyAll: verifyAllEd25519 };
    return await verifyLedger({ store, contracts, ...ciphers, trusted, ...wanted });
  } finally {
    await store.close();
  }
}

const away = ({ name }: LedgerPlace): Unreachable =>
  new Unreachable(
    `${name}: không kết nối được cơ sở dữ liệu; hãy chạy npm start -- --no-load · its database does not answer; run npm start -- --no-load`,
  );

/** Whether a command is one that travels is a matter of the border that let it in. */
const known = new Set(
  allContracts()
    .filter(({ kind }) => classOfKind(kind) !== 'event')
    .map(({ kind, name, major }) => typeOf(kind, name, major)),
);
const knownTypes = (): ReadonlySet<string> => known;
