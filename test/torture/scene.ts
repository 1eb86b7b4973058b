/** What torments work on, and what a torment is. */
import type { NodeId } from '#libs/kernel';
import type { NodeProcess } from '#tools/embedded';
import type { Chance } from '../../apps/load/chance.ts';
import type { CuttingProxy } from '../../libs/testing/cutting-proxy.ts';
import type { Balancer } from '../support/balancer.ts';
import type { Story } from '../support/story.ts';
import type { Disks } from './disks.ts';

export interface Scene {
  readonly story: Story;
  readonly balancer: Balancer;
  readonly chance: Chance;
  /** Between the first process of each node and its ledger. */
  readonly proxies: ReadonlyMap<NodeId, CuttingProxy>;
  /** The second process of a node, where it has one. */
  readonly seconds: Map<NodeId, NodeProcess>;
  /** Of database and broker; absent where nothing may be mounted. */
  readonly disks: Disks | undefined;
  say(text: string): void;
}
export interface Torment {
  readonly name: string;
  /** Gives what was done, where that is not its name. */
  run(scene: Scene, at: { readonly node: NodeId; readonly ms: number }): Promise<string | undefined | void>;
}
