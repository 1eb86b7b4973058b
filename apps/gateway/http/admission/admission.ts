/**
 * Who comes in. After the token, before the body: the rates of client and agency (429), then a place inside (503); after the
 * body a turn, agencies one after the other (`fair-turns.ts`). What is open to everybody is never kept waiting, and operators
 * have places of their own: a node under load can be watched and helped. Proved by `overload.int.spec.ts`.
 */
import {
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { finalize, type Observable } from 'rxjs';
import type { Caller } from '../caller.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.ts';
import { NO_LIMITS } from './door-limits.ts';
import { FairTurns, type Place } from './fair-turns.ts';
import { Rates } from './rates.ts';

const LANE = 'lienthong:lane';
export type LaneName = 'work' | 'operations';
/** For whom a route keeps its places. */
export const Lane = (lane: LaneName): ReturnType<typeof SetMetadata> => SetMetadata(LANE, lane);

/** Operators are few, and what they ask may take long. */
const OPERATIONS = { inside: 32, working: 4, aside: 0 };

type Admitted = Request & { caller?: Caller; place?: Place };

@Injectable()
export class Admission {
  readonly turns: Readonly<Record<LaneName, FairTurns>>;
  readonly rates: Rates;

  constructor(@Inject(HTTP_OPTIONS) { limits = NO_LIMITS }: Pick<HttpOptions, 'limits'>) {
    const now = (): number => performance.now();
    const operations = limits === NO_LIMITS ? NO_LIMITS.turns : OPERATIONS;
    this.turns = { work: new FairTurns(limits.turns, now), operations: new FairTurns(operations, now) };
    this.rates = new Rates(limits, now);
  }
}

@Injectable()
export class AdmissionGuard implements CanActivate {
  private readonly admission: Admission;
  private readonly reflector: Reflector;

  constructor(@Inject(Admission) admission: Admission, @Inject(Reflector) reflector: Reflector) {
    this.admission = admission;
    this.reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Admitted>();
    const response = context.switchToHttp().getResponse<Response>();
    const { caller } = request;
    if (!caller) return true;
    const lane = this.reflector.getAllAndOverride<LaneName | undefined>(LANE, [context.getHandler()]) ?? 'work';
    // An agency's software may not use up what its operators need.
    const agency = lane === 'work' ? caller.agency : undefined;
    this.admission.rates.pass({ client: caller.subject, agency }, (headers) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
    });
    const place = this.admission.turns[lane].enter(agency ?? `client ${caller.client}`);
    request.place = place;
    response.once('close', () => place.abandon());
    return true;
  }
}

/** To stand after the one that reads the body: a client that sends slowly holds a place, never a turn. */
@Injectable()
export class TurnTaker implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { place } = context.getType() === 'http' ? context.switchToHttp().getRequest<Admitted>() : {};
    if (!place) return next.handle();
    await place.turn();
    return next.handle().pipe(finalize(() => place.done()));
  }
}

/** How long this request may wait for another node: as it asks, or, when too many wait already, not at all. */
export const patienceOf = (request: Request, askedMs: number): number => {
  const { place } = request as Admitted;
  return askedMs > 0 && place && !place.stepAside() ? 0 : askedMs;
};
