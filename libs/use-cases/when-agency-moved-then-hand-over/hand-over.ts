/** What the node that served an agency before owes the one that serves it now, when it first sees that the agency has moved. */
import type { Move } from '#libs/directory';
import { agencySource, instantToMs, type Hash, type NodeId, type Subject } from '#libs/kernel';
import { isRemembered } from '../answer-peers/holdings.ts';
import { findDuties } from '../answer-peers/opening-duties.ts';
import type { NodeServices } from '../node-services.ts';
import type { Delivery, StoredMessage } from '../ports/index.ts';
import { commandOpenings } from '../send-openings/send-command-again.ts';

const PAGE = 400;

/** Streams first: a command says little to a node that does not know its dossier. */
export async function handOverAll(services: NodeServices, move: Move): Promise<void> {
  await handOverStreams(services, move);
  await handOverCommands(services, move);
}

async function handOverStreams(services: NodeServices, { agency, to }: Move): Promise<void> {
  for (let after: Subject | undefined; ;) {
    const page = await services.store.listHoldings({ agencies: [agency] }, after, PAGE);
    for (const { subject } of page) {
      const events = await services.store.readStream(subject, 'all');
      await oweEvents(
        services,
        to,
        events.map(({ hash }) => hash),
      );
    }
    after = page.at(-1)?.subject;
    if (page.length < PAGE) return;
  }
}

/** Each with what the receiver may see of it. What it was sent before keeps its number, and goes again if there is anything to see. */
export async function oweEvents(services: NodeServices, to: NodeId, events: readonly Hash[]): Promise<void> {
  const due = new Map((await findDuties(services, to, events)).map((opening) => [opening.event, opening]));
  await owe(
    services,
    events.map((message) => {
      const opening = due.get(message);
      return { receiver: to, message, ...(opening ? { openings: [opening] } : {}) };
    }),
  );
}

async function handOverCommands(services: NodeServices, { agency, to }: Move): Promise<void> {
  const nowMs = instantToMs(services.clock.now());
  for (let after = -1; ;) {
    const page = await services.store.readCommandsOf([agencySource(agency)], after, PAGE);
    for (const stored of page) if (isRemembered(stored, nowMs)) await handOverCommand(services, to, stored);
    const last = page.at(-1);
    if (!last) return;
    after = last.logIndex;
  }
}

/** Its outcome goes to where the agency is now, so one without an outcome waits there and no longer here. */
async function handOverCommand(services: NodeServices, to: NodeId, { hash, arrival }: StoredMessage): Promise<void> {
  const outcomes = (await services.store.findCaused(hash)).filter(({ class: of }) => of === 'outcome');
  await owe(services, [
    { receiver: to, message: hash, openings: commandOpenings(hash), hops: (arrival.hops ?? 0) + 1 },
    ...outcomes.map((outcome) => ({ receiver: to, message: outcome.hash })),
  ]);
  if (outcomes.length === 0 && arrival.kind === 'local') await services.store.markPassedOn(hash);
}

export async function owe(services: NodeServices, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length > 0) await services.store.append({ messages: [], streams: [], deliveries });
}
