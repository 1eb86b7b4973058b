import { Controller, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '#libs/kernel';
import { HTTP_OPTIONS, type HttpOptions, type Readiness } from '../http-options.ts';
import { buildOpenApi, formatOpenApi } from '../openapi/build-openapi.ts';
import { Serve } from '../routes/serve.ts';

interface Identity {
  readonly node: string;
  readonly instance: string;
}

/** What anybody may ask: whether the process lives, its metrics, the log's checkpoint, the description of the API. */
@Controller()
export class OpenController {
  private readonly options: HttpOptions;
  private description: string | undefined;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
  }

  @Serve('health')
  health(): { readonly status: 'alive' } {
    return { status: 'alive' };
  }

  @Serve('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness & Identity> {
    const { services, instance } = this.options;
    const { ready, waitsFor } = await this.options.readiness();
    if (!ready) response.status(503);
    return { node: services.node, instance, ready, waitsFor };
  }

  @Serve('metrics')
  async metrics(@Res() response: Response): Promise<void> {
    const { contentType } = this.options.metrics;
    response.setHeader('Content-Type', contentType);
    response.end(await this.options.metrics.text());
  }

  @Serve('checkpoint')
  async checkpoint(@Res() response: Response): Promise<void> {
    const checkpoint = await this.options.services.store.findCheckpoint();
    if (!checkpoint) throw new DomainError('NOT_FOUND', 'no checkpoint has been signed yet');
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(checkpoint.note);
  }

  @Serve('openapi')
  openapi(@Res() response: Response): void {
    this.description ??= formatOpenApi(buildOpenApi(this.options.softwareVersion));
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(this.description);
  }
}
