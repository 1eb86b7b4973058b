/** Keeps what nodes acknowledged: each command answered 2xx, by whom, and how to send the very same request again. */
import type { CommandView } from '#libs/http-api';
import type { NodeId } from '#libs/kernel';
import { openStored, type StoredMessage } from '#libs/use-cases';
import { messagesAt } from './story-ends.ts';
import type { Story } from './story.ts';

export interface Acknowledged {
  readonly node: NodeId;
  readonly view: CommandView;
  /** The same bytes under the same idempotency key. */
  again(this: void): Promise<CommandView>;
}

export function acknowledging(
  urls: ReadonlyMap<NodeId, string>,
  send: typeof fetch = fetch,
): {
  readonly acknowledged: Acknowledged[];
  readonly fetch: typeof fetch;
} {
  const acknowledged: Acknowledged[] = [];
  const nodeAt = (url: string): NodeId | undefined => [...urls].find(([, base]) => url.startsWith(base))?.[0];
  const recording: typeof fetch = async (input, init) => {
    const response = await send(input, init);
    const node = nodeAt(input instanceof Request ? input.url : input.toString());
    if (init?.method !== 'POST' || !response.ok || node === undefined) return response;
    const { signal: _of, ...same } = init;
    acknowledged.push({
      node,
      view: (await response.clone().json()) as CommandView,
      again: async () => (await (await send(input, same)).json()) as CommandView,
    });
    return response;
  };
  return { acknowledged, fetch: recording };
}

/** Hashes that a node has acknowledged, and that its ledger does not hold. */
export async function findLost(story: Story, acknowledged: readonly Acknowledged[]): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const node of story.nodes) {
    const there = new Set<string>((await messagesAt(story, node)).map(({ hash }) => hash));
    const promised = acknowledged.filter((one) => one.node === node).flatMap(({ view }) => hashesIn(view));
    lost.push(...promised.filter((hash) => !there.has(hash)));
  }
  return lost;
}

const hashesIn = ({ command, events }: CommandView): readonly string[] => [
  ...(command === undefined ? [] : [command]),
  // Events of a command that was sent on are in the ledger of whoever decided; they reach this node with the dossier.
  ...events.map(({ hash }) => hash),
];

/** Requests that are answered otherwise when they are sent again. */
export async function findChanged(acknowledged: readonly Acknowledged[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { view, again } of acknowledged) {
    const [first, now] = [factOf(view), factOf(await again())];
    if (first !== now) changed.push(`${first} is now ${now}`);
  }
  return changed;
}

/** What an answer promises for ever; a command that was pending may have its outcome by now. */
const factOf = ({ command, subject, events }: CommandView): string =>
  JSON.stringify(command === undefined ? { subject, events: events.map(({ hash }) => hash) } : { subject, command });

/**
 * Commands with outcomes that differ. The requester's own node may confirm what another has done before it reads the other's
 * answer: the same word about the same events, which is one effect.
 */
export function answeredTwice(messages: readonly StoredMessage[]): readonly unknown[] {
  const answers = new Map<string, Set<string>>();
  for (const { message } of messages.filter((stored) => stored.class === 'outcome').map(openStored)) {
    const { causationhash = '', type, data } = message;
    answers.set(causationhash, (answers.get(causationhash) ?? new Set()).add(JSON.stringify([type, data])));
  }
  return [...answers].filter(([, outcomes]) => outcomes.size > 1).map(([command, outcomes]) => [command, ...outcomes]);
}
