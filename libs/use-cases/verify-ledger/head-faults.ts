/** What the database keeps of a stream beside the bytes, held against what follows from the bytes. */
import type { EventNode, StreamGraph, StreamHead } from '#libs/exchange';
import type { Fault } from './verification.ts';

type HeadFault = Pick<Fault, 'code' | 'detail'>;

/** `found`: from the bytes; `kept`: the row of the stream and the columns of its events. */
export function findHeadFaults(found: StreamGraph, kept: StreamGraph): readonly HeadFault[] {
  if (!found.head || !kept.head) return [{ code: 'HEAD_MISSING' }];
  return [...compare(found.head, kept.head), ...eventFaults(found.events, kept.events)];
}

function compare(found: StreamHead, kept: StreamHead): readonly HeadFault[] {
  const faults: HeadFault[] = [];
  if (found.hash !== kept.hash || found.streamseq !== kept.streamseq || found.revision !== kept.revision)
    faults.push({ code: 'HEAD_DIFFERS', detail: `place ${kept.streamseq}, found ${found.streamseq}` });
  if (JSON.stringify(found.hand ?? null) !== JSON.stringify(kept.hand ?? null)) faults.push({ code: 'HAND_DIFFERS' });
  if (found.fork !== kept.fork || found.branched !== kept.branched) faults.push({ code: 'FORK_DIFFERS' });
  if (found.superseded.toSorted().join() !== kept.superseded.toSorted().join())
    faults.push({ code: 'SUPERSEDED_DIFFERS' });
  return faults;
}

const asText = (node: EventNode): string => JSON.stringify(node, Object.keys(node).sort());

function eventFaults(found: readonly EventNode[], kept: readonly EventNode[]): readonly HeadFault[] {
  const known = new Map(found.map((node) => [node.hash, asText(node)]));
  const differs = kept.filter((node) => known.get(node.hash) !== asText(node));
  const faults = differs.map(({ hash }) => ({ code: 'COLUMNS_DIFFER', detail: hash }));
  return kept.length === found.length ? faults : [...faults, { code: 'EVENTS_DIFFER', detail: `${kept.length} kept` }];
}
