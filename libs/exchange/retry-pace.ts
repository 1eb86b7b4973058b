/**
 * How fast what failed is tried again. Nothing owed is ever given up (design 13, G12): a budget bounds how often a loop
 * tries in all, not how long. Pauses double and are spread by the name of what waits, so that what failed at one moment does
 * not come back at one moment; the spread follows from the name alone, so a simulated world with a seed stays the same.
 * Proved by `retry-pace.spec.ts`.
 */
export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}
/** A pause is shortened by up to this part of it. */
const SPREAD = 0.25;

/** `times`: how often it was tried again before. The first pause is as long as it says, so that no rule of the wire format is cut short. */
export function pauseBefore(name: string, times: number, { firstMs, longestMs }: Pauses): number {
  const whole = Math.min(firstMs * 2 ** Math.min(times, 40), longestMs);
  return Math.max(firstMs, Math.round(whole * (1 - SPREAD * partOf(`${name}/${times}`))));
}

/** FNV-1a, 32 bits: even enough to spread, and no more than that. From 0, below 1. */
function partOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0) / 2 ** 32;
}

export interface BudgetOf {
  /** So many at once after a quiet time. */
  readonly most: number;
  readonly perSecond: number;
}

/** Tries that a loop has left. What finds none waits for its next turn, in the queue it stands in. */
export class RetryBudget {
  private readonly budget: BudgetOf;
  private left: number;
  private sinceMs: number | undefined;

  constructor(budget: BudgetOf) {
    this.budget = budget;
    this.left = budget.most;
  }

  /** Whether one more may be tried now. */
  take(nowMs: number): boolean {
    const { most, perSecond } = this.budget;
    const passedMs = Math.max(0, nowMs - (this.sinceMs ?? nowMs));
    this.left = Math.min(most, this.left + (passedMs / 1000) * perSecond);
    this.sinceMs = nowMs;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
