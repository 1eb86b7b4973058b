/**
 * The broker between the nodes: a mailbox topic each, one partition. In calm weather a record is in its topic when the
 * send returns. In a storm it may be late, out of order, doubled, damaged, or lost although it was acknowledged, which is
 * what a broker that lost its disk does.
 */
import { DomainError } from '#libs/kernel';
import type { IncomingBatch, MailboxOffset, MailboxSender, OutgoingRecord } from '#libs/use-cases';
import type { Dice } from './dice.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  readonly damaged: number;
  readonly lateMs: number;
}
export const CALM: Weather = { lost: 0, doubled: 0, damaged: 0, lateMs: 0 };

interface Topic {
  cluster: number;
  records: OutgoingRecord[];
  /** Earliest record that is still there. */
  low: number;
}

export class SimNetwork {
  weather = CALM;
  isAway = false;
  readonly cut = new Set<string>();
  readonly happened: Record<'sent' | 'lost' | 'doubled' | 'damaged' | 'late', number> = {
    sent: 0,
    lost: 0,
    doubled: 0,
    damaged: 0,
    late: 0,
  };
  private underWay = 0;
  private readonly topics = new Map<string, Topic>();
  private readonly time: VirtualTime;
  private readonly dice: Dice;

  constructor(time: VirtualTime, dice: Dice) {
    this.time = time;
    this.dice = dice;
  }

  get isQuiet(): boolean {
    return this.underWay === 0;
  }

  sender(node: string): MailboxSender {
    return {
      send: async (topic, records) => {
        if (this.isAway || this.cut.has(node))
          throw new DomainError('BROKER_UNAVAILABLE', 'the broker is away', { retryable: true, delayMs: 1_000 });
        for (const record of records) this.carry(topic, record);
      },
      close: async () => undefined,
    };
  }

  private carry(name: string, record: OutgoingRecord): void {
    const { dice, weather, happened } = this;
    happened.sent += 1;
    const chances = [dice.fraction(), dice.fraction(), dice.fraction(), dice.fraction(), dice.fraction()] as const;
    if (chances[0] < weather.lost) return void (happened.lost += 1);
    const isDamaged = chances[1] < weather.damaged;
    if (isDamaged) happened.damaged += 1;
    this.deliver(name, isDamaged ? damaged(record, chances[2]) : record, chances[3] * weather.lateMs);
    if (chances[4] >= weather.doubled) return;
    happened.doubled += 1;
    this.deliver(name, record, dice.fraction() * weather.lateMs);
  }

  private deliver(name: string, record: OutgoingRecord, lateMs: number): void {
    if (lateMs < 1) return void this.topic(name).records.push(record);
    this.happened.late += 1;
    this.underWay += 1;
    this.time.after(lateMs, () => {
      this.underWay -= 1;
      this.topic(name).records.push(record);
    });
  }

  /** The topic is made anew, empty, in another cluster. */
  wipe(name: string): void {
    const topic = this.topic(name);
    topic.records = [];
    topic.low = 0;
    topic.cluster += 1;
  }

  /** All that a topic keeps, as text. */
  kept(name: string): readonly string[] {
    return this.topic(name).records.map(({ value }) => new TextDecoder().decode(value));
  }

  /** Retention has passed what nobody has read yet. */
  expire(name: string): void {
    const topic = this.topic(name);
    topic.low = topic.records.length;
  }

  /** Why the reader cannot go on where it stood: what a consumer of Kafka tells when it opens the partition. */
  findGap(node: string, name: string, offset: MailboxOffset | undefined): string | undefined {
    if (!offset || this.isAway || this.cut.has(node)) return undefined;
    const { cluster, low, records } = this.topic(name);
    if (offset.clusterId !== clusterOf(cluster)) return `CLUSTER_CHANGED to ${cluster}`;
    if (Number(offset.next) > records.length) return 'BEYOND_END';
    return Number(offset.next) < low ? `EXPIRED to ${low}` : undefined;
  }

  waits(name: string, offset: MailboxOffset | undefined): boolean {
    return this.startOf(name, offset) < this.topic(name).records.length;
  }

  /** What comes after the offset, at most `limit` records; the rule of `choosePosition` in messaging-kafka. */
  read(
    node: string,
    name: string,
    { offset, limit }: { offset: MailboxOffset | undefined; limit: number },
  ): IncomingBatch | undefined {
    if (this.isAway || this.cut.has(node)) return undefined;
    const { records, cluster, low } = this.topic(name);
    const start = this.startOf(name, offset);
    const taken = records.slice(start, start + limit);
    if (taken.length === 0) return undefined;
    return {
      topic: name,
      clusterId: clusterOf(cluster),
      partition: 0,
      partitionStart: String(low),
      highWatermark: String(records.length),
      records: taken.map(({ key, value, headers }, at) => ({
        partition: 0,
        offset: String(start + at),
        key: Buffer.from(key),
        value,
        headers: headers ?? {},
      })),
    };
  }

  private startOf(name: string, offset: MailboxOffset | undefined): number {
    const { cluster, records, low } = this.topic(name);
    if (offset?.clusterId !== clusterOf(cluster) || Number(offset.next) > records.length) return low;
    return Math.max(Number(offset.next), low);
  }

  private topic(name: string): Topic {
    const known = this.topics.get(name);
    if (known) return known;
    const made: Topic = { cluster: 1, records: [], low: 0 };
    this.topics.set(name, made);
    return made;
  }
}

const clusterOf = (number: number): string => `cluster-${number}`;

/** One byte of the value is another one. */
function damaged(record: OutgoingRecord, where: number): OutgoingRecord {
  const value = Uint8Array.from(record.value);
  const at = Math.floor(where * value.length);
  value[at] = (value[at] ?? 0) ^ 0x15;
  return { ...record, value };
}
