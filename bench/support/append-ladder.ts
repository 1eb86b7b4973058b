/** Contenders of `append.ts` that add one guarantee each to the one before, on the ledger and the vault of a real node. */
import { commitPersonal, sealMessage } from '#libs/exchange';
import { formatStreamSeq, splitSource, type Hash, type SealedMessage, type Subject } from '#libs/kernel';
import type { AppendUnit, NodeServices, StoredDisclosure } from '#libs/use-cases';
import { someHash, someId, someNode, someSubject } from '../../libs/testing/builders.ts';
import { FINGERPRINT, type ModelDossier, type ModelEvent } from './model-dossier.ts';
import type { Caller, Contender } from './rounds.ts';

interface Place {
  readonly subject: Subject;
  readonly at: number;
  readonly before: SealedMessage | undefined;
}
type Make = (event: ModelEvent, place: Place) => Promise<AppendUnit> | AppendUnit;

const membersAt = ({ unsigned }: ModelEvent, { subject, at, before }: Place) => ({
  ...unsigned,
  id: someId(),
  subject,
  streamseq: formatStreamSeq(at + 1),
  ...(before && { prevhash: before.hash }),
});

/** Named anew with its old bytes and signature: the ledger stores what it is given. */
const renamed = (event: ModelEvent, place: Place): SealedMessage => ({
  ...event.sealed,
  message: { ...event.sealed.message, ...membersAt(event, place) },
  hash: someHash(),
});

function unitFor({ head }: ModelDossier, sealed: SealedMessage, { subject, at }: Place): AppendUnit {
  const change = { subject, expectedRevision: at, head: { ...head, hash: sealed.hash, streamseq: at + 1 } };
  return { messages: [{ sealed, effect: 'extends' }], streams: [change], deliveries: [] };
}

const RECEIVERS = [someNode(), someNode()];
const owed = (unit: AppendUnit, { hash, message }: SealedMessage): AppendUnit => ({
  ...unit,
  deliveries: RECEIVERS.map((receiver) => ({ receiver, message: hash })),
  idempotency: {
    client: 'bench',
    agency: 'H26.129.05',
    key: message.id,
    bodyHmac: FINGERPRINT,
    answer: answerLike(hash, message.subject),
  },
});
const answerLike = (hash: Hash, subject: string): string =>
  JSON.stringify({
    subject,
    events: [{ hash, type: 'step-completed', place: 9 }],
    situation: 'InProcess',
    dossierCode: 'H26.129.05-230614-0001',
    dueAt: '2023-06-14T10:30:00.000Z',
  });

const signed = (services: NodeServices, unsigned: ModelEvent['unsigned']): SealedMessage => {
  const key = services.keys.signingKey(splitSource(unsigned.source)?.name ?? '');
  return sealMessage(unsigned, (bytes) => key.sign(bytes), services.sha256);
};

export function ladderOf(services: NodeServices, model: ModelDossier): readonly Contender[] {
  const unit = (sealed: SealedMessage, place: Place): AppendUnit => unitFor(model, sealed, place);
  const makes: Readonly<Record<string, Make>> = {
    bare: (event, place) => unit(renamed(event, place), place),
    owed: (event, place) => {
      const sealed = renamed(event, place);
      return owed(unit(sealed, place), sealed);
    },
    sealed: (event, place) => {
      const sealed = signed(services, membersAt(event, place));
      return owed(unit(sealed, place), sealed);
    },
    vaulted: async (event, place) => {
      const sealed = await vaulted(services, event, place);
      return owed(unit(sealed, place), sealed);
    },
  };
  return Object.entries(makes).map(([name, make]) => ({
    name,
    callers: (count) => Array.from({ length: count }, () => callerOf(services, model, make)),
  }));
}

async function vaulted(services: NodeServices, event: ModelEvent, place: Place): Promise<SealedMessage> {
  const pointers = services.contracts.personalPointers('dossier', event.name, 1);
  const committed = commitPersonal(event.data, pointers, () => services.ids.randomBytes(32), services.sha256);
  const sealed = signed(services, { ...membersAt(event, place), data: committed.data });
  const rows = committed.disclosures.map(({ pointer, subject, disclosure }): StoredDisclosure => ({
    stream: place.subject,
    event: sealed.hash,
    pointer,
    subject,
    disclosure,
  }));
  await services.vault.put(rows);
  return sealed;
}

function callerOf(services: NodeServices, { events }: ModelDossier, make: Make): Caller {
  let place: Place = { subject: someSubject(), at: 0, before: undefined };
  return async () => {
    if (place.at === events.length) place = { subject: someSubject(), at: 0, before: undefined };
    const unit = await make(events[place.at] as ModelEvent, place);
    const { kind } = await services.store.append(unit);
    if (kind !== 'appended') throw new Error(kind);
    place = { ...place, at: place.at + 1, before: unit.messages[0]?.sealed };
  };
}
