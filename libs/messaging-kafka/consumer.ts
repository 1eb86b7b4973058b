/**
 * Reading a mailbox (design 6): at least once, in order per partition, from the offset that the caller keeps; nothing is
 * committed to the broker, nothing is skipped. States: waiting (no broker, or not yet joined) ⇄ reading → stopped. A
 * session that fails is replaced for ever, with pauses that grow to 5 s; `onTrouble` tells of each.
 * Proved by `libs/testing/mailbox.contract.ts` and `consumer.int.spec.ts`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import type { ConsumerState, MailboxConsumerOptions } from './consumer-options.ts';
import { ConsumerSession } from './consumer-session.ts';
import { type BrokerFailure, classify } from './failure.ts';

export interface MailboxConsumer {
  /** Begins; resolves when the consumer has first joined its group, or is stopped before. Waits for a broker that is away. */
  start(): Promise<void>;
  state(): ConsumerState;
  /** Fetches nothing more until `resume`, and stays in the group; batches under way end. */
  pause(): void;
  resume(): void;
  /** Lets batches under way end, leaves the group; within 30 s. May be called again. */
  stop(): Promise<void>;
}

/** A session that stayed in its group this long was sound: the next failure is a new one, not the same again. */
const SOUND_MS = 10_000;

class Supervisor implements MailboxConsumer {
  readonly #options: MailboxConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #backoff = new Backoff({ firstMs: 250, mostMs: 5_000 });
  #joinedAt = Infinity;
  #lastCode: string | undefined;
  readonly #joined = Promise.withResolvers<void>();
  #session: ConsumerSession | undefined;
  #state: ConsumerState = 'waiting';
  #paused = false;
  #loop: Promise<void> | undefined;

  constructor(options: MailboxConsumerOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    this.#loop ??= this.#run();
    return this.#joined.promise;
  }

  state(): ConsumerState {
    return this.#state;
  }

  pause(): void {
    this.#paused = true;
    this.#session?.setPaused(true);
  }

  resume(): void {
    this.#paused = false;
    this.#session?.setPaused(false);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#change('stopped');
    this.#joined.resolve();
  }

  #change(state: ConsumerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#joinedAt = Infinity;
      await this.#live(signal);
      if (signal.aborted) return;
      this.#change('waiting');
      if (performance.now() - this.#joinedAt > SOUND_MS) this.#backoff.reset();
      await pause(this.#backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Another failure than the last begins with short pauses again: a broker that was away and now loads is soon there. */
  #tell(failure: BrokerFailure): void {
    this.#change('waiting');
    if (failure.code !== this.#lastCode) this.#backoff.reset();
    this.#lastCode = failure.code;
    this.#options.onTrouble?.({ kind: 'broker', failure });
  }

  /** One session, to its failure or to the stop. */
  async #live(signal: AbortSignal): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const stop = (): void => ended.resolve();
    signal.addEventListener('abort', stop);
    const session = new ConsumerSession(
      this.#options,
      {
        joined: () => {
          this.#change('reading');
          this.#joinedAt = Math.min(this.#joinedAt, performance.now());
          this.#joined.resolve();
        },
        failed: (error) => ended.reject(error),
      },
      this.#paused,
    );
    this.#session = session;
    try {
      await Promise.race([session.open().then(() => ended.promise), ended.promise]);
    } catch (error) {
      this.#tell(classify(error));
    } finally {
      signal.removeEventListener('abort', stop);
      this.#session = undefined;
      await session.close();
    }
  }
}

export function openConsumer(options: MailboxConsumerOptions): MailboxConsumer {
  return new Supervisor(options);
}
