import { type DynamicModule, Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { Admission, AdmissionGuard, TurnTaker } from './admission/admission.ts';
import { BodyReader } from './body-reader.ts';
import { Tokens } from './caller.ts';
import { CommandsController } from './commands/commands.controller.ts';
import { OutcomesController } from './commands/outcomes.controller.ts';
import { DossiersController } from './dossiers/dossiers.controller.ts';
import { ListsController } from './dossiers/lists.controller.ts';
import { RevealController } from './dossiers/reveal.controller.ts';
import { HTTP_OPTIONS, SERVICES, type HttpOptions } from './http-options.ts';
import { correlation, observed, securityHeaders } from './middleware.ts';
import { tracedRequest } from '../tracing/traced-request.ts';
import { OpenController } from './open/open.controller.ts';
import { DeliveriesController } from './operations/deliveries.controller.ts';
import { LoopsController } from './operations/loops.controller.ts';
import { QuarantineController } from './operations/quarantine.controller.ts';
import { RedrivesController } from './operations/redrives.controller.ts';
import { TroubleController } from './operations/trouble.controller.ts';
import { RecoveryController } from './operations/recovery.controller.ts';
import { Patience } from './patience.ts';
import { ProblemFilter } from './problem.filter.ts';
import { TokenGuard } from './token.guard.ts';

/** The door of a node. To be created with `bodyParser: false`: bodies are read once the token is believed. */
@Module({})
export class HttpModule implements NestModule {
  private readonly options: HttpOptions;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
  }

  static forNode(options: HttpOptions): DynamicModule {
    return {
      module: HttpModule,
      // `reveal` stands before the commands, whose address would match it too.
      controllers: [
        RevealController,
        CommandsController,
        OutcomesController,
        DossiersController,
        ListsController,
        DeliveriesController,
        QuarantineController,
        TroubleController,
        RedrivesController,
        LoopsController,
        RecoveryController,
        OpenController,
      ],
      providers: [
        { provide: HTTP_OPTIONS, useValue: options },
        { provide: SERVICES, useValue: options.services },
        Patience,
        { provide: Tokens, useValue: options.tokens },
        Admission,
        { provide: APP_GUARD, useClass: TokenGuard },
        { provide: APP_GUARD, useClass: AdmissionGuard },
        { provide: APP_INTERCEPTOR, useClass: BodyReader },
        { provide: APP_INTERCEPTOR, useClass: TurnTaker },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    const { services, metrics, tracing } = this.options;
    const traced = tracing ? [tracedRequest(tracing)] : [];
    consumer.apply(securityHeaders, correlation(services), observed(metrics), ...traced).forRoutes('{*path}');
  }
}
