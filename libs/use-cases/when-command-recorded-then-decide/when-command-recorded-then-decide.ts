/**
 * Commands recorded here and not answered yet (wire format 2.1): decided where this node serves the agency that may,
 * passed on where another does, kept while a transfer or openings are awaited, answered EXPIRED when their time is over.
 *
 * Promises: a command acts once, whatever was lost or repeated (its hash is looked for among the causes of the stream
 * before anything is decided, and its answer is one unit with what it did); an answer is never half given. Two processes
 * may look at the same command: the ledger lets one of them win. Proved by `when-command-recorded-then-decide.int.spec.ts`.
 */
import { decide, refusalMessage, type DossierCommand, type RefusalCode, type RefusalText } from '#libs/dossier';
import { routeCommand, type CommandRoute } from '#libs/exchange';
import {
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
  type Subject,
} from '#libs/kernel';
import { planOn } from '../act-on-dossier/act-on-dossier.ts';
import { contextFor, issueNumbers, openData, type Ask } from '../decide/decision-context.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import { withoutOpenings } from '../decide/missing-openings.ts';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, StoredMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { nodeOf } from '#libs/directory';
import type { CommandFate, RecordedCommand } from './recorded-command.ts';
import { acceptedUnit, refusedUnit } from './outcomes.ts';
import { passOn } from './pass-on.ts';

/** Looks at every unanswered command of a stream, in log order. */
export async function answerCommands(services: NodeServices, subject: Subject): Promise<readonly CommandFate[]> {
  const fates: CommandFate[] = [];
  for (const stored of await services.store.findUnanswered(subject)) {
    fates.push(await untilSettled(() => answerCommand(services, readRecorded(stored))));
  }
  return fates;
}

const ATTEMPTS = 20;
async function untilSettled(attempt: () => Promise<CommandFate>): Promise<CommandFate> {
  for (let count = 1; count < ATTEMPTS; count++) {
    const fate = await attempt();
    if (fate !== 'conflict') return fate;
  }
  return 'kept';
}

function readRecorded(stored: StoredMessage): RecordedCommand {
  const sealed = openStored(stored);
  return {
    sealed,
    stored,
    name: splitType(sealed.message.type)?.name ?? '',
    requester: (splitSource(sealed.message.source)?.name ?? '') as AgencyCode,
  };
}

async function answerCommand(services: NodeServices, command: RecordedCommand): Promise<CommandFate> {
  const subject = command.sealed.message.subject as Subject;
  const now = services.clock.now();
  const loaded = await services.shelf.load(subject);
  const route = routeCommand(services.directory(), subject, loaded.head?.hand, now);
  if (!route)
    return refuse(services, command, {
      code: 'AGENCY_NOT_VALID',
      details: { agency: command.requester },
      writer: undefined,
    });
  if (route.node !== services.node) return passOn(services, command, route);
  if (isOver(command, now))
    return refuse(services, command, {
      code: 'EXPIRED',
      details: { expiredAt: command.sealed.message.expirytime ?? '' },
      writer: route.agency,
    });
  const done = await findDone(services, command, subject);
  if (done.length > 0) return settle(services, acceptedUnit(services, command, { writer: route.agency, events: done }));
  return (await mustWait(services, command, { loaded, route }))
    ? 'kept'
    : decideCommand(services, command, { loaded, route });
}

/** Until the fold goes on, the transfer that names this node is answered, or the openings are there. */
async function mustWait(
  services: NodeServices,
  { sealed, name }: RecordedCommand,
  { loaded, route }: { loaded: LoadedDossier; route: CommandRoute },
): Promise<boolean> {
  if (loaded.parked || (route.why === 'next' && name !== 'recall')) return true;
  return (await withoutOpenings(services, [sealed])).length > 0;
}

const isOver = ({ sealed }: RecordedCommand, now: Instant): boolean => now > (sealed.message.expirytime ?? '');

/** Events of the stream that this command has already caused, here or at a custodian before. */
async function findDone(
  services: NodeServices,
  { sealed }: RecordedCommand,
  subject: Subject,
): Promise<readonly Hash[]> {
  const caused = await services.store.findCaused(sealed.hash);
  return caused
    .filter((stored) => stored.class === 'event' && openStored(stored).message.subject === subject)
    .map(({ hash }) => hash);
}

async function decideCommand(
  services: NodeServices,
  command: RecordedCommand,
  { loaded, route }: { loaded: LoadedDossier; route: CommandRoute },
): Promise<CommandFate> {
  const { message, hash } = command.sealed;
  const data = await openData(services, command.sealed);
  const faults = services.contracts.validateOpen('command', command.name, 1, data);
  const writer = route.agency;
  if (faults.length > 0)
    return refuse(services, command, {
      code: 'INVALID',
      details: { fault: faults.map(({ pointer, message: text }) => `${pointer} ${text}`).join('; ') },
      writer,
    });
  const ask: Ask = {
    command: { type: command.name, data } as unknown as DossierCommand,
    requester: command.requester,
    writer,
    occurredAt: message.time as Instant,
    ...(message.expirytime === undefined ? {} : { expiresAt: message.expirytime as Instant }),
  };
  const decision = decide(
    ask.command,
    loaded.state,
    await contextFor(services, loaded, ask, await issueNumbers(services, ask)),
  );
  if ('refused' in decision) return settle(services, refusedUnit(services, command, { writer, ...decision.refused }));
  const planned = await planOn(services, loaded, {
    writer,
    facts: decision.events as unknown as readonly { type: string; data: JsonObject }[],
    occurredAt: ask.occurredAt,
    actor: { authtype: 'system', authid: 'commands' },
    origin: { correlationId: message.correlationid as never, cause: { id: message.id, hash } },
  });
  await services.vault.put(planned.disclosures);
  const outcome = acceptedUnit(services, command, { writer, events: planned.events.map((event) => event.hash) });
  return settle(services, {
    ...planned.unit,
    messages: [...planned.unit.messages, ...outcome.messages],
    deliveries: [...planned.unit.deliveries, ...outcome.deliveries],
    ...(outcome.idempotency ? { idempotency: outcome.idempotency } : {}),
  });
}

interface Why {
  readonly code: RefusalCode;
  readonly details: Readonly<Record<string, string>>;
  readonly writer: AgencyCode | undefined;
}

/** Refused before anything is decided. Without an agency of its own that could say so, the node keeps the command. */
async function refuse(
  services: NodeServices,
  command: RecordedCommand,
  { code, details, writer }: Why,
): Promise<CommandFate> {
  const answering = writer ?? ownAgency(services, command);
  if (answering === undefined) return 'kept';
  const message: RefusalText = refusalMessage({ code, details });
  return settle(services, refusedUnit(services, command, { writer: answering, code, message, allowed: [] }));
}

function ownAgency(services: NodeServices, { requester }: RecordedCommand): AgencyCode | undefined {
  return nodeOf(services.directory(), requester, services.clock.now()) === services.node ? requester : undefined;
}

async function settle(services: NodeServices, unit: AppendUnit): Promise<CommandFate> {
  const verdict = await services.store.append(unit);
  if (verdict.kind === 'conflict') return 'conflict';
  services.bell.ring();
  return 'answered';
}
