/** What every answer carries, and what is counted of every request. */
import type { NextFunction, Request, Response } from 'express';
import { isUuid } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';
import type { HttpMetrics } from './http-options.ts';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** An API needs nothing of a browser. Nothing is stored unless a handler says so. */
const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export const securityHeaders: Middleware = (_request, response, next) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  next();
};

/** The id by which a request is found again in log and ledger: the caller's, or a new one. Put on the request too. */
export const correlation =
  ({ ids }: Pick<NodeServices, 'ids'>): Middleware =>
  (request, response, next) => {
    const given = request.headers['lt-correlation-id'];
    if (given === undefined) request.headers['lt-correlation-id'] = ids.uuid7();
    const id = request.headers['lt-correlation-id'];
    if (typeof id === 'string' && isUuid(id)) response.setHeader('Lt-Correlation-Id', id);
    next();
  };

const UNMATCHED = 'unmatched';

export const observed =
  (metrics: HttpMetrics): Middleware =>
  (request, response, next) => {
    const began = performance.now();
    response.on('finish', () => {
      const { path } = (request.route ?? {}) as { readonly path?: unknown };
      metrics.observe({
        method: request.method,
        route: typeof path === 'string' ? path : UNMATCHED,
        status: response.statusCode,
        seconds: (performance.now() - began) / 1000,
      });
    });
    next();
  };
