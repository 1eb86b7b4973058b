/**
 * One span per request. It is told when the answer is out, because a request to file says only in its body which dossier it
 * is about. About a dossier: a span of the dossier's trace, linked to the caller's own; else a part of the caller's trace,
 * or a new one. Probes and the metrics are asked all day and tell nothing.
 */
import type { NextFunction, Request, Response } from 'express';
import { readTraceContext, type SpanContext, traceIdOf, type Tracing } from '#libs/observability';
import { duringWork, spanTime, type Work } from './work.ts';

const UNMATCHED = '/unmatched';
const UNTOLD = new Set(['/health', '/ready', '/metrics']);

export const tracedRequest =
  (tracing: Tracing) =>
  (request: Request, response: Response, next: NextFunction): void => {
    if (UNTOLD.has(request.path)) return next();
    const caller = readTraceContext(request.headers);
    const work: Work = { tracing, spanId: tracing.newSpanId(), began: spanTime() };
    response.once('close', () => tellRequest(work, { request, response, caller }));
    duringWork(work, next);
  };

interface Answered {
  readonly request: Request;
  readonly response: Response;
  readonly caller: SpanContext | undefined;
}

function tellRequest(work: Work, answered: Answered): void {
  const { request, response } = answered;
  const about = work.subject ?? subjectIn(request, response);
  const { method, route } = { method: request.method, route: routeOf(request) };
  work.tracing.tell({
    name: method,
    of: { route },
    kind: 'server',
    ...placeOf(work, traceIdOf(about), answered),
    began: work.began,
    ended: spanTime(),
    fields: { method, status: String(response.statusCode), subject: about },
    ...(response.statusCode >= 500 ? { failed: 'INTERNAL' } : {}),
  });
}

function placeOf({ tracing, spanId = '' }: Work, ofDossier: string | undefined, { caller }: Answered) {
  if (ofDossier !== undefined) return { context: { traceId: ofDossier, spanId }, links: caller ? [caller] : [] };
  if (caller) return { context: { traceId: caller.traceId, spanId }, parentSpanId: caller.spanId };
  return { context: { traceId: tracing.newTraceId(), spanId } };
}

function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { readonly path?: unknown };
  return typeof path === 'string' ? path : UNMATCHED;
}

/** Who was turned away speaks for no dossier: an address that somebody guessed adds nothing to its trace. */
function subjectIn({ params }: Request, { statusCode }: Response): string | undefined {
  const { agency, id } = params as Readonly<Record<string, string | undefined>>;
  return statusCode >= 400 || agency === undefined || id === undefined ? undefined : `dossier/${agency}/${id}`;
}
