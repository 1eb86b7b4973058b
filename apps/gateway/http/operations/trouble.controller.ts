import { Body, Controller, Inject, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TROUBLE_KINDS } from '#libs/exchange';
import {
  DiscardBody,
  TroubleListQuery,
  TroubleQuery,
  type RedriveTriesView,
  type TroublePageView,
  type TroubleView,
} from '#libs/http-api';
import type { Subject } from '#libs/kernel';
import { discardQuarantined, getQuarantined, listTrouble, sumTrouble, type Discarded } from '#libs/use-cases';
import { numberIn, wordIn } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { operatorDoes } from './operator-does.ts';
import { viewOfTry } from './redrive-views.ts';

const PAGE = 50;

/** What is in trouble at this node, and the one act that ends a message. */
@Controller()
export class TroubleController {
  private readonly options: HttpOptions;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
  }

  @Serve('trouble')
  async sums(
    @CallerOf() caller: Caller,
    @Query(checked(TroubleQuery)) { olderThan }: TroubleQuery,
  ): Promise<TroubleView> {
    const { services, trouble } = this.options;
    readerOf(services, caller);
    const kinds = await sumTrouble(this.ground(olderThan));
    return { node: services.node, at: services.wallClock.now(), kinds, stopped: trouble.stops.list() };
  }

  @Serve('trouble-list')
  async list(
    @CallerOf() caller: Caller,
    @Param('kind') kind: string,
    @Query(checked(TroubleListQuery)) { olderThan, cursor, limit = PAGE, reason, subject }: TroubleListQuery,
  ): Promise<TroublePageView> {
    readerOf(this.options.services, caller);
    return listTrouble(this.ground(olderThan), {
      kind: wordIn(kind, TROUBLE_KINDS, 'kind'),
      limit,
      ...(cursor === undefined ? {} : { after: cursor }),
      ...(reason === undefined ? {} : { reason }),
      ...(subject === undefined ? {} : { subject: subject as Subject }),
    });
  }

  @Serve('discard')
  async discard(
    @CallerOf() caller: Caller,
    @Param('number') number: string,
    @Body(checked(DiscardBody)) body: DiscardBody,
    @Req() request: Request,
  ): Promise<Discarded> {
    const { services, trouble } = this.options;
    const does = operatorDoes(services, { caller, request, body });
    return discardQuarantined(services, trouble.store, numberIn(number), does);
  }

  @Serve('tries')
  async tries(@CallerOf() caller: Caller, @Param('number') number: string): Promise<RedriveTriesView> {
    const { services, trouble } = this.options;
    readerOf(services, caller);
    const { id } = await getQuarantined(services, numberIn(number));
    return { items: (await trouble.store.findTries(id)).map(viewOfTry) };
  }

  private ground(olderThan: number | undefined): Parameters<typeof sumTrouble>[0] {
    const { services, trouble, readModels } = this.options;
    return {
      reads: trouble.store,
      dossiers: readModels,
      wallClock: services.wallClock,
      ...(olderThan === undefined ? {} : { olderThanMs: olderThan * 1000 }),
    };
  }
}
