import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ingestBatch, type IncomingBatch, type NodeServices } from '#libs/use-cases';
import type { Tracing } from '#libs/observability';
import { duringBatch } from '../tracing/traced-batch.ts';
import type { MailboxWatch } from '../watching/mailbox-watch.ts';
import { MAILBOX_PATTERN } from './mailbox.strategy.ts';

export const INGEST = Symbol('what the mailbox is handed to');
export interface Ingest {
  readonly services: NodeServices;
  readonly tracing?: Tracing | undefined;
  readonly watch?: Pick<MailboxWatch, 'taken'>;
}

/** The mailbox's own door: a batch is judged and recorded, or comes again. */
@Controller()
export class MailboxController {
  private readonly ingest: Ingest;

  constructor(@Inject(INGEST) ingest: Ingest) {
    this.ingest = ingest;
  }

  @MessagePattern(MAILBOX_PATTERN)
  async take(@Payload() batch: IncomingBatch): Promise<void> {
    const { services, tracing } = this.ingest;
    const summary = await duringBatch(tracing, batch, () => ingestBatch(services, batch));
    this.ingest.watch?.taken(batch, summary);
  }
}
