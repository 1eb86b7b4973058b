/**
 * Mail for an agency that has moved away, from those who did not know it yet: events of its streams, and outcomes of its
 * commands. Commands that it would decide find their way by themselves (`passOn`). What was written here goes to every
 * recipient by the directory anyway, and what comes from where the agency is now is known there.
 */
import { nodeOf, type Move } from '#libs/directory';
import { agencyInHand, agencySource, splitSource, type AgencyCode, type Hash, type Subject } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { StoredMessage, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { owe, oweEvents } from './hand-over.ts';

export async function passOnMail(services: NodeServices, move: Move, page: readonly StoredMessage[]): Promise<void> {
  const arrived = page.filter((stored) => stored.arrival.kind === 'mailbox' && !isFromThere(services, move, stored));
  const bySubject = new Map<Subject, Hash[]>();
  for (const stored of arrived.filter(({ class: of }) => of === 'event')) {
    const subject = openStored(stored).message.subject as Subject;
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), stored.hash]);
  }
  for (const [subject, events] of bySubject) {
    const head = await services.store.findHead(subject);
    if (head && concerns(head, move.agency)) await oweEvents(services, move.to, events);
  }
  const outcomes = arrived.filter(({ class: of }) => of === 'outcome');
  await owe(
    services,
    (await answersTo(services, move.agency, outcomes)).map((message) => ({ receiver: move.to, message })),
  );
}

function isFromThere(services: NodeServices, { to }: Move, stored: StoredMessage): boolean {
  const author = splitSource(openStored(stored).message.source);
  return (
    author?.kind === 'agency' && nodeOf(services.directory(), author.name as AgencyCode, services.clock.now()) === to
  );
}

const concerns = ({ parties, hand }: StreamHead, agency: AgencyCode): boolean =>
  parties.includes(agency) || (hand !== undefined && agencyInHand(hand) === agency);

async function answersTo(
  { store }: NodeServices,
  agency: AgencyCode,
  outcomes: readonly StoredMessage[],
): Promise<readonly Hash[]> {
  const causes = new Map(outcomes.map((stored) => [stored.hash, openStored(stored).message.causationhash as Hash]));
  const commands = await store.findByHash([...new Set(causes.values())]);
  return [...causes].flatMap(([outcome, cause]) => {
    const command = commands.get(cause);
    return command && openStored(command).message.source === agencySource(agency) ? [outcome] : [];
  });
}
