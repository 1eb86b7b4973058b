/**
 * The end of a fork (design 4): a `rehomed` on the branch to be kept. A forked dossier has no last event of a main branch,
 * so the command names, as the last event known to the sender (`expectedHash`), the one at the end of the side to keep; the
 * decision is made on the dossier as that side has it. Where the fold does not understand that side (`NOT_UNDERSTOOD`), the
 * hand that its bytes show is enough; the dossier then has one history, and its fold waits for an upgrade as ever.
 * Proved by `rehome-fork.int.spec.ts`.
 */
import { branchUpTo, deliveriesFor, findHandAt, judgeOnGraph, partOf, type StreamGraph } from '#libs/exchange';
import { decideRehomeUnfolded, type Decision, type DossierCommand } from '#libs/dossier';
import { DomainError, type Hash } from '#libs/kernel';
import { contextFor, type Ask } from '../decide/decision-context.ts';
import { foldMain, type LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { sealFact, type PlannedUnit } from '../write-events/write-events.ts';
import type { DecidedFacts } from './plan-on.ts';

/** The dossier as one side of its fork has it. Throws `FORK_SIDE_UNKNOWN` when no side ends with the event named. */
export async function sideToKeep(
  services: NodeServices,
  { subject, head }: LoadedDossier,
  { data }: DossierCommand,
): Promise<LoadedDossier> {
  const graph = (await services.store.loadGraphs([subject])).get(subject);
  const named = 'expectedHash' in data ? data.expectedHash : undefined;
  const last = graph && endsOfSides(graph).find(({ hash }) => hash === named);
  if (!head || !last)
    throw new DomainError('FORK_SIDE_UNKNOWN', 'expectedHash names the last event of the side to keep', {
      sides: graph ? endsOfSides(graph).map(({ hash }) => hash) : [],
    });
  const branch = new Set(branchUpTo(graph, last.hash).map(({ hash }) => hash));
  const events = (await services.store.readStream(subject, 'all'))
    .map(openStored)
    .filter(({ hash }) => branch.has(hash));
  const hand = findHandAt(graph, last.hash);
  const { hash, streamseq, recordedtime } = last;
  return {
    subject,
    head: { ...head, hash, streamseq, recordedtime, ...(hand ? { hand } : {}) },
    ...foldMain(
      services.contracts,
      events.toSorted((a, b) => placeOf(a.message) - placeOf(b.message)),
    ),
    mainHashes: branch,
  };
}

/** On a side whose fold stands still. */
export async function decideOnSide(services: NodeServices, side: LoadedDossier, ask: Ask): Promise<Decision> {
  const hand = side.head?.hand;
  if (ask.command.type !== 'rehome' || !hand) throw new DomainError('INTERNAL', 'a side of a fork is in some hand');
  return decideRehomeUnfolded(ask.command, hand, await contextFor(services, side, ask));
}

const placeOf = ({ streamseq }: { readonly streamseq?: string }): number => Number(streamseq);

/** Contested or superseded events that none follows: where a side, or a branch inside it, ends. */
function endsOfSides({ head, events }: StreamGraph): StreamGraph['events'] {
  const followed = new Set<Hash | undefined>(events.map(({ prevhash }) => prevhash));
  const aside = new Set(head?.superseded);
  return events.filter(({ hash }) => aside.has(hash) && !followed.has(hash));
}

/** Judged as a receiver would; everybody is sent the whole stream, every branch of it, since none is known to hold it. */
export async function planOnSide(
  services: NodeServices,
  { subject, head }: LoadedDossier & { readonly head?: StreamHead },
  { writer, facts: [fact], ...write }: DecidedFacts,
): Promise<PlannedUnit> {
  if (!head || !fact) throw new DomainError('INTERNAL', 'a side of a fork has events');
  const { sealed, disclosures } = sealFact(services, head, { ...write, subject, agency: writer, facts: [fact] }, fact);
  const graph = (await services.store.loadGraphs([subject])).get(subject);
  const directory = services.directory();
  const judgement = graph && judgeOnGraph(sealed, { graph, directory, known: { ids: new Map() } });
  if (judgement?.kind !== 'recorded' || !judgement.stream)
    throw new DomainError('INTERNAL', 'an own rehomed does not pass the border', { judgement: judgement?.kind });
  const events = (await services.store.readStream(subject, 'all')).map(openStored).map(partOf);
  const stream = { head: { ...head, receivers: [] }, events };
  return {
    events: [sealed],
    disclosures,
    unit: {
      messages: [{ sealed, effect: judgement.effect }],
      streams: [{ subject, ...judgement.stream }],
      deliveries: deliveriesFor(stream, sealed, { ownNode: services.node, directory }),
    },
  };
}
