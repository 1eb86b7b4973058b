/** Topics in memory, one partition each: what nodes of a test send is kept in order until it is carried to its reader. */
import type { IncomingBatch, MailboxSender, OutgoingRecord } from '#libs/use-cases';

interface Topic {
  readonly records: OutgoingRecord[];
  /** Records before it have been taken. */
  next: number;
}

export type Disturbance = (records: readonly OutgoingRecord[], topic: string) => readonly OutgoingRecord[];

export class MemoryBroker {
  private readonly topics = new Map<string, Topic>();
  private away: (topic: string) => boolean = () => false;
  private disturbance: Disturbance = (records) => records;

  /** While away, every send (to these topics, if any are named) is refused as the broker's client would refuse it. */
  setAway(away: boolean, topics?: readonly string[]): void {
    this.away = (topic) => away && (topics?.includes(topic) ?? true);
  }

  sender(): MailboxSender {
    return {
      send: async (topic, records) => {
        if (this.away(topic)) throw new Error('the broker is away');
        this.topic(topic).records.push(...records);
      },
      close: async () => undefined,
    };
  }

  /** Everything that was ever sent there, in order. */
  records(topic: string): readonly OutgoingRecord[] {
    return this.topic(topic).records;
  }

  /** Puts records there that nobody of the test's nodes sent: a stranger's. */
  put(topic: string, ...records: readonly OutgoingRecord[]): void {
    this.topic(topic).records.push(...records);
  }

  /** From now on what waits in a topic is changed so before it is handed over: lost, doubled, reordered. Absent: no more. */
  disturb(disturbance: Disturbance = (records) => records): void {
    this.disturbance = disturbance;
  }

  /** Whether something there has not been taken. */
  waits(topic: string): boolean {
    const { records, next } = this.topic(topic);
    return next < records.length;
  }

  /** The reader begins at the first record again, as after a lost offset. */
  rewind(topic: string): void {
    this.topic(topic).next = 0;
  }

  /** What has not been taken yet, as a consumer hands it over; undefined: nothing. */
  take(topic: string): IncomingBatch | undefined {
    const { records, next } = this.topic(topic);
    if (next === records.length) return undefined;
    records.push(...this.disturbance(records.splice(next), topic));
    if (next === records.length) return undefined;
    this.topic(topic).next = records.length;
    return batchOf(topic, { records: records.slice(next), first: next, end: records.length });
  }

  private topic(name: string): Topic {
    const known = this.topics.get(name);
    if (known) return known;
    const made: Topic = { records: [], next: 0 };
    this.topics.set(name, made);
    return made;
  }
}

interface Stretch {
  readonly records: readonly OutgoingRecord[];
  readonly first: number;
  readonly end: number;
}

function batchOf(topic: string, { records, first, end }: Stretch): IncomingBatch {
  return {
    topic,
    clusterId: 'memory',
    partition: 0,
    partitionStart: '0',
    highWatermark: String(end),
    records: records.map(({ key, value, headers }, index) => ({
      partition: 0,
      offset: String(first + index),
      key: Buffer.from(key),
      value,
      headers: headers ?? {},
    })),
  };
}
