/**
 * Most acts are about a dossier that this process wrote to last, under a fresh key, and allowed. Such an act is decided on
 * what the process remembers and appended without a look into the ledger first, since the append judges key and revision
 * anyway: a dossier that others have written to meanwhile is a conflict, a key that is known a repeat.
 *
 * Promise: an act that turns out to be anything else has had no effect (undefined), and is then done from the ledger; a
 * refusal, too, which may be owed to a memory that others have overtaken, or to the act's own first time. Not for acts that
 * take numbers from counters: a repeat would leave a gap in the register. Proved by `act-from-memory.int.spec.ts`.
 */
import { isValidAt, nodeOf } from '#libs/directory';
import { takesFromCounters } from '#libs/dossier';
import { routeCommand } from '#libs/exchange';
import { decideNumbered } from '../decide/decide-numbered.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { PlannedUnit } from '../write-events/write-events.ts';
import type { Act } from './act.ts';
import type { Acted } from './answer.ts';
import { commitPlanned } from './commit-planned.ts';
import { factsOf, planOn } from './plan-on.ts';
import { askOf, readCommand, writerOf } from './read-act.ts';

export async function actFromMemory(services: NodeServices, act: Act): Promise<Acted | undefined> {
  const loaded = services.shelf.remembered(act.subject);
  if (!loaded || loaded.parked || act.takesOver !== undefined) return undefined;
  const planned = await plan(services, act, loaded).catch(() => undefined);
  return planned && commitPlanned(services, act, { loaded, planned });
}

/** Undefined, or an error: not as simple as that. */
async function plan(services: NodeServices, act: Act, loaded: LoadedDossier): Promise<PlannedUnit | undefined> {
  const command = readCommand(services, act);
  const now = services.clock.now();
  const directory = services.directory();
  if (takesFromCounters(command) || !isValidAt(directory, act.agency, now)) return undefined;
  const route = routeCommand(directory, act.subject, loaded.head?.hand, now);
  const writer = route && writerOf(command, act, route);
  if (writer !== act.agency || nodeOf(directory, writer, now) !== services.node) return undefined;
  const ask = askOf(act, { command, writer, now });
  const decision = await decideNumbered(services, loaded, ask, { numbers: {}, mayTake: false });
  if ('refused' in decision) return undefined;
  return planOn(services, loaded, {
    writer,
    facts: factsOf(services, act, decision.events),
    occurredAt: ask.occurredAt,
    actor: act.actor,
    origin: { correlationId: act.correlationId },
  });
}
