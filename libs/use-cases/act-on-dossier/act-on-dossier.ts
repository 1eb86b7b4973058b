/**
 * A command entered at this node's API. Where the dossier is in the hand of the agency that asks, it is decided here and
 * now; everybody else acts by a command message to the custodian's node (design 4), recorded first, answered by an outcome.
 *
 * Promises: the same idempotency key and body give the first answer and act once, also after a restore, if what was done came
 * back; a decision made on an older state is
 * made again on the fresh one, and where custody has moved meanwhile goes where the dossier is, a bounded number of times;
 * nothing is half done; an erasure that is refused is on record before it is answered. Proved by `act-on-dossier.int.spec.ts`, `same-request.int.spec.ts` and `rehome-fork.int.spec.ts`.
 */
import { isValidAt, nodeOf } from '#libs/directory';
import { refusalMessage, type DossierCommand, type RefusalCode, type RefusalDetails } from '#libs/dossier';
import { routeCommand } from '#libs/exchange';
import { agencyInName, DomainError, type AgencyCode } from '#libs/kernel';
import type { Ask } from '../decide/decision-context.ts';
import { decideNumbered, type Numbers } from '../decide/decide-numbered.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';
import type { Origin } from '../write-events/write-events.ts';
import type { Act } from './act.ts';
import { actFromMemory } from './act-from-memory.ts';
import type { Acted } from './answer.ts';
import { findCameBack } from './came-back.ts';
import { commitPlanned } from './commit-planned.ts';
import { factsOf, planOn, type DecidedFacts } from './plan-on.ts';
import { decideOnSide, planOnSide, sideToKeep } from './rehome-fork.ts';
import { askOf, readCommand, writerOf } from './read-act.ts';
import { onRecord } from './refused-erasure.ts';
import { findRepeated } from './same-request.ts';
import { sendCommand } from './send-command.ts';

const ATTEMPTS = 20;

/** Throws `INVALID`, `IDEMPOTENCY_KEY_REUSED`, `DOSSIER_PARKED`, `AGENCY_NOT_HERE`, `CONTENDED`. */
export async function actOnDossier(services: NodeServices, act: Act): Promise<Acted> {
  const done = (await findCameBack(services, act)) ?? (await actFromMemory(services, act));
  if (done) return done;
  const repeated = await findRepeated(services, act);
  if (repeated) return repeated;
  const command = readCommand(services, act);
  const numbers: Numbers = {};
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const acted = await actOnce(services, { act, command, numbers });
    // What it was refused over may be its own first effect, come between our looks.
    if (acted?.kind === 'refused') return (await findRepeated(services, act)) ?? (await onRecord(services, act, acted));
    if (acted) return acted;
  }
  throw new DomainError('CONTENDED', 'too many writers on this dossier', {
    subject: act.subject,
    retryAfterSeconds: 1,
  });
}

interface Attempt {
  readonly act: Act;
  readonly command: DossierCommand;
  readonly numbers: Numbers;
}

/** Undefined: somebody else was quicker, to be looked at again. */
async function actOnce(services: NodeServices, { act, command, numbers }: Attempt): Promise<Acted | undefined> {
  const now = services.clock.now();
  const directory = services.directory();
  if (!isValidAt(directory, act.agency, now)) return refused('AGENCY_NOT_VALID', { agency: act.agency });
  const loaded = await services.shelf.load(act.subject);
  const route = routeCommand(directory, act.subject, loaded.head?.hand, now);
  if (!route) return refused('AGENCY_NOT_VALID', { agency: agencyInName(act.subject) });
  const writer = writerOf(command, act, route);
  const isHere = nodeOf(directory, writer, now) === services.node;
  if (services.contracts.travels(act.command) && !(writer === act.agency && isHere)) {
    // Only who holds the dossier answers for what was superseded in it.
    if (act.takesOver !== undefined) return refused('NOT_CUSTODIAN', { agency: act.agency, custodian: writer });
    if (nodeOf(directory, act.agency, now) !== services.node) throw notHere(act.agency);
    return sendCommand(services, act, { command, route });
  }
  const ask = askOf(act, { command, writer, now });
  return decideHere(services, { act, ask, isHere, numbers }, loaded);
}

interface Here {
  readonly act: Act;
  readonly ask: Ask;
  readonly isHere: boolean;
  readonly numbers: Numbers;
}

async function decideHere(services: NodeServices, here: Here, found: LoadedDossier): Promise<Acted | undefined> {
  const { act, ask, isHere, numbers } = here;
  const forked = found.parked?.code === 'FORK' && ask.command.type === 'rehome';
  const loaded = forked ? await sideToKeep(services, found, ask.command) : found;
  if (loaded.parked && !forked)
    throw new DomainError('DOSSIER_PARKED', 'the dossier is parked', { reason: loaded.parked.code });
  const decision = loaded.parked
    ? await decideOnSide(services, loaded, ask)
    : await decideNumbered(services, loaded, ask, { numbers, mayTake: isHere });
  if ('refused' in decision) return { kind: 'refused', ...decision.refused, situation: loaded.state.situation };
  if (!isHere) throw notHere(ask.writer);
  const write: DecidedFacts = {
    writer: ask.writer,
    facts: factsOf(services, act, decision.events),
    occurredAt: ask.occurredAt,
    actor: act.actor,
    origin: await originOf(services, act),
  };
  const planned = await (forked ? planOnSide(services, loaded, write) : planOn(services, loaded, write));
  return commitPlanned(services, act, { loaded, planned });
}

const notHere = (agency: AgencyCode): DomainError =>
  new DomainError('AGENCY_NOT_HERE', 'this agency is served by another node', { agency });

async function originOf({ store }: NodeServices, { correlationId, takesOver }: Act): Promise<Origin> {
  const stored = takesOver === undefined ? undefined : (await store.findByHash([takesOver])).get(takesOver);
  if (!stored) return { correlationId };
  const { message, hash } = openStored(stored);
  return { correlationId, cause: { id: message.id, hash } };
}

function refused(code: RefusalCode, details: RefusalDetails): Acted {
  return { kind: 'refused', code, details, message: refusalMessage({ code, details }), allowed: [] };
}
