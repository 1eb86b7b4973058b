import { Body, Controller, Inject, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { RedriveAct } from '#libs/exchange';
import {
  RedriveBody,
  RedriveLookBody,
  RedriveMessagesQuery,
  RedrivesQuery,
  SteerBody,
  type RedrivePageView,
  type RedriveTriesView,
  type RedriveView,
  type SelectionBody,
  type SelectionView,
} from '#libs/http-api';
import { parseNodeId, parseUuid, type Instant, type Uuid } from '#libs/kernel';
import {
  getRedrive,
  seenAs,
  startRedrive,
  steerRedrive,
  sumRedrive,
  type NodeServices,
  type RedriveGround,
  type RedriveSelection,
} from '#libs/use-cases';
import { instantIn } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type HttpOptions, type TroubleDesk } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { operatorDoes } from './operator-does.ts';
import { viewOfRedrive, viewOfTry } from './redrive-views.ts';

const PAGE = 50;
/** Gentle enough for a node at work: a batch every five seconds. */
const PACE = { batch: 50, perMinute: 600 };

/** Redrive jobs (design 6): the door starts, steers and shows them; a loop does the work. */
@Controller()
export class RedrivesController {
  private readonly services: NodeServices;
  private readonly store: TroubleDesk['store'];
  private readonly ground: RedriveGround;

  constructor(@Inject(HTTP_OPTIONS) { services, trouble, readModels: dossiers }: HttpOptions) {
    this.services = services;
    this.store = trouble.store;
    this.ground = { store: trouble.store, dossiers };
  }

  @Serve('redrive-look')
  async look(
    @CallerOf() caller: Caller,
    @Body(checked(RedriveLookBody)) { selection }: RedriveLookBody,
  ): Promise<SelectionView> {
    readerOf(this.services, caller);
    return sumRedrive(this.ground, selectionOf(selection));
  }

  @Serve('redrive-start')
  async start(
    @CallerOf() caller: Caller,
    @Body(checked(RedriveBody)) body: RedriveBody,
    @Req() request: Request,
  ): Promise<RedriveView> {
    const { batch = PACE.batch, perMinute = PACE.perMinute } = body;
    const wanted = { job: parseUuid(body.job), selection: selectionOf(body.selection), batch, perMinute };
    const does = operatorDoes(this.services, { caller, request, body });
    return viewOfRedrive(await startRedrive(this.services, this.ground, wanted, does));
  }

  @Serve('redrive-list')
  async list(
    @CallerOf() caller: Caller,
    @Query(checked(RedrivesQuery)) { after, limit = PAGE }: RedrivesQuery,
  ): Promise<RedrivePageView> {
    readerOf(this.services, caller);
    const jobs = await this.store.listJobs({ limit, ...(after === undefined ? {} : { after: after as Uuid }) });
    const last = jobs.at(-1);
    return {
      items: jobs.map((job) => viewOfRedrive(seenAs(job))),
      ...(last && jobs.length === limit ? { next: last.job } : {}),
    };
  }

  @Serve('redrive')
  async show(@CallerOf() caller: Caller, @Param('job') job: string): Promise<RedriveView> {
    readerOf(this.services, caller);
    return viewOfRedrive(await getRedrive(this.store, parseUuid(job)));
  }

  @Serve('redrive-messages')
  async messages(
    @CallerOf() caller: Caller,
    @Param('job') name: string,
    @Query(checked(RedriveMessagesQuery)) { after = 0, limit = PAGE }: RedriveMessagesQuery,
  ): Promise<RedriveTriesView> {
    readerOf(this.services, caller);
    const { job } = await getRedrive(this.store, parseUuid(name));
    const tries = await this.store.listTries(job, { after, limit });
    const last = tries.at(-1);
    return { items: tries.map(viewOfTry), ...(last && tries.length === limit ? { next: last.number } : {}) };
  }

  @Serve('redrive-pause')
  pause(
    @CallerOf() caller: Caller,
    @Param('job') job: string,
    @Body(checked(SteerBody)) body: SteerBody,
    @Req() request: Request,
  ) {
    return this.steer(job, 'redrive-paused', { caller, body, request });
  }

  @Serve('redrive-resume')
  resume(
    @CallerOf() caller: Caller,
    @Param('job') job: string,
    @Body(checked(SteerBody)) body: SteerBody,
    @Req() request: Request,
  ) {
    return this.steer(job, 'redrive-resumed', { caller, body, request });
  }

  @Serve('redrive-cancel')
  cancel(
    @CallerOf() caller: Caller,
    @Param('job') job: string,
    @Body(checked(SteerBody)) body: SteerBody,
    @Req() request: Request,
  ) {
    return this.steer(job, 'redrive-cancelled', { caller, body, request });
  }

  private async steer(job: string, act: RedriveAct, given: Parameters<typeof operatorDoes>[1]): Promise<RedriveView> {
    const does = operatorDoes(this.services, given);
    return viewOfRedrive(await steerRedrive(this.services, this.store, { job: parseUuid(job), act }, does));
  }
}

/** Throws `BODY_INVALID`. */
function selectionOf({ kind, peer, stage, code, source, subject, before }: SelectionBody = {}): RedriveSelection {
  return {
    ...(kind === undefined || kind === 'quarantined' ? {} : { kind }),
    ...(peer === undefined ? {} : { peer: parseNodeId(peer) }),
    ...(stage === undefined ? {} : { stage }),
    ...(code === undefined ? {} : { code }),
    ...(source === undefined ? {} : { source }),
    ...(subject === undefined ? {} : { subject }),
    ...(before === undefined ? {} : { before: instantIn(before, 'before') satisfies Instant }),
  };
}
