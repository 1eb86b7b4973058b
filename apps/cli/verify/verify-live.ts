/**
 * Verification of a ledger that may be in use. It is judged as it was when the check began: the log is read up to the size
 * it had then, and a head that has moved on since is no fault. What is judged, and how, is `verifyLedger`.
 */
import { allContracts } from '#libs/contracts';
import { openEventStore } from '#libs/event-store-postgres';
import { sha256, verifyEd25519 } from '#libs/key-custody';
import { classOfKind, typeOf, type Subject } from '#libs/kernel';
import { verifyLedger, type CheckpointFound, type EventStore, type Fault, type Verification } from '#libs/use-cases';
import type { LedgerPlace } from './ledger-place.ts';

export interface VerifyWanted {
  readonly checkpoints?: readonly CheckpointFound[];
  readonly onProgress?: (done: number, of: number) => void;
}

/** @throws DomainError `STORE_UNAVAILABLE`, `DATABASE_NEWER`, `DATABASE_NOT_MIGRATED` */
export async function verifyPlace(place: LedgerPlace, wanted: VerifyWanted = {}): Promise<Verification> {
  const store = await openEventStore({ url: place.databaseUrl, softwareVersion: 'verify' });
  try {
    const { checkpoints = [], onProgress } = wanted;
    const still = await asOfNow(store);
    const found = await verifyLedger({
      store: still,
      contracts: { knownTypes },
      sha256,
      verify: verifyEd25519,
      trusted: place.trusted,
      // One that was signed after the check began covers entries that are not looked at.
      checkpoints: checkpoints.filter(({ size }) => size <= still.size),
      ...(onProgress && { onProgress }),
    });
    return { ...found, faults: await lastingFaults(store, still.size, found.faults) };
  } finally {
    await store.close();
  }
}

const classes = new Set(
  allContracts()
    .filter(({ kind }) => classOfKind(kind) !== 'event')
    .map(({ kind, name, major }) => typeOf(kind, name, major)),
);
const knownTypes = (): ReadonlySet<string> => classes;

type Read = Pick<EventStore, 'readLog' | 'logSize' | 'findHead' | 'readDirectory' | 'findCheckpoint'>;

/** The checkpoint is read before the size: it never covers more than what is looked at. */
async function asOfNow(store: EventStore): Promise<Read & { readonly size: number }> {
  const checkpoint = await store.findCheckpoint();
  const { size, lastHash } = await store.logSize();
  return {
    size,
    findCheckpoint: () => Promise.resolve(checkpoint),
    logSize: () => Promise.resolve({ size, ...(lastHash && { lastHash }) }),
    findHead: (subject) => store.findHead(subject),
    readDirectory: async () => (await store.readDirectory()).filter(({ logIndex }) => logIndex < size),
    readLog: async (after, limit) => (await store.readLog(after, limit)).filter(({ logIndex }) => logIndex < size),
  };
}

const OF_THE_HEAD = new Set(['HEAD_MISSING', 'HEAD_DIFFERS', 'HAND_DIFFERS', 'FORK_DIFFERS']);

async function lastingFaults(store: EventStore, size: number, faults: readonly Fault[]): Promise<readonly Fault[]> {
  const lasting: Fault[] = [];
  for (const fault of faults) if (!(await hasMovedOn(store, size, fault))) lasting.push(fault);
  return lasting;
}

async function hasMovedOn(store: EventStore, size: number, { code, subject }: Fault): Promise<boolean> {
  if (subject === undefined || !OF_THE_HEAD.has(code)) return false;
  const events = await store.readStream(subject as Subject, 'all');
  return events.some(({ logIndex }) => logIndex >= size);
}
