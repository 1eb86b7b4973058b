/**
 * The node's mailbox as a transport of Nest: batches of a partition are handed, one after the other, to the handler of
 * `@MessagePattern(MAILBOX_PATTERN)`. A handler that fails gets the same batch again later, and nothing is committed to
 * the broker (Nest's own Kafka server commits what it has no handler for, and reads message by message).
 *
 * `listen` does not wait for the broker: a node works while it is away (design 6, offline first). Whether the mailbox is
 * read is told by `status`, and readiness looks there. Proved by `mailbox.strategy.spec.ts`.
 */
import { BaseRpcContext, type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import {
  type ConsumerState,
  type MailboxConsumer,
  type MailboxConsumerOptions,
  openConsumer,
} from '#libs/messaging-kafka';
import type { IncomingBatch } from '#libs/use-cases';

export const MAILBOX_PATTERN = 'mailbox';

export type MailboxTransportOptions = Omit<MailboxConsumerOptions, 'handle'>;
type OpenConsumer = (options: MailboxConsumerOptions) => MailboxConsumer;

export class KafkaMailboxStrategy
  extends Server<Record<string, never>, ConsumerState>
  implements CustomTransportStrategy
{
  readonly #consumer: MailboxConsumer;

  constructor(options: MailboxTransportOptions, open: OpenConsumer = openConsumer) {
    super();
    this._status$.next('waiting');
    this.#consumer = open({
      ...options,
      handle: (batch) => this.#deliver(batch),
      onState: (state) => {
        this._status$.next(state);
        options.onState?.(state);
      },
    });
  }

  listen(callback: (error?: Error) => void): void {
    if (!this.getHandlerByPattern(MAILBOX_PATTERN)) {
      callback(new Error(`no controller handles the pattern "${MAILBOX_PATTERN}": mail would be read by nobody`));
      return;
    }
    void this.#consumer.start();
    callback();
  }

  /** Lets the batch in hand end, and leaves the group. */
  close(): Promise<void> {
    return this.#consumer.stop();
  }

  override on(): never {
    throw new Error('this transport tells what happens by `status` and by the callbacks of its options');
  }

  override unwrap<T>(): T {
    return this.#consumer as T;
  }

  /** Nest wraps what a handler throws in a stream that fails; that stream failing is what makes the batch come again. */
  async #deliver(batch: IncomingBatch): Promise<void> {
    const handler = this.getHandlerByPattern(MAILBOX_PATTERN);
    if (!handler) throw new Error(`no handler for "${MAILBOX_PATTERN}"`);
    const context = new BaseRpcContext([batch.topic, batch.partition]);
    await lastValueFrom(this.transformToObservable(handler(batch, context)), { defaultValue: undefined });
  }
}
