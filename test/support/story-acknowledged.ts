/** Keeps what nodes acknowledged: each command answered 2xx, by whom, and how to send the very same request again. */
import type { CommandView } from '#libs/http-api';
import type { NodeId } from '#libs/kernel';

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
