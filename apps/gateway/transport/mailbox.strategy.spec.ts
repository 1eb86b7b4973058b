import { describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { MailboxConsumer, MailboxConsumerOptions } from '#libs/messaging-kafka';
import type { IncomingBatch } from '#libs/use-cases';
import { KafkaMailboxStrategy, MAILBOX_PATTERN } from './mailbox.strategy.ts';

const seen: IncomingBatch[] = [];
let refuse = false;

@Controller()
class MailboxController {
  @MessagePattern(MAILBOX_PATTERN)
  async take(@Payload() batch: IncomingBatch): Promise<void> {
    if (refuse) throw new Error('the database is away');
    seen.push(batch);
    await Promise.resolve();
  }
}

@Module({ controllers: [MailboxController] })
class WithHandler {}

@Module({})
class WithoutHandler {}

const batch: IncomingBatch = {
  topic: 'lienthong.mailbox.v1.a',
  clusterId: 'c',
  partition: 2,
  partitionStart: '0',
  highWatermark: '1',
  records: [],
};

describe('KafkaMailboxStrategy', () => {
  let options: MailboxConsumerOptions | undefined;
  const calls: string[] = [];
  const open = (given: MailboxConsumerOptions): MailboxConsumer => {
    options = given;
    return {
      // As with a broker that is away: it never resolves.
      start: () => new Promise(() => calls.push('start')),
      stop: () => Promise.resolve(void calls.push('stop')),
      state: () => 'waiting',
      pause: () => undefined,
      resume: () => undefined,
    };
  };
  const make = (): KafkaMailboxStrategy =>
    new KafkaMailboxStrategy(
      {
        connection: { brokers: ['127.0.0.1:1'], clientId: 'spec' },
        topic: batch.topic,
        groupId: 'g',
        findOffset: () => Promise.resolve(undefined),
        onGap: () => Promise.resolve(),
      },
      open,
    );
  const create = (module: Type, strategy: KafkaMailboxStrategy): Promise<INestMicroservice> =>
    NestFactory.createMicroservice(module, { strategy, logger: false });

  it('hands batches to the controller whole, starts without a broker, and stops with the application', async () => {
    const strategy = make();
    const app = await create(WithHandler, strategy);
    await app.listen();
    expect(calls).toEqual(['start']);
    await options?.handle(batch);
    expect(seen).toEqual([batch]);
    await app.close();
    expect(calls).toEqual(['start', 'stop']);
  });

  it('passes on that the controller failed, so that the batch comes again', async () => {
    const app = await create(WithHandler, make());
    await app.listen();
    refuse = true;
    await expect(options?.handle(batch)).rejects.toBeDefined();
    refuse = false;
    await expect(options?.handle(batch)).resolves.toBeUndefined();
    await app.close();
  });

  it('refuses to start without a handler', async () => {
    const app = await create(WithoutHandler, make());
    await expect(app.listen()).rejects.toThrow(/read by nobody/);
    await app.close();
  });

  it('tells by its status whether the mailbox is read', () => {
    const strategy = make();
    const states: string[] = [];
    strategy.status.subscribe((state) => states.push(state));
    options?.onState?.('reading');
    options?.onState?.('waiting');
    expect(states).toEqual(['waiting', 'reading', 'waiting']);
  });
});
