import type { Subject } from '#libs/kernel';
import type { AppendUnit, AppendVerdict } from '#libs/use-cases';

interface Problem {
  readonly unit: number;
  readonly kind: 'repeat' | 'conflict' | 'id-reused' | 'key-reused';
  readonly indexes?: readonly number[];
  readonly answer?: string;
  readonly subject?: string;
  readonly revision?: number | null;
}
/** What `lt.append` gives. */
export interface AppendAnswer {
  readonly first: number;
  readonly problems: readonly Problem[] | null;
}

function verdictOf(problem: Problem): AppendVerdict {
  switch (problem.kind) {
    case 'repeat':
      return {
        kind: 'repeat',
        logIndexes: problem.indexes ?? [],
        ...(problem.answer !== undefined && { answer: problem.answer }),
      };
    case 'conflict':
      return { kind: 'conflict', subject: problem.subject as Subject, revision: problem.revision ?? 0 };
    case 'id-reused':
    case 'key-reused':
      return { kind: problem.kind };
  }
}

/** Messages of the units without a problem stand in the log one after the other from `first` on. */
export function readVerdicts(units: readonly AppendUnit[], { first, problems }: AppendAnswer): AppendVerdict[] {
  let next = first;
  return units.map(({ messages }, at) => {
    const problem = problems?.find(({ unit }) => unit === at + 1);
    if (problem) return verdictOf(problem);
    const logIndexes = messages.map((_, nth) => next + nth);
    next += messages.length;
    return { kind: 'appended', logIndexes };
  });
}

/** Stream over which an ingest batch met others: it is judged again. Undefined: recorded, now or before. */
export function findConflict(answer: AppendAnswer, fallback: Subject): Subject | undefined {
  const problem = answer.problems?.[0];
  if (!problem || problem.kind === 'repeat') return undefined;
  return (problem.subject as Subject | undefined) ?? fallback;
}
