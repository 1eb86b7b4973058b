import type { Request } from 'express';
import type { NodeServices, OperatorDoes } from '#libs/use-cases';
import { correlationFor } from '../address.ts';
import type { Caller } from '../caller.ts';
import { actingAgency } from '../caller-place.ts';

interface Given {
  readonly caller: Caller;
  readonly request: Request;
  readonly body: { readonly reason: string; readonly note?: string };
}

/** Who does it, for which agency of this node, and why. Throws as `actingAgency`, and `CORRELATION_ID_MALFORMED`. */
export const operatorDoes = (services: NodeServices, { caller, request, body }: Given): OperatorDoes => ({
  agency: actingAgency(services, caller),
  by: caller.subject,
  correlationId: correlationFor(services, request),
  reason: body.reason,
  ...(body.note === undefined ? {} : { note: body.note }),
});
