/** From judged records to what the ledger is asked to do in one transaction. */
import { judgeInOrder, type Judged, type StreamGraph } from '#libs/exchange';
import type { Hash, SealedMessage, Subject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { HeldMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import type { ArrivedRecord, Candidate, IngestPlan } from './arrived.ts';
import { PlanDesk } from './plan-desk.ts';

/** `heldBefore`: those of the records that are held so far, and are judged again. */
export async function planRecords(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  heldBefore: readonly HeldMessage[] = [],
): Promise<IngestPlan> {
  const candidates = arrived.flatMap(candidateOf);
  const waiting = await findWaiting(
    services,
    candidates.map(({ sealed }) => sealed.hash),
  );
  const events = waiting.filter(({ subject }) => !subject.startsWith('exchange/'));
  const judged = await judge(services, candidates, events.map(openStored));
  const desk = new PlanDesk(services, { candidates, waiting, heldBefore });
  await desk.loadGraphs(judged);
  for (const one of judged) desk.enter(one);
  for (const one of arrived) desk.enterArrived(one);
  return desk.plan();
}

function candidateOf({ judged, arrival, record }: ArrivedRecord): readonly Candidate[] {
  if (!judged.ok || judged.sealed.class === 'exchange' || judged.sealed.class === 'directory') return [];
  const recordKey = record.key ? new TextDecoder().decode(record.key) : '';
  return [
    {
      sealed: judged.sealed,
      arrival,
      recordKey,
      ...(judged.tooEarly === undefined ? {} : { tooEarly: judged.tooEarly }),
    },
  ];
}

/** Held messages that wait for one of these, and those that wait for them. */
async function findWaiting(services: NodeServices, hashes: readonly Hash[]): Promise<readonly HeldMessage[]> {
  const found = new Map<Hash, HeldMessage>();
  for (let asked = hashes; asked.length > 0;) {
    const children = (await services.store.findHeldWaitingFor(asked)).filter(({ hash }) => !found.has(hash));
    for (const child of children) found.set(child.hash, child);
    asked = children.map(({ hash }) => hash);
  }
  return [...found.values()];
}

async function judge(
  services: NodeServices,
  candidates: readonly Candidate[],
  waiting: readonly SealedMessage[],
): Promise<readonly Judged[]> {
  const all = [...candidates.map(({ sealed }) => sealed), ...waiting];
  if (all.length === 0) return [];
  const subjects = [
    ...new Set(all.filter((sealed) => sealed.class === 'event').map((sealed) => sealed.message.subject as Subject)),
  ];
  const [graphs, ids] = await Promise.all([
    services.store.loadGraphs(subjects),
    services.store.findIds(all.map(({ message }) => ({ source: message.source, id: message.id }))),
  ]);
  const unlinked = all.flatMap(({ message }) => (message.prevhash === undefined ? [] : [message.prevhash as Hash]));
  const hashes = await findForeign(services, unlinked, graphs);
  return judgeInOrder(candidates, { graphs, known: { ids, hashes }, directory: services.directory(), waiting });
}

/** Hashes named as predecessors that are recorded, but not in the stream that names them. */
async function findForeign(
  services: NodeServices,
  named: readonly Hash[],
  graphs: ReadonlyMap<Subject, StreamGraph>,
): Promise<ReadonlySet<Hash>> {
  const own = new Set([...graphs.values()].flatMap(({ events }) => events.map(({ hash }) => hash)));
  const missing = named.filter((hash) => !own.has(hash));
  return missing.length === 0 ? new Set() : new Set((await services.store.findByHash(missing)).keys());
}
