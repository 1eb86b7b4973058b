/**
 * An orderly end in bounded time. States: *stopping* (step after step, each finished before the next begins) → *stopped*,
 * or *overdue*: the time is over, what is unfinished is named, and nothing more is waited for. What fails is
 * reported, counts as unfinished, and does not keep the later steps from their turn. Proved by `stop-in-order.spec.ts`, and over a process by
 * `test/stories/stop.story.spec.ts`.
 */

/** Pieces of work by name; those of one step end side by side. */
export type StopStep = Readonly<Record<string, () => Promise<unknown>>>;

export interface StopWanted {
  readonly withinMs: number;
  readonly failed: (name: string, error: unknown) => void;
}

/** Names of what failed or did not finish in time, and of what never had its turn; empty: all is done. */
export async function stopInOrder(
  steps: readonly StopStep[],
  { withinMs, failed }: StopWanted,
): Promise<readonly string[]> {
  const unfinished = new Set(steps.flatMap((step) => Object.keys(step)));
  const inOrder = async (): Promise<void> => {
    for (const step of steps) {
      await Promise.all(
        Object.entries(step).map(async ([name, work]) => {
          try {
            await work();
            unfinished.delete(name);
          } catch (error) {
            failed(name, error);
          }
        }),
      );
    }
  };
  const { promise: overdue, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  await Promise.race([inOrder(), overdue]);
  clearTimeout(timer);
  return [...unfinished];
}
