import { Body, Controller, Inject, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { QuarantineQuery, ReleaseBody, type QuarantinedView, type QuarantineItem } from '#libs/http-api';
import { getQuarantined, releaseQuarantined, type NodeServices, type ReleasedNow } from '#libs/use-cases';
import { correlationFor, numberIn } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { actingAgency, readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { SERVICES } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { viewOfQuarantine, viewOfQuarantined } from './node-views.ts';

const PAGE = 50;

@Controller()
export class QuarantineController {
  private readonly services: NodeServices;

  constructor(@Inject(SERVICES) services: NodeServices) {
    this.services = services;
  }

  @Serve('quarantine-list')
  async list(
    @CallerOf() caller: Caller,
    @Query(checked(QuarantineQuery)) query: QuarantineQuery,
  ): Promise<{ items: readonly QuarantineItem[]; next?: number }> {
    readerOf(this.services, caller);
    const { code, after, limit = PAGE } = query;
    const rows = await this.services.store.listQuarantine({
      limit,
      ...(code === undefined ? {} : { code }),
      ...(after === undefined ? {} : { after }),
    });
    const last = rows.at(-1);
    return { items: rows.map(viewOfQuarantine), ...(last && rows.length === limit ? { next: last.id } : {}) };
  }

  @Serve('quarantined')
  async show(@CallerOf() caller: Caller, @Param('number') number: string): Promise<QuarantinedView> {
    readerOf(this.services, caller);
    return viewOfQuarantined(await getQuarantined(this.services, numberIn(number)));
  }

  @Serve('release')
  async release(
    @CallerOf() caller: Caller,
    @Param('number') number: string,
    @Body(checked(ReleaseBody)) { reason, note }: ReleaseBody,
    @Req() request: Request,
  ): Promise<{ number: number; became: ReleasedNow['became'] }> {
    const { id, became } = await releaseQuarantined(this.services, {
      id: numberIn(number),
      reason,
      ...(note === undefined ? {} : { note }),
      agency: actingAgency(this.services, caller),
      actor: { authtype: 'user', authid: caller.subject },
      correlationId: correlationFor(this.services, request),
    });
    return { number: id, became };
  }
}
