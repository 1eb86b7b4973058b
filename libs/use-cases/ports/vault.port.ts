/**
 * Openings at rest (design 8): a database of its own, encrypted under a data key per (dossier, subject), the data keys
 * wrapped by a node key. A disclosure is durable here before the event that commits to it is appended.
 */
import type { Hash, Instant, NodeId, Subject } from '#libs/kernel';

export interface StoredDisclosure {
  readonly stream: Subject;
  /** Hash of the event or command that commits to it. */
  readonly event: Hash;
  readonly pointer: string;
  /** `x-personal.subject`: whose datum it is, e.g. `applicant`, `officer`, `c1`. */
  readonly subject: string;
  /** The disclosure string of wire format 4. */
  readonly disclosure: string;
}
export interface DisclosureSent {
  readonly event: Hash;
  readonly pointer: string;
  readonly receiver: NodeId;
  readonly keyId: string;
  readonly purpose: string;
  readonly sentAt: Instant;
}
/** Openings that a peer asked for and was not given. */
export interface DisclosureRefused {
  readonly event: Hash;
  readonly receiver: NodeId;
  readonly purpose: string;
  readonly code: string;
  readonly refusedAt: Instant;
}
/** A node has said (or this one has told the others) that it destroyed its copies of what an erasure event names. */
export interface ErasureConfirmed {
  readonly node: NodeId;
  readonly confirmedAt: Instant;
}
export interface Vault {
  /** Durable when it resolves. The same disclosure again changes nothing. */
  put(disclosures: readonly StoredDisclosure[]): Promise<void>;
  find(events: readonly Hash[]): Promise<readonly StoredDisclosure[]>;
  /** Pointers held per event, without decrypting anything. */
  findPointers(events: readonly Hash[]): Promise<ReadonlyMap<Hash, readonly string[]>>;
  /** Destroys the data keys of these subjects of the stream; what was sealed under them can never be read again. */
  erase(stream: Subject, subjects: readonly string[]): Promise<void>;
  erasedSubjects(stream: Subject): Promise<ReadonlySet<string>>;
  recordSent(rows: readonly DisclosureSent[]): Promise<void>;
  findSent(event: Hash): Promise<readonly DisclosureSent[]>;
  recordRefused(rows: readonly DisclosureRefused[]): Promise<void>;
  findRefused(event: Hash): Promise<readonly DisclosureRefused[]>;
  /** The first time counts. `event`: the `personal-data-erased`. */
  recordErased(event: Hash, confirmed: ErasureConfirmed): Promise<void>;
  findErased(event: Hash): Promise<readonly ErasureConfirmed[]>;
  /** A reveal of masked fields: who, which pointers, why. Without values. */
  recordReveal(row: {
    stream: Subject;
    event: Hash;
    pointers: readonly string[];
    actor: string;
    reason: string;
    at: Instant;
  }): Promise<void>;
  /** Rows without an event in the ledger, older than a day. */
  sweep(isRecorded: (events: readonly Hash[]) => Promise<ReadonlySet<Hash>>, olderThan: Instant): Promise<number>;
  /** HMAC-SHA-256 (base64url) under the dossier's data key: for content hashes that die with the key (wire format 4). */
  hmac(stream: Subject, bytes: Uint8Array): Promise<string>;
  close(): Promise<void>;
}
