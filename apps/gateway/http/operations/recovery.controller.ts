import { Body, Controller, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RecoverBody, type RecoveryView } from '#libs/http-api';
import { DomainError, parseNodeId, type AgencyCode } from '#libs/kernel';
import { correlationFor } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type HttpOptions, type Recovery } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';

/** The one thing that a node which may not sign can be asked to do about it. */
@Controller()
export class RecoveryController {
  private readonly options: HttpOptions;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
  }

  @Serve('recovery')
  async show(@CallerOf() caller: Caller): Promise<RecoveryView> {
    this.checkPlace(caller);
    return this.recovery().progress();
  }

  @Serve('recover')
  async recover(
    @CallerOf() caller: Caller,
    @Body(checked(RecoverBody)) body: RecoverBody,
    @Req() request: Request,
  ): Promise<RecoveryView> {
    const { services } = this.options;
    const { without = [], reason, note } = body;
    await this.recovery().begin({
      agency: this.checkPlace(caller) ?? services.node,
      by: caller.subject,
      correlationId: correlationFor(services, request),
      without: without.map(parseNodeId),
      reason,
      ...(note === undefined ? {} : { note }),
    });
    return this.recovery().progress();
  }

  /** The agency acted for. An empty database knows none yet: then the role alone has to do. */
  private checkPlace(caller: Caller): AgencyCode | undefined {
    const { services } = this.options;
    return services.directory().agencies.size > 0 ? readerOf(services, caller).agencies[0] : undefined;
  }

  private recovery(): Recovery {
    if (this.options.recovery) return this.options.recovery;
    throw new DomainError('UNAVAILABLE', 'this process does not recover');
  }
}
