import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { CommandView } from '#libs/http-api';
import { awaitOutcome, readOutcome, type NodeServices } from '#libs/use-cases';
import { hashIn } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { setWaited } from '../headers.ts';
import { SERVICES } from '../http-options.ts';
import { Patience } from '../patience.ts';
import { waitOf } from '../request-context.ts';
import { Serve } from '../routes/serve.ts';
import { patienceOf } from '../admission/admission.ts';
import { viewOfOutcome } from './command-views.ts';

@Controller()
export class OutcomesController {
  private readonly services: NodeServices;
  private readonly patience: Patience;

  constructor(@Inject(SERVICES) services: NodeServices, @Inject(Patience) patience: Patience) {
    this.services = services;
    this.patience = patience;
  }

  @Serve('outcome')
  async outcome(
    @CallerOf() caller: Caller,
    @Param('hash') hash: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandView> {
    const command = hashIn(hash);
    const now = await readOutcome(this.services, command, readerOf(this.services, caller));
    const waitMs = waitOf(response.req.header('prefer'));
    const mayWaitMs = now.status === 'pending' ? patienceOf(response.req, waitMs) : 0;
    if (now.status !== 'pending' || mayWaitMs === 0) return viewOfOutcome(command, now);
    setWaited(response);
    const waiting = { subject: now.subject, waitMs: mayWaitMs, nowMs: this.patience.nowMs };
    return viewOfOutcome(command, await awaitOutcome(this.services, command, waiting));
  }
}
