/** Histories of dossiers, as several nodes hold them, laid side by side: the same bytes, or who differs. */
import type { Verification } from '#libs/use-cases';

export type Histories = Verification['histories'];
export interface Difference {
  readonly subject: string;
  /** By node: events of the main branch and the digest over their bytes. */
  readonly held: readonly { readonly node: string; readonly events: number; readonly digest: string }[];
}
export interface Comparison {
  /** Dossiers that any node holds. */
  readonly dossiers: number;
  /** Of these, held by more than one node. */
  readonly shared: number;
  readonly identical: number;
  /** Of these, held by some as an earlier part, because they are recipients no more; absent while nobody has looked. */
  readonly earlierParts?: number;
  readonly differences: readonly Difference[];
}

export function compareHistories(byNode: ReadonlyMap<string, Histories>): Comparison {
  const holders = new Map<string, Difference['held'][number][]>();
  for (const [node, histories] of byNode) {
    for (const [subject, history] of histories) {
      if (!subject.startsWith('dossier/')) continue;
      const held = holders.get(subject) ?? [];
      held.push({ node, ...history });
      holders.set(subject, held);
    }
  }
  const shared = [...holders].filter(([, held]) => held.length > 1);
  const differences = shared
    .filter(([, held]) => new Set(held.map(({ digest }) => digest)).size > 1)
    .map(([subject, held]) => ({ subject, held }));
  return {
    dossiers: holders.size,
    shared: shared.length,
    identical: shared.length - differences.length,
    differences,
  };
}
