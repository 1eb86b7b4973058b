import type { RegistrarKey } from '#libs/directory';
import type { Sha256, VerifyAllEd25519, VerifyEd25519 } from '#libs/kernel';
import type { Contracts, EventStore } from '../ports/index.ts';
import type { CheckpointFound } from './tree-under-checkpoint.ts';

export interface VerifyDeps {
  readonly store: Pick<
    EventStore,
    'readLog' | 'logSize' | 'loadGraphs' | 'readDirectory' | 'readCheckpoints' | 'laterLives'
  >;
  readonly contracts: Pick<Contracts, 'knownTypes'>;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly verifyAll: VerifyAllEd25519;
  readonly trusted: readonly RegistrarKey[];
  /** Checkpoints got elsewhere (another node, the topic), beside those in the database. */
  readonly checkpoints?: readonly CheckpointFound[];
  onProgress?(done: number, of: number): void;
}
export interface Fault {
  readonly logIndex?: number;
  readonly subject?: string;
  readonly code: string;
  readonly detail?: string;
}
export interface Verification {
  readonly messages: number;
  readonly events: number;
  readonly streams: number;
  readonly checkpoints: number;
  readonly faults: readonly Fault[];
  /** SHA-256 (hex) over the SHA-256 of the stored bytes of each event of a stream's main branch, in order: to compare nodes. */
  readonly histories: ReadonlyMap<string, { readonly events: number; readonly digest: string }>;
}
