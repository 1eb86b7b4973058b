/**
 * A command entered at this node's API. Where the dossier is in the hand of the agency that asks, it is decided here and
 * now; everybody else acts by a command message to the custodian's node (design 4), recorded first, answered by an outcome.
 *
 * Promises: the same idempotency key and body give the first answer and act once; a decision made on an older state is
 * made again on the fresh one, a bounded number of times; nothing is half done. Proved by `act-on-dossier.int.spec.ts`.
 */
import {
  decide,
  refusalMessage,
  type Decision,
  type DecisionContext,
  type DossierCommand,
  type RefusalCode,
  type RefusalDetails,
} from '#libs/dossier';
import { routeCommand, type CommandRoute } from '#libs/exchange';
import {
  agencyInName,
  DomainError,
  type AgencyCode,
  type DossierCode,
  type Hash,
  type Instant,
  type JsonObject,
  type SealedMessage,
} from '#libs/kernel';
import { isValidAt, nodeOf } from '#libs/directory';
import { contextFor, issueNumbers, type Ask } from '../decide/decision-context.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { AppendUnit, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { planEvents, type Actor, type Origin, type PlannedUnit } from '../write-events/write-events.ts';
import type { Act } from './act.ts';
import { answerOf, type Acted, type Answer } from './answer.ts';
import { sendCommand, sentBefore } from './send-command.ts';

const ATTEMPTS = 20;

export async function actOnDossier(services: NodeServices, act: Act): Promise<Acted> {
  const repeated = await findRepeated(services, act);
  if (repeated) return repeated;
  const command = readCommand(services, act);
  const now = services.clock.now();
  if (!isValidAt(services.directory(), act.agency, now)) return refused('AGENCY_NOT_VALID', { agency: act.agency });
  const loaded = await services.shelf.load(act.subject);
  const route = routeOf(services, loaded, now);
  if (!route) return refused('AGENCY_NOT_VALID', { agency: agencyInName(act.subject) });
  const writer = writerOf(command, act, route);
  const isHere = nodeOf(services.directory(), writer, now) === services.node;
  if ((writer === act.agency && isHere) || !services.contracts.travels(act.command))
    return decideHere(services, act, { command, writer, isHere });
  return sendCommand(services, act, { command, route });
}

const routeOf = (services: NodeServices, { head, subject }: LoadedDossier, now: Instant): CommandRoute | undefined =>
  routeCommand(services.directory(), subject, head?.hand, now);

/** The agency whose event answers: who rehomes writes itself; else the one in whose hand the dossier is, or that it is filed with. */
const writerOf = (command: DossierCommand, act: Act, route: CommandRoute): AgencyCode =>
  command.type === 'rehome' ? act.agency : route.agency;

/** Checks data against the contract; throws `INVALID` with the faults found. */
function readCommand(services: NodeServices, act: Act): DossierCommand {
  const data = act.expectedHash === undefined ? act.data : { ...act.data, expectedHash: act.expectedHash };
  const faults = services.contracts.validateOpen('command', act.command, 1, data);
  if (faults.length > 0) {
    throw new DomainError('INVALID', 'the data of the command do not fit its contract', {
      fault: faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
      faults: faults.map(({ pointer, message }) => ({ pointer, message })),
    });
  }
  return { type: act.command, data } as unknown as DossierCommand;
}

async function findRepeated(services: NodeServices, act: Act): Promise<Acted | undefined> {
  if (!act.idempotency) return undefined;
  const { client, key, bodyHmac } = act.idempotency;
  const known = await services.store.findIdempotent(client, act.agency, key);
  if (!known) return undefined;
  if (known.bodyHmac !== bodyHmac)
    throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'this key was used with another body');
  const answer = JSON.parse(known.answer) as Answer | { readonly command: Hash };
  return 'command' in answer ? sentBefore(act, known.answer) : { kind: 'answered', answer, repeated: true };
}

interface Here {
  readonly command: DossierCommand;
  readonly writer: AgencyCode;
  readonly isHere: boolean;
}

async function decideHere(services: NodeServices, act: Act, here: Here): Promise<Acted> {
  const { command, writer } = here;
  const occurredAt = act.occurredAt ?? services.clock.now();
  const ask: Ask = { command, requester: act.agency, writer, roles: act.roles, occurredAt };
  const numbers: { issued?: Awaited<ReturnType<typeof issueNumbers>> } = {};
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const acted = await decideOnce(services, { act, ask, here, numbers });
    if (acted) return acted;
  }
  throw new DomainError('CONTENDED', 'too many writers on this dossier', {
    subject: act.subject,
    retryAfterSeconds: 1,
  });
}

interface Attempt {
  readonly act: Act;
  readonly ask: Ask;
  readonly here: Here;
  /** Taken once and kept over all attempts. */
  readonly numbers: { issued?: Awaited<ReturnType<typeof issueNumbers>> };
}

