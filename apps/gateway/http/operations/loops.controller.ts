import { Body, Controller, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { loopNamed } from '#libs/exchange';
import { SwitchBody, type LoopsView } from '#libs/http-api';
import type { NodeId } from '#libs/kernel';
import { switchLoop } from '#libs/use-cases';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { operatorDoes } from './operator-does.ts';

/** Stop switches of the node's loops. */
@Controller()
export class LoopsController {
  private readonly options: HttpOptions;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
  }

  @Serve('loops')
  async stopped(@CallerOf() caller: Caller): Promise<LoopsView> {
    const { services, trouble } = this.options;
    readerOf(services, caller);
    await trouble.stops.refresh();
    return { stopped: trouble.stops.list() };
  }

  @Serve('switch-loop')
  async switch(
    @CallerOf() caller: Caller,
    @Body(checked(SwitchBody)) body: SwitchBody,
    @Req() request: Request,
  ): Promise<LoopsView> {
    const { services, trouble } = this.options;
    const does = operatorDoes(services, { caller, request, body });
    const name = loopNamed(body.loop, body.peer as NodeId | undefined);
    return { stopped: await switchLoop(services, trouble, { name, stopped: body.stopped }, does) };
  }
}
