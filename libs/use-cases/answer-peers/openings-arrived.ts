/**
 * Openings that came in (wire format 4): unsealed, each disclosure checked against the digest at its pointer in the event
 * it opens, and put into the vault under this node's own data keys; the JWE is forgotten. Digests decide, so any holder may
 * send them. What opens an event that is not recorded yet is held until it is.
 */
import { checkDisclosure, decodeOpenings, type Opening } from '#libs/exchange';
import {
  DomainError,
  isJsonObject,
  splitSource,
  splitType,
  type Hash,
  type Message,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { ArrivedRecord, IngestPlan } from '../ingest-mailbox/arrived.ts';

import type { NodeServices } from '../node-services.ts';
import type { Arrival, HeldMessage, StoredDisclosure } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { subjectOfPointer } from './subject-of-pointer.ts';

export interface OpeningsArrived {
  readonly sealed: SealedMessage;
  readonly arrival: Arrival;
  readonly openings: readonly Opening[];
}

/** Unsealed `openings` messages of this batch, and those freed by it. A JWE that does not open is reported and dropped. */
export function findOpenings(
  services: NodeServices,
  arrived: readonly ArrivedRecord[],
  plan: IngestPlan,
): readonly OpeningsArrived[] {
  const fresh = arrived.flatMap(({ judged, arrival }) =>
    judged.ok && judged.tooEarly === undefined && isOpenings(judged.sealed) ? [{ sealed: judged.sealed, arrival }] : [],
  );
  const freed = plan.freedExchange
    .map((held) => ({ sealed: openStored(held), arrival: held.arrival }))
    .filter(({ sealed }) => isOpenings(sealed));
  return [...fresh, ...freed].flatMap((message) => {
    const openings = unseal(services, message.sealed);
    return openings ? [{ ...message, openings }] : [];
  });
}

const isOpenings = ({ message }: SealedMessage): boolean => splitType(message.type)?.name === 'openings';

function unseal(services: NodeServices, { message }: SealedMessage): readonly Opening[] | undefined {
  const from = splitSource(message.source)?.name;
  if (message.subject !== `exchange/${from}/${services.node}`) return undefined;
  const compact = message.data['sealed'];
  try {
    const openings = typeof compact === 'string' ? decodeOpenings(services.keys.openJwe(compact)) : undefined;
    if (!openings) services.report({ code: 'OPENINGS_MALFORMED', details: { from } });
    return openings;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    services.report({ code: error.code, details: { from } });
    return undefined;
  }
}

/** Puts what fits into the vault; gives the messages to hold for an event that is neither recorded nor in the plan. */
export async function storeOpenings(
  services: NodeServices,
  arrived: readonly OpeningsArrived[],
  plan: IngestPlan,
): Promise<readonly HeldMessage[]> {
  if (arrived.length === 0) return [];
  const wanted = [...new Set(arrived.flatMap(({ openings }) => openings.map(({ event }) => event)))];
  const stored = await services.store.findByHash(wanted.filter((hash) => !plan.recorded.has(hash)));
  const find = (hash: Hash): Message | undefined => {
    const planned = plan.recorded.get(hash);
    const row = stored.get(hash);
    return planned?.message ?? (row && openStored(row).message);
  };
  const fitting = arrived.flatMap(({ openings }) =>
    openings.flatMap((opening) => disclosuresOf(services, opening, find(opening.event))),
  );
  if (fitting.length > 0) await services.vault.put(fitting);
  return arrived.flatMap((message) => {
    const missing = message.openings.find(({ event }) => find(event) === undefined);
    return missing ? [holdFor(services, message, missing.event)] : [];
  });
}

function disclosuresOf(
  services: NodeServices,
  opening: Opening,
  event: Message | undefined,
): readonly StoredDisclosure[] {
  const sd = event?.data['_sd'];
  if (!event || !isJsonObject(sd)) return [];
  return opening.disclosures.flatMap((disclosure) => {
    const field = checkDisclosure(sd, disclosure, services.sha256);
    if (!field) {
      services.report({ code: 'OPENING_REFUSED', details: { event: opening.event } });
      return [];
    }
    const subject = subjectOfPointer(services.contracts, event.type, field.pointer);
    return [{ stream: event.subject as Subject, event: opening.event, pointer: field.pointer, subject, disclosure }];
  });
}

/** An exchange message that speaks of an event which is not here yet. */
export function holdFor(
  services: NodeServices,
  { sealed, arrival }: Pick<OpeningsArrived, 'sealed' | 'arrival'>,
  event: Hash,
): HeldMessage {
  return {
    hash: sealed.hash,
    reason: 'GAP',
    waitsFor: event,
    subject: sealed.message.subject as Subject,
    source: sealed.message.source,
    heldSince: services.wallClock.now(),
    arrival,
    recordKey: splitSource(sealed.message.source)?.name ?? '',
    bytes: sealed.bytes,
  };
}
