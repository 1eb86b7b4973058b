import type { LifeFacts, LifeMark } from '../ports/index.ts';

/** Why a database is not the one that the mark was made on, or not as far. */
export type Disagreement =
  | 'OTHER_DATABASE'
  | 'OTHER_TIMELINE'
  | 'OTHER_LIFE'
  | 'BEHIND_MARK'
  | 'LOG_DIFFERS'
  | 'BEHIND_PUBLISHED'
  | 'BEHIND_RECEIPT';

/** `facts.hashAt` is that of the mark's last entry. Undefined: they agree. */
export function disagreement(mark: LifeMark, facts: LifeFacts): Disagreement | undefined {
  if (mark.disproved !== undefined) return mark.disproved as Disagreement;
  const { system, database, timeline } = facts.identity;
  if (mark.system !== system || mark.database !== database) return 'OTHER_DATABASE';
  // A server that was put back to an earlier moment, or one that followed another and now leads: either may lack the last
  // second, which the mark does not know yet. 0: it follows, and appends nothing.
  if (mark.timeline !== timeline && timeline !== 0) return 'OTHER_TIMELINE';
  if (mark.life !== facts.life) return 'OTHER_LIFE';
  if (facts.size < mark.size) return 'BEHIND_MARK';
  return mark.size > 0 && mark.lastHash !== facts.hashAt ? 'LOG_DIFFERS' : undefined;
}

export const markOf = ({ identity, life, size, lastHash }: LifeFacts): LifeMark => ({
  ...identity,
  life,
  size,
  ...(lastHash && { lastHash }),
});
