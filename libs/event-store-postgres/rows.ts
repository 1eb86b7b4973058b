/** What pg gives (int8 as text, bytea as Buffer, timestamptz as Date) in the words of the port. */
import type { AgencyCode, Hand, Hash, Instant, MessageClass, NodeId, Subject } from '#libs/kernel';
import type { Arrival, Effect, StoredMessage, StreamHead } from '#libs/use-cases';

export const hashOf = (bytes: Buffer): Hash => bytes.toString('base64url') as Hash;
export const bytesOfHash = (hash: Hash): Buffer => Buffer.from(hash, 'base64url');
export const hexOfHash = (hash: Hash): string => bytesOfHash(hash).toString('hex');
export const instantOf = (date: Date): Instant => date.toISOString() as Instant;

export interface ArrivalColumns {
  readonly arrival_partition: number | null;
  readonly arrival_offset: string | null;
  /** Only of a command that waits for its answer. */
  readonly hops?: number;
}
export const arrivalOf = ({ arrival_partition, arrival_offset, hops }: ArrivalColumns): Arrival => ({
  ...(arrival_partition === null || arrival_offset === null
    ? { kind: 'local' }
    : { kind: 'mailbox', partition: arrival_partition, offset: arrival_offset }),
  ...(hops !== undefined && hops > 0 && { hops }),
});

export interface LedgerRow extends ArrivalColumns {
  readonly log_index: string;
  readonly appended_at: Date;
  readonly effect: Effect;
  readonly software_version: string;
  readonly class: MessageClass;
  readonly hash: Buffer;
  readonly bytes: Buffer;
}
export const storedOf = (row: LedgerRow): StoredMessage => ({
  logIndex: Number(row.log_index),
  appendedAt: instantOf(row.appended_at),
  arrival: arrivalOf(row),
  effect: row.effect,
  softwareVersion: row.software_version,
  class: row.class,
  hash: hashOf(row.hash),
  bytes: row.bytes,
});

export interface HeadRow {
  readonly subject: string;
  readonly revision: number;
  readonly hash: Buffer;
  readonly streamseq: string;
  readonly recordedtime: Date;
  readonly hand_kind: Hand['kind'] | null;
  readonly hand_from: string | null;
  readonly hand_to: string | null;
  readonly branched: boolean;
  readonly fork: boolean;
  readonly receivers: string[];
  readonly parties: string[];
  readonly superseded: Buffer[];
}

function handOf({ hand_kind, hand_from, hand_to }: HeadRow): Hand | undefined {
  const [from, to] = [hand_from as AgencyCode, hand_to as AgencyCode];
  switch (hand_kind) {
    case null:
      return undefined;
    case 'held':
      return { kind: 'held', custodian: to };
    case 'transit':
      return { kind: 'transit', from, to };
    case 'released':
      return { kind: 'released', by: from };
  }
}

export function headOf(row: HeadRow): StreamHead {
  const hand = handOf(row);
  return {
    subject: row.subject as Subject,
    revision: row.revision,
    hash: hashOf(row.hash),
    streamseq: Number(row.streamseq),
    recordedtime: instantOf(row.recordedtime),
    ...(hand && { hand }),
    branched: row.branched,
    fork: row.fork,
    superseded: row.superseded.map(hashOf),
    receivers: row.receivers as NodeId[],
    parties: row.parties as AgencyCode[],
  };
}
