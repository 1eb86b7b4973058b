import type { EventStore } from '#libs/use-cases';
import type { People } from './people.ts';
import type { SimNode } from './sim-node.ts';
import type { World } from './world.ts';

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** Looks at the ledgers past every process: what is there is there, whoever lives. */
export interface Observed {
  readonly node: SimNode;
  readonly store: EventStore;
  /** Rows seen before, which may never change. */
  seen: number;
  /** Of the node, when it was looked at last. */
  restores: number;
}

/** A world and its ledgers, past every process. */
export interface Seen {
  readonly observed: readonly Observed[];
  readonly world: World;
  readonly people: People;
}
