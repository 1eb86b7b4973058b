/** A dossier read from a ledger's database, without any node: what the API would show of it, masked. */
import { fold, initialState } from '#libs/dossier';
import { supersededIn } from '#libs/exchange';
import { openEventStore } from '#libs/event-store-postgres';
import type { DossierView, EventView } from '#libs/http-api';
import {
  isJsonObject,
  parseAgencyCode,
  parseUuid,
  dossierSubject,
  splitSource,
  type SealedMessage,
} from '#libs/kernel';
import { openStored, recordedEvent, warningsOf, type StoredMessage } from '#libs/use-cases';
import { UsageError } from '../failures.ts';
import type { FoundDossier, Named } from './history-source.ts';

/** @throws UsageError unless the stream is named; DomainError of the store */
export async function findInLedger(url: string, named: Named): Promise<FoundDossier | undefined> {
  if (named.kind !== 'stream') throw new UsageError('--database: dossier/<cơ quan · agency>/<uuid>');
  const store = await openEventStore({ url, softwareVersion: 'show' });
  try {
    const subject = dossierSubject(parseAgencyCode(named.agency), parseUuid(named.id));
    const [head, all, main] = await Promise.all([
      store.findHead(subject),
      store.readStream(subject, 'all'),
      store.readStream(subject, 'main'),
    ]);
    if (!head) return undefined;
    const onMain = new Set(main.map(({ hash }) => hash));
    const events = main.map(viewOf);
    const superseded = all.filter(({ hash }) => !onMain.has(hash)).map(viewOf);
    const parked = head.fork ? { parked: 'FORK' } : {};
    return {
      node: new URL(url).pathname.slice(1),
      dossier: { ...stateOf(main), ...parked, superseded: supersededIn(all.map(openStored)) },
      history: { events, superseded },
    };
  } finally {
    await store.close();
  }
}

function viewOf(stored: StoredMessage): EventView {
  const { message, hash } = openStored(stored);
  const { _sd: committed, _sd_alg: _, ...clear } = message.data;
  return {
    hash,
    place: Number(message.streamseq),
    type: message.type,
    agency: splitSource(message.source)?.name ?? message.source,
    occurredAt: message.time,
    recordedAt: message.recordedtime,
    data: clear,
    masked: isJsonObject(committed) ? Object.keys(committed) : [],
    erased: [],
    logIndex: stored.logIndex,
    effect: stored.effect,
  };
}

function stateOf(main: readonly StoredMessage[]): DossierView {
  const events = main.map(openStored);
  const { state, parked } = fold(events.map(recordedEvent), initialState);
  const last = events.at(-1) as SealedMessage;
  const head = { hash: last.hash, place: events.length, recordedAt: last.message.recordedtime };
  const bare = { subject: last.message.subject, head, allowed: [], superseded: [] };
  if (state.situation === 'NotFiled') return { ...bare, situation: state.situation, receivingAgency: '', facts: {} };
  const { facts, situation } = state;
  const { hand, dossierCode, due, receivingAgency } = facts;
  return {
    ...bare,
    situation,
    receivingAgency,
    facts,
    ...warningsOf(state),
    ...(dossierCode !== undefined && { dossierCode }),
    ...(hand.kind === 'held' && { custodian: hand.custodian }),
    ...(hand.kind === 'transit' && { inTransit: { from: hand.from, to: hand.to } }),
    ...(due !== undefined && { dueAt: due.dueAt }),
    ...(parked && { parked: 'NOT_UNDERSTOOD' }),
  };
}
