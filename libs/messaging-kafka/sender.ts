/**
 * Sending with an idempotent producer (`acks=all`), at least once and in order per topic.
 *
 * One lane per topic, one send at a time in it: kafkajs numbers a batch when it sends it and takes the number back when
 * that fails, although the broker may have stored the batch. A second batch sent under the same number would be taken
 * for a repeat, acknowledged, and lost. So nothing else is in flight while a batch is tried, and after a failure the
 * producer is thrown away: the next one has a number space of its own. A lane per topic, so that a mailbox that is
 * missing or forbidden delays nobody else.
 *
 * States of a lane: no producer → connected → (failure, or idle) no producer. While the broker is away, sends are
 * refused at once until a pause has passed that grows to 5 s; the next send then tries again, for ever.
 * Proved by `libs/testing/mailbox.contract.ts` and `sender.int.spec.ts`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Message, Producer } from 'kafkajs';
import type { MailboxSender, OutgoingRecord } from '#libs/use-cases';
import { Backoff } from './backoff.ts';
import { type KafkaConnection, makeClient } from './connection.ts';
import { BrokerFailure, classify } from './failure.ts';

export interface SenderOptions {
  readonly connection: KafkaConnection;
  /** No send takes longer, connecting included; default 15 s. */
  readonly sendTimeoutMs?: number;
  /** A lane unused for this long gives its connection back; default 60 s. */
  readonly idleMs?: number;
}

/** The broker takes 1,048,588 bytes in one batch of a partition; keys, headers and framing need the rest. */
const MOST_BYTES = 900_000;
const DISCONNECT_MS = 3_000;
const CONTENT_TYPE = { 'content-type': 'application/cloudevents+json; charset=utf-8' } as const;

const sizeOf = ({ key, value }: OutgoingRecord): number => key.length + value.length + 256;

/** Cuts at what one batch may hold; a record larger than that stands alone, and the broker refuses it. */
export function chunksOf(records: readonly OutgoingRecord[], mostBytes = MOST_BYTES): readonly OutgoingRecord[][] {
  const chunks: OutgoingRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const size = sizeOf(record);
    const last = chunks.at(-1);
    if (last && size <= room) last.push(record);
    else chunks.push([record]);
    room = (last && size <= room ? room : mostBytes) - size;
  }
  return chunks;
}

const toMessage = ({ key, value, headers }: OutgoingRecord): Message => ({
  key,
  value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  headers: { ...CONTENT_TYPE, ...headers },
});

/** The broker's absence concerns all lanes: what one has met, the others need not meet again. */
interface Outage {
  refuseIfFresh(): void;
  note(failure: BrokerFailure): void;
  over(): void;
}

function makeOutage(): Outage {
  const backoff = new Backoff({ firstMs: 200, mostMs: 5_000 });
  let until = 0;
  return {
    refuseIfFresh() {
      const left = Math.ceil(until - performance.now());
      if (left > 0)
        throw new BrokerFailure('BROKER_AWAY', 'the broker did not answer a moment ago', { retryAfterMs: left });
    },
    note(failure) {
      if (failure.code === 'BROKER_AWAY') until = performance.now() + backoff.next();
    },
    over() {
      until = 0;
      backoff.reset();
    },
  };
}

class Lane {
  readonly #topic: string;
  readonly #options: SenderOptions;
  readonly #outage: Outage;
  #producer: Producer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(topic: string, options: SenderOptions, outage: Outage) {
    this.#topic = topic;
    this.#options = options;
    this.#outage = outage;
  }

  send(records: readonly OutgoingRecord[]): Promise<void> {
    const sent = this.#last.then(async () => {
      for (const chunk of chunksOf(records)) await this.#attempt(chunk.map(toMessage));
    });
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  /** After what is in flight. */
  async close(): Promise<void> {
    await this.#last;
    await this.#giveUpProducer();
  }

  async #attempt(messages: Message[]): Promise<void> {
    this.#outage.refuseIfFresh();
    clearTimeout(this.#idle);
    try {
      await withDeadline(this.#options.sendTimeoutMs ?? 15_000, () => this.#produce(messages));
      this.#outage.over();
    } catch (error) {
      const failure = classify(error);
      this.#outage.note(failure);
      // A batch that is still under way ends with its connection, before another producer begins.
      await this.#giveUpProducer();
      throw failure;
    }
    this.#idle = setTimeout(() => void this.#closeIfIdle(), this.#options.idleMs ?? 60_000);
    this.#idle.unref();
  }

  async #produce(messages: Message[]): Promise<void> {
    this.#producer ??= makeClient(this.#options.connection).producer({
      idempotent: true,
      // Idempotence in kafkajs does not ask for one in flight; the order of a partition does.
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    const producer = this.#producer;
    await producer.connect();
    if (this.#producer === producer) await producer.send({ topic: this.#topic, acks: -1, messages });
    // Given up while it was connecting: nobody else would close what has just been opened.
    else await producer.disconnect();
  }

  #closeIfIdle(): Promise<void> {
    const closed = this.#last.then(() => this.#giveUpProducer());
    this.#last = closed;
    return closed;
  }

  async #giveUpProducer(): Promise<void> {
    clearTimeout(this.#idle);
    const producer = this.#producer;
    this.#producer = undefined;
    if (!producer) return;
    const ended = producer.disconnect().catch(() => undefined);
    await Promise.race([ended, pause(DISCONNECT_MS, undefined, { ref: false })]);
  }
}

/** Rejects with `BROKER_AWAY` when `work` takes longer; the work itself is left to end as it may. */
async function withDeadline<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const alarm = new AbortController();
  const tooLate = pause(ms, undefined, { signal: alarm.signal }).then(() => {
    throw new BrokerFailure('BROKER_AWAY', `no acknowledgement within ${ms} ms`);
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    alarm.abort();
  }
}

/**
 * Connects with the first send, so it can be opened while the broker is away. `send` resolves when all records are
 * acknowledged by all replicas in sync; it rejects with {@link BrokerFailure}, and then some of the records may have
 * been stored: sending all of them again is right. Sends to one topic keep their order.
 */
export function openSender(options: SenderOptions): MailboxSender {
  const outage = makeOutage();
  const lanes = new Map<string, Lane>();
  let closed = false;
  return {
    async send(topic, records) {
      if (closed) throw new BrokerFailure('CLOSED', 'the sender is closed');
      if (records.length === 0) return;
      const lane = lanes.get(topic) ?? new Lane(topic, options, outage);
      lanes.set(topic, lane);
      await lane.send(records);
    },
    async close() {
      closed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}
