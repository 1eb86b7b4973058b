/**
 * Openings for a peer (wire format 4): read from the vault, sealed for the peer's encryption key, one JWE per receiver
 * and batch. Every opening is a row of the register before it leaves, kept as long as the ledger.
 */
import { encodeOpenings } from '#libs/exchange';
import { encryptionKeyOf } from '#libs/directory';
import { DomainError, type Hash, type NodeId, type SealedMessage } from '#libs/kernel';
import { sealExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import type { OpeningDue, StoredDisclosure } from '../ports/index.ts';

export interface SealedOpenings {
  /** Exchange messages `openings`. */
  readonly sealed: readonly SealedMessage[];
  /** The events and commands that they open; of the others nothing is held (any more). */
  readonly opened: ReadonlySet<Hash>;
}

/** What is due, as far as it is held. Throws `PEER_KEY_UNKNOWN`. */
export async function sealOpenings(
  services: NodeServices,
  receiver: NodeId,
  due: readonly OpeningDue[],
): Promise<SealedOpenings> {
  const held = await services.vault.find([...new Set(due.map((opening) => opening.event))]);
  const allowed = held.filter((disclosure) => due.some((opening) => opens(opening, disclosure)));
  if (allowed.length === 0) return { sealed: [], opened: new Set() };
  const key = encryptionKeyOf(services.directory(), receiver, services.clock.now());
  if (!key)
    throw new DomainError('PEER_KEY_UNKNOWN', 'the directory names no encryption key of the receiving node', {
      receiver,
    });
  const purposes = new Map(due.map((opening) => [opening.event, opening.purpose]));
  await services.vault.recordSent(
    allowed.map((disclosure) => ({
      event: disclosure.event,
      pointer: disclosure.pointer,
      receiver,
      keyId: key.kid,
      purpose: purposes.get(disclosure.event) ?? 'unstated',
      sentAt: services.clock.now(),
    })),
  );
  const sealed = encodeOpenings(byEvent(allowed)).map((plaintext) =>
    sealExchange(services, receiver, 'openings', { sealed: services.keys.sealJwe(plaintext, key) }),
  );
  return { sealed, opened: new Set(allowed.map(({ event }) => event)) };
}

function opens(due: OpeningDue, disclosure: StoredDisclosure): boolean {
  return due.event === disclosure.event && (due.pointers === 'all' || due.pointers.includes(disclosure.pointer));
}

function byEvent(disclosures: readonly StoredDisclosure[]): readonly { event: Hash; disclosures: readonly string[] }[] {
  const grouped = new Map<Hash, string[]>();
  for (const { event, disclosure } of disclosures) grouped.set(event, [...(grouped.get(event) ?? []), disclosure]);
  return [...grouped].map(([event, strings]) => ({ event, disclosures: strings }));
}
