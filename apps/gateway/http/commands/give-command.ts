/**
 * A command at the door: who speaks for which agency, in which role, on what state; then the use case, and, where the
 * command has left for another node, the outcome if the caller waits for it.
 */
import type { Request } from 'express';
import { ROLES_OF_COMMAND, roleMay, type DossierCommandName } from '#libs/dossier';
import {
  canonicalize,
  DomainError,
  encodeUtf8,
  typeOf,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Subject,
} from '#libs/kernel';
import type { CommandView } from '#libs/http-api';
import { actOnDossier, awaitOutcome, type Act, type Acted, type NodeServices } from '#libs/use-cases';
import type { Caller } from '../caller.ts';
import { patienceOf } from '../admission/admission.ts';
import type { Patience } from '../patience.ts';
import { deciding } from '../../tracing/work.ts';
import { actingAgency, notHere, rolesOf } from '../caller-place.ts';
import { ProblemError } from '../problem-error.ts';
import { problemOfOutcome } from '../problems.ts';
import { commandHeaders, type CommandHeaders } from '../request-context.ts';
import { viewOfAnswer, viewOfOutcome } from './command-views.ts';

export interface GivenCommand {
  readonly caller: Caller;
  readonly request: Request;
  readonly command: DossierCommandName;
  readonly subject: Subject;
  readonly occurredAt?: Instant;
  readonly takesOver?: Hash;
  /** Personal values in clear, as they came. */
  readonly data: JsonObject;
}
/** What the door needs to give a command. */
export interface Desk {
  readonly services: NodeServices;
  readonly patience: Patience;
}
export interface CommandReply {
  readonly view: CommandView;
  /** Decided now, decided by this very request before, decided elsewhere while the caller waited, or still on its way. */
  readonly how: 'now' | 'before' | 'waited' | 'on-its-way';
}

/** Throws everything as a `DomainError` or `ProblemError` that the filter knows. */
export async function giveCommand({ services, patience }: Desk, given: GivenCommand): Promise<CommandReply> {
  const agency = actingAgency(services, given.caller);
  const headers = commandHeaders(given.request);
  refuseByRole(given);
  if (given.command === 'file-dossier' && headers.expectedHash !== undefined)
    throw new DomainError('STALE', 'a dossier to be filed has no state');
  const act = actOf(services, given, { agency, headers });
  const type = typeOf('command', given.command);
  const acted = await deciding({ subject: given.subject, type }, () => actOnDossier(services, act)).catch(
    (error: unknown) => {
      throw withHint(services, error);
    },
  );
  const waitMs = (): number => patienceOf(given.request, headers.waitMs);
  return replyTo(services, acted, { waitMs, nowMs: patience.nowMs });
}

function refuseByRole({ caller, command }: GivenCommand): void {
  if (roleMay(command, rolesOf(caller))) return;
  throw new DomainError('ROLE_NOT_ALLOWED', 'no role of the token may give this command', {
    command,
    roles: ROLES_OF_COMMAND[command],
  });
}

interface Speaking {
  readonly agency: AgencyCode;
  readonly headers: CommandHeaders;
}

function actOf(services: NodeServices, given: GivenCommand, { agency, headers }: Speaking): Act {
  const { caller, command, subject, data, occurredAt, takesOver } = given;
  return {
    command,
    data,
    subject,
    agency,
    roles: rolesOf(caller),
    actor: { authtype: caller.roles.includes('adapter') ? 'service_account' : 'user', authid: caller.subject },
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(takesOver === undefined ? {} : { takesOver }),
    ...(headers.expectedHash === undefined ? {} : { expectedHash: headers.expectedHash }),
    correlationId: headers.correlationId ?? services.ids.uuid7(),
    idempotency: { client: caller.client, key: headers.idempotencyKey, request: sameRequest(given.request) },
  };
}

/** What two requests must share to be one: personal values among it, so only a fingerprint of it is kept. */
function sameRequest(request: Request): Uint8Array {
  const parts = [request.method, request.path, request.header('if-match') ?? '', request.body as JsonObject];
  return encodeUtf8(canonicalize(parts));
}

/** The use case knows the agency, the door where it is served. */
function withHint(services: NodeServices, error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'AGENCY_NOT_HERE') return error;
  return notHere(services, error.details['agency'] as AgencyCode);
}

interface Wait {
  /** To be asked when nothing is left to do but to wait. */
  waitMs(this: void): number;
  nowMs(this: void): number;
}

async function replyTo(services: NodeServices, acted: Acted, wait: Wait): Promise<CommandReply> {
  switch (acted.kind) {
    case 'answered':
      return { view: viewOfAnswer(acted.answer), how: acted.repeated ? 'before' : 'now' };
    case 'refused': {
      const { code, message, details, situation, allowed } = acted;
      throw new DomainError(code, message.en, {
        ...details,
        ...(situation === undefined ? {} : { situation }),
        allowed,
      });
    }
    case 'sent':
      return replyToSent(services, acted, wait);
  }
}

async function replyToSent(
  services: NodeServices,
  sent: { command: Hash; subject: string },
  wait: Wait,
): Promise<CommandReply> {
  const subject = sent.subject as Subject;
  const waiting = { subject, waitMs: wait.waitMs(), nowMs: wait.nowMs };
  const outcome = await awaitOutcome(services, sent.command, waiting);
  if (outcome.status === 'refused') throw new ProblemError(problemOfOutcome(outcome));
  return { view: viewOfOutcome(sent.command, outcome), how: outcome.status === 'pending' ? 'on-its-way' : 'waited' };
}
