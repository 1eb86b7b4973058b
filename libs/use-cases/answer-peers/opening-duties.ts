import {
  committedPointers,
  handAfterEvent,
  openingDuties,
  openingsDue,
  partOf,
  strongest,
  toEventNode,
  type OpeningDue,
} from '#libs/exchange';
import { nodeOf } from '#libs/directory';
import {
  splitSource,
  type AgencyCode,
  type Hand,
  type Hash,
  type NodeId,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

/**
 * Of these events and commands, the openings that `peer` may have by the duties which the streams gave its agencies: those it
 * served when the event was recorded, and those it serves now, since an agency takes what it may see along when it moves.
 */
export async function findDuties(
  services: NodeServices,
  peer: NodeId,
  wanted: readonly Hash[],
): Promise<readonly OpeningDue[]> {
  const stored = [...(await services.store.findByHash(wanted)).values()].map(openStored);
  const subjects = [
    ...new Set(stored.filter((sealed) => sealed.class === 'event').map(({ message }) => message.subject as Subject)),
  ];
  const due: OpeningDue[] = [];
  for (const subject of subjects) {
    due.push(...dutiesIn(services, peer, await mainBranch(services, subject)));
    if (await isCustodian(services, peer, subject)) due.push(...toCustodian(stored, subject));
  }
  const ofCommands = await commandDuties(services, peer, stored);
  return strongest([...due, ...ofAuthor(services, peer, stored), ...ofCommands]).filter(({ event }) =>
    wanted.includes(event),
  );
}

async function mainBranch(services: NodeServices, subject: Subject): Promise<readonly SealedMessage[]> {
  return (await services.store.readStream(subject, 'main')).map(openStored);
}

async function isCustodian(services: NodeServices, peer: NodeId, subject: Subject): Promise<boolean> {
  const hand = (await services.store.findHead(subject))?.hand;
  return hand?.kind === 'held' && nodeOf(services.directory(), hand.custodian, services.clock.now()) === peer;
}

/** Who holds a dossier answers for all of it, what was superseded in it as well. */
const toCustodian = (stored: readonly SealedMessage[], subject: Subject): readonly OpeningDue[] =>
  stored
    .filter((sealed) => sealed.message.subject === subject && committedPointers(sealed).length > 0)
    .map(({ hash }) => ({ event: hash, pointers: 'all', purpose: 'custody' }));

/** Who wrote an event has known what it says: a node whose vault was put back gets its own openings again. */
function ofAuthor(services: NodeServices, peer: NodeId, stored: readonly SealedMessage[]): readonly OpeningDue[] {
  const at = services.clock.now();
  return stored
    .filter((sealed) => {
      const author = splitSource(sealed.message.source);
      const isAgency = sealed.class === 'event' && author?.kind === 'agency';
      return isAgency && nodeOf(services.directory(), author.name as AgencyCode, at) === peer;
    })
    .map(({ hash }) => ({ event: hash, pointers: 'all', purpose: 'author' }));
}

function dutiesIn(services: NodeServices, peer: NodeId, events: readonly SealedMessage[]): readonly OpeningDue[] {
  const [directory, now] = [services.directory(), services.clock.now()];
  let hand: Hand | undefined;
  return events.flatMap((event, index) => {
    const duties = openingDuties(event, hand, directory).filter(
      ({ node, agency }) => node === peer || nodeOf(directory, agency, now) === peer,
    );
    hand = handAfterEvent(hand, toEventNode(event));
    return duties.flatMap((duty) =>
      openingsDue((duty.reach === 'stream' ? events.slice(0, index + 1) : [event]).map(partOf), duty),
    );
  });
}

/** A command's openings go to the node it was sent to. */
async function commandDuties(
  services: NodeServices,
  peer: NodeId,
  stored: readonly SealedMessage[],
): Promise<readonly OpeningDue[]> {
  const commands = stored.filter((sealed) => sealed.class === 'command' && committedPointers(sealed).length > 0);
  const due: OpeningDue[] = [];
  for (const command of commands) {
    if (await services.store.wasSentTo(peer, command.hash))
      due.push({ event: command.hash, pointers: 'all', purpose: 'command' });
  }
  return due;
}
