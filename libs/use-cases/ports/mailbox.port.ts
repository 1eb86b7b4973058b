/**
 * Transport between nodes (wire format 5): one mailbox topic per node, the compacted directory topic, the checkpoints topic.
 * `MailboxSender.send` resolves when the broker has acknowledged with `acks=all`.
 */
export interface OutgoingRecord {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface MailboxSender {
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}
export interface IncomingRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}
/** A batch is handed over once its predecessor of the same partition is done; a rejected promise means: the same batch again, later. */
export interface IncomingBatch {
  readonly topic: string;
  readonly clusterId: string;
  readonly partition: number;
  /** Earliest offset the broker holds. */
  readonly partitionStart: string;
  readonly highWatermark: string;
  /** Of its last record, as the broker holds it: by it a topic made anew is known. Kept with the offset. */
  readonly mark?: string;
  readonly records: readonly IncomingRecord[];
}
