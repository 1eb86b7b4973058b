/**
 * Silence past the deadline of an opinion or a task is put on record by the custodian's node, and holds nothing up (Nghị định
 * 61/2018 Art 19(5)(b)). Found through the list of dossiers, decided on the ledger: two processes may find the same one, and
 * the decider lets one of them mark it. Proved by `when-opinion-deadline-passes-then-overdue.int.spec.ts`.
 */
import { decide, type DossierCommand } from '#libs/dossier';
import type { AgencyCode, JsonObject, Subject } from '#libs/kernel';
import { headOf, planOn, type PlannedFacts } from '../act-on-dossier/plan-on.ts';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import { eachAlone } from '../each-alone.ts';
import type { DossierDeadlines } from '../ports/index.ts';

const PAGE = 200;

/** Gives how many were marked. `own`: the agencies of this node. */
export async function markOverdueOpinions(
  services: NodeServices,
  deadlines: DossierDeadlines,
  own: readonly AgencyCode[],
): Promise<number> {
  let marked = 0;
  const due = await deadlines.findOpinionsDue(services.clock.now(), own, PAGE);
  await eachAlone(services, due, {
    work: async (subject) => {
      marked += await markOverdue(services, subject);
    },
    name: (subject) => subject,
  });
  return marked;
}

async function markOverdue(services: NodeServices, subject: Subject): Promise<number> {
  const loaded = await services.shelf.load(subject);
  const { head, state, parked } = loaded;
  if (parked || state.situation === 'NotFiled' || head?.hand?.kind !== 'held') return 0;
  const now = services.clock.now();
  const requests = Object.entries(state.facts.opinions)
    .filter(
      ([, { givenAt, overdueSince, dueAt }]) => givenAt === undefined && overdueSince === undefined && dueAt < now,
    )
    .map(([request]) => request);
  let at: LoadedDossier | undefined = loaded;
  let marked = 0;
  for (const request of requests) {
    at = at && (await markOne(services, at, { request, writer: head.hand.custodian }));
    if (at) marked += 1;
  }
  return marked;
}

/** The dossier after it; undefined: not allowed now, or somebody else was quicker. */
async function markOne(
  services: NodeServices,
  loaded: LoadedDossier,
  { request, writer }: { readonly request: string; readonly writer: AgencyCode },
): Promise<LoadedDossier | undefined> {
  const command = { type: 'mark-opinion-overdue', data: { request } as JsonObject } as unknown as DossierCommand;
  const ask: Ask = { command, requester: writer, writer, roles: ['automation'], occurredAt: services.clock.now() };
  const decision = decide(command, loaded.state, await contextFor(services, loaded, ask));
  if ('refused' in decision) return undefined;
  const planned = await planOn(services, loaded, {
    writer,
    facts: decision.events as unknown as PlannedFacts,
    occurredAt: ask.occurredAt,
    actor: { authtype: 'system', authid: 'opinion-overdue' },
    origin: { correlationId: services.ids.uuid7() },
  });
  await services.vault.put(planned.disclosures);
  if ((await services.store.append(planned.unit)).kind !== 'appended') return undefined;
  const after = services.shelf.after(loaded, headOf(planned.unit, loaded), planned.events);
  services.shelf.keep(after);
  services.bell.ring();
  return after;
}
