import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ingestBatch, type IncomingBatch, type NodeServices } from '#libs/use-cases';
import { MAILBOX_PATTERN } from './mailbox.strategy.ts';

export const INGEST = Symbol('what the mailbox is handed to');
export interface Ingest {
  readonly services: NodeServices;
  judged(verdict: string, count: number): void;
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
    const summary = await ingestBatch(this.ingest.services, batch);
    for (const [verdict, count] of Object.entries(summary)) if (count > 0) this.ingest.judged(verdict, count as number);
  }
}
