/**
 * Several processes of a node behind one address, as a load balancer has it: `/ready` says who is asked, requests go round,
 * and none is sent again.
 */
import type { NodeId } from '#libs/kernel';

export interface Served {
  readonly url: string;
}
const LOOK_EVERY_MS = 50;

export class Balancer {
  /** Requests that got no answer, or one of those that say "not now": by method and path. */
  readonly failures: string[] = [];
  private readonly behind = new Map<NodeId, { readonly served: Served; isIn: boolean; answered: number }[]>();
  private readonly front: ReadonlyMap<NodeId, string>;
  private readonly looking: NodeJS.Timeout;
  private isLooking = false;
  private readonly turns = new Map<NodeId, number>();

  /** `front`: the address by which clients know each node. */
  constructor(front: ReadonlyMap<NodeId, string>) {
    this.front = front;
    this.looking = setInterval(() => void this.lookAgain(), LOOK_EVERY_MS);
  }

  /** Resolves once it is asked. */
  async add(node: NodeId, served: Served): Promise<void> {
    const others = this.behind.get(node) ?? [];
    this.behind.set(node, [
      ...others.filter((one) => one.served.url !== served.url),
      { served, isIn: false, answered: 0 },
    ]);
    await this.look();
  }

  answered(node: NodeId): readonly number[] {
    return (this.behind.get(node) ?? []).map(({ answered }) => answered);
  }

  end(): void {
    clearInterval(this.looking);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : input.toString();
    const [node, base] = [...this.front].find(([, url]) => address.startsWith(url)) ?? [];
    const open = (node === undefined ? [] : (this.behind.get(node) ?? [])).filter(({ isIn }) => isIn);
    const turn = (node && this.turns.get(node)) ?? 0;
    if (node !== undefined) this.turns.set(node, turn + 1);
    const one = open[turn % open.length];
    const what = `${init?.method ?? 'GET'} ${new URL(address).pathname}`;
    if (one === undefined || base === undefined) {
      this.failures.push(`${what}: nobody is ready`);
      throw new Error(`nobody is ready at ${address}`);
    }
    try {
      const response = await fetch(one.served.url + address.slice(base.length), init);
      if (response.status >= 500 || response.status === 429) this.failures.push(`${what}: ${response.status}`);
      one.answered += 1;
      return response;
    } catch (error) {
      this.failures.push(`${what}: ${String(error instanceof Error ? (error.cause ?? error) : error)}`);
      throw error;
    }
  };

  private async lookAgain(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    await this.look();
    this.isLooking = false;
  }

  private async look(): Promise<void> {
    const all = [...this.behind.values()].flat();
    await Promise.all(
      all.map(async (one) => {
        one.isIn = await isReady(one);
      }),
    );
  }
}

/** Who is slow to say is left as it was. */
async function isReady({ served, isIn }: { readonly served: Served; readonly isIn: boolean }): Promise<boolean> {
  try {
    return (await fetch(`${served.url}/ready`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch (error) {
    return isIn && error instanceof Error && error.name === 'TimeoutError';
  }
}
