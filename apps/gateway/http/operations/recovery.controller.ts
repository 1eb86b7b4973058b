import { Body, Controller, Inject } from '@nestjs/common';
import { RecoverBody, type RecoveryView } from '#libs/http-api';
import { DomainError, parseNodeId } from '#libs/kernel';
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
  async recover(@CallerOf() caller: Caller, @Body(checked(RecoverBody)) body: RecoverBody): Promise<RecoveryView> {
    this.checkPlace(caller);
    await this.recovery().begin((body.without ?? []).map(parseNodeId));
    return this.recovery().progress();
  }

  /** An empty database knows no agencies yet: then the role alone has to do. */
  private checkPlace(caller: Caller): void {
    const { services } = this.options;
    if (services.directory().agencies.size > 0) readerOf(services, caller);
  }

  private recovery(): Recovery {
    if (this.options.recovery) return this.options.recovery;
    throw new DomainError('UNAVAILABLE', 'this process does not recover');
  }
}
