/**
 * Reads the body of a request after its token was believed: at most 131,072 bytes of UTF-8 JSON, an object, whose text
 * keeps the rules that messages keep (wire format 1), so that decomposed text is refused here and not at the next agency.
 * The bytes beyond the limit are thrown away unread, up to a bound, so that a client hears why.
 */
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { DomainError, isJsonObject, MAX_MESSAGE_BYTES, validateJson, type JsonObject } from '#libs/kernel';
import { shownPointer } from './shown-names.ts';

const HAVE_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;
const THROWN_AWAY_MAX = 8 * MAX_MESSAGE_BYTES;

@Injectable()
export class BodyReader implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    if (HAVE_BODY.has(request.method)) {
      request.body = await readBody(request, context.switchToHttp().getResponse<Response>());
    }
    return next.handle();
  }
}

async function readBody(request: Request, response: Response): Promise<JsonObject> {
  const encoding = request.header('content-encoding') ?? 'identity';
  if (!JSON_TYPE.test(request.header('content-type') ?? '') || encoding !== 'identity') {
    throw new DomainError('CONTENT_TYPE_UNSUPPORTED', 'application/json in UTF-8, without content encoding');
  }
  const body = parse(await wholeBytes(request, response));
  checkText(body);
  refuseReserved(body);
  return body;
}

/** A client that goes away in the middle of its body has sent none that holds. */
async function wholeBytes(request: Request, response: Response): Promise<Buffer> {
  try {
    return await readBytes(request, response);
  } catch (error) {
    throw request.destroyed && !(error instanceof DomainError)
      ? new DomainError('BODY_MALFORMED', 'the body ended early')
      : error;
  }
}

async function readBytes(request: Request, response: Response): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_MESSAGE_BYTES) chunks.push(chunk);
    if (size > THROWN_AWAY_MAX) {
      response.setHeader('Connection', 'close');
      break;
    }
  }
  if (size > MAX_MESSAGE_BYTES) throw new DomainError('BODY_TOO_LARGE', 'the body has more than 131,072 bytes');
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (isJsonObject(value)) return value;
  } catch {
    // Said below: the parser's own words quote the input.
  }
  throw new DomainError('BODY_MALFORMED', 'the body is no JSON object in UTF-8');
}

function checkText(body: JsonObject): void {
  try {
    validateJson(body, 'message');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { pointer } = error.details as { readonly pointer?: string };
    throw new DomainError(error.code, 'the text of the body breaks a rule of messages', {
      pointer: shownPointer(pointer ?? ''),
    });
  }
}

const RESERVED = ['__proto__', 'constructor', 'prototype'];

/** Names that the libraries on the way take out in silence: whoever sends one is told. */
function refuseReserved(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const name = RESERVED.find((reserved) => Object.hasOwn(value, reserved));
  if (name !== undefined) throw new DomainError('BODY_INVALID', 'a member has a reserved name', { fault: name });
  Object.values(value).forEach(refuseReserved);
}
