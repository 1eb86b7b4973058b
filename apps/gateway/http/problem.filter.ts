import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '#libs/http-api';
import type { NodeServices } from '#libs/use-cases';
import { SERVICES } from './http-options.ts';
import { ProblemError } from './problem-error.ts';
import { problemOf, problemOfError } from './problems.ts';

/** Every error leaves as a problem document; what nobody foresaw is reported with its stack and shown as INTERNAL. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly services: Pick<NodeServices, 'report'>;

  constructor(@Inject(SERVICES) services: Pick<NodeServices, 'report'>) {
    this.services = services;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.problemFor(error);
    if (response.headersSent) {
      response.end();
      return;
    }
    if (problem.status === 503 || problem.status === 429) response.setHeader('Retry-After', retryAfter(problem));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.setHeader('Cache-Control', 'no-store');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problemFor(error: unknown): Problem {
    const known = error instanceof ProblemError ? error.problem : (problemOfError(error) ?? fromHttp(error));
    if (known && known.code !== 'INTERNAL') return known;
    this.services.report({ code: 'INTERNAL', details: { error: withoutMessage(error) } });
    return known ?? problemOf('INTERNAL');
  }
}

const retryAfter = (problem: Problem): string => {
  const seconds = problem['retryAfterSeconds'];
  return typeof seconds === 'number' ? String(seconds) : '1';
};

/** Of which kind, and where; not the message, which may repeat input. */
function withoutMessage(error: unknown): Error {
  const silent = new Error('an error that nobody foresaw');
  if (!(error instanceof Error)) return silent;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return Object.assign(silent, { name: error.name, stack: [silent.message, ...frames].join('\n'), ...code });
}

/** What Nest and Express find wrong with an address; bodies and queries are checked by code of our own. */
function fromHttp(error: unknown): Problem | undefined {
  if (!(error instanceof HttpException)) return undefined;
  switch (error.getStatus()) {
    case 404:
      return problemOf('NOT_FOUND');
    case 400:
      return problemOf('MALFORMED', { what: 'address' });
    default:
      return undefined;
  }
}
