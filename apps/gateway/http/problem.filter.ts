import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '#libs/http-api';
import { problemOf, problemOfError } from './problems.ts';

type Report = (event: { readonly code: string; readonly details?: Readonly<Record<string, unknown>> }) => void;

/** Every error leaves as a problem document; what nobody foresaw is reported with its stack and shown as INTERNAL. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly report: Report;

  constructor(report: Report) {
    this.report = report;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.problemFor(error);
    if (response.headersSent) {
      response.end();
      return;
    }
    if (problem.status === 503) response.setHeader('Retry-After', String(problem['retryAfterSeconds'] ?? 1));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problemFor(error: unknown): Problem {
    const known = problemOfError(error) ?? fromHttp(error) ?? fromBodyParser(error);
    if (known && known.code !== 'INTERNAL') return known;
    this.report({ code: 'INTERNAL', details: { error: error instanceof Error ? error.name : typeof error, stack: stackOf(error) } });
    return known ?? problemOf('INTERNAL');
  }
}

/** The stack without the message: a message may repeat input. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 12).join('\n') : '';
}

function fromHttp(error: unknown): Problem | undefined {
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  if (status === 404) return problemOf('NOT_FOUND');
  if (status === 413) return problemOf('BODY_TOO_LARGE');
  if (status !== 400) return undefined;
  const answer = error.getResponse();
  const messages = typeof answer === 'object' && 'message' in answer && Array.isArray(answer.message) ? (answer.message as unknown[]) : [];
  const faults = messages.filter((message): message is string => typeof message === 'string');
  return faults.length > 0 ? problemOf('BODY_INVALID', { fault: faults[0], faults }) : problemOf('BODY_MALFORMED');
}

/** body-parser marks its errors with `type`. */
function fromBodyParser(error: unknown): Problem | undefined {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  if (type === 'entity.too.large') return problemOf('BODY_TOO_LARGE');
  if (type.startsWith('entity.') || type.startsWith('encoding.') || type.startsWith('charset.')) return problemOf('BODY_MALFORMED');
  return undefined;
}