/** Undefined: somebody else was quicker. Numbers are taken only once it is known that the command is allowed. */
async function decideOnce(services: NodeServices, { act, ask, here, numbers }: Attempt): Promise<Acted | undefined> {
  const loaded = await services.shelf.load(act.subject);
  if (loaded.parked) throw new DomainError('DOSSIER_PARKED', 'the dossier is parked', { reason: loaded.parked.code });
  const dry = await decideWith(services, loaded, ask, numbers.issued ?? DRY_RUN);
  if ('refused' in dry) return { kind: 'refused', ...dry.refused, situation: loaded.state.situation };
  if (!here.isHere)
    throw new DomainError('AGENCY_NOT_HERE', 'this agency is served by another node', { agency: ask.writer });
  numbers.issued ??= await issueNumbers(services, ask);
  const decision = numbers.issued ? await decideWith(services, loaded, ask, numbers.issued) : dry;
  if ('refused' in decision) return { kind: 'refused', ...decision.refused, situation: loaded.state.situation };
  const planned = await planOn(services, loaded, {
    writer: ask.writer,
    facts: decision.events as unknown as PlannedFacts,
    occurredAt: ask.occurredAt,
    actor: act.actor,
    origin: { correlationId: act.correlationId },
  });
  return commit(services, act, { loaded, planned });
}

const decideWith = async (
  services: NodeServices,
  loaded: LoadedDossier,
  ask: Ask,
  issued: typeof DRY_RUN,
): Promise<Decision> => decide(ask.command, loaded.state, await contextFor(services, loaded, ask, issued));

/** Stands in for the counters while it is not known whether the decision uses them. */
const DRY_RUN: NonNullable<DecisionContext['issued']> = {
  dossierCode: 'H00-000101-0001' as DossierCode,
  registerNumber: 1,
};

type PlannedFacts = readonly { readonly type: string; readonly data: JsonObject }[];

export async function planOn(
  services: NodeServices,
  loaded: LoadedDossier,
  write: { writer: AgencyCode; facts: PlannedFacts; occurredAt: Instant; actor: Actor; origin: Origin },
): Promise<PlannedUnit> {
  const stream = {
    ...(loaded.head ? { head: loaded.head } : {}),
    earlier: async (): Promise<readonly SealedMessage[]> =>
      (await services.store.readStream(loaded.subject, 'all')).map(openStored),
  };
  return planEvents(services, stream, {
    subject: loaded.subject,
    agency: write.writer,
    facts: write.facts,
    occurredAt: write.occurredAt,
    actor: write.actor,
    origin: write.origin,
  });
}

/** Vault first, then the ledger. Undefined: somebody else was quicker, to be decided again. */
async function commit(
  services: NodeServices,
  act: Act,
  { loaded, planned }: { loaded: LoadedDossier; planned: PlannedUnit },
): Promise<Acted | undefined> {
  const head = headOf(planned.unit, loaded);
  await services.vault.put(planned.disclosures);
  const after = foldedAfter(services, loaded, { head, planned });
  const answer = answerOf(after, planned.events);
  const idempotency = act.idempotency && { ...act.idempotency, agency: act.agency, answer: JSON.stringify(answer) };
  const verdict = await services.store.append({ ...planned.unit, ...(idempotency ? { idempotency } : {}) });
  switch (verdict.kind) {
    case 'appended':
      services.shelf.keep(after);
      services.bell.ring();
      return { kind: 'answered', answer, repeated: false };
    case 'repeat':
      return {
        kind: 'answered',
        answer: verdict.answer === undefined ? answer : (JSON.parse(verdict.answer) as Answer),
        repeated: true,
      };
    case 'conflict':
      return undefined;
    case 'key-reused':
      throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'this key was used with another body');
    case 'id-reused':
      throw new DomainError('INTERNAL', 'a fresh message id was known already');
  }
}

export function headOf(unit: AppendUnit, loaded: LoadedDossier): StreamHead {
  const change = unit.streams[0];
  if (!change) throw new DomainError('INTERNAL', 'a unit of events changes a stream');
  return {
    ...change.head,
    subject: loaded.subject,
    revision: change.expectedRevision + unit.messages.filter(({ sealed }) => sealed.class === 'event').length,
  };
}

function foldedAfter(
  services: NodeServices,
  loaded: LoadedDossier,
  { head, planned }: { head: StreamHead; planned: PlannedUnit },
): LoadedDossier {
  const after = services.shelf.after(loaded, head, planned.events);
  if (after.parked)
    throw new DomainError('INTERNAL', 'a decided event is not understood by the fold', { event: after.parked.event });
  return after;
}

function refused(code: RefusalCode, details: RefusalDetails): Acted {
  return { kind: 'refused', code, details, message: refusalMessage({ code, details }), allowed: [] };
}
