/**
 * Who is let in, and whose turn it is. A request *enters* (or is refused, before its body is read), *waits* for a turn, is
 * *worked* on, and *leaves*; one that only waits for another node's outcome stands *aside*, among few. Promises:
 *
 * - No more than `inside` requests are in, waiting and worked on; no more than `working` are worked on; `aside` stand aside.
 * - Of the free places one party gets as many as it leaves free: alone it gets half, the next party half of the rest
 *   (dynamic thresholds, Choudhury and Hahne 1998). So a party that floods never takes the last place from another.
 * - Turns go round: each party that waits gets one before any gets two, in the order in which each party's requests came.
 * - Whoever goes away while it waits is not worked on. Whoever goes away later keeps its place until the work has ended, so
 *   that what is worked on is what is counted.
 *
 * Proved by fair-turns.spec.ts, which looks at the order of turns.
 */
import { DomainError } from '#libs/kernel';

export interface TurnLimits {
  readonly inside: number;
  readonly working: number;
  readonly aside: number;
}
export interface Place {
  /** Resolves when it is this one's turn. Rejects if it is given up before. */
  turn(): Promise<void>;
  /** From now on nothing is done but waiting for a peer. False: too many do so already. */
  stepAside(): boolean;
  /** The work has ended, well or not. */
  done(): void;
  /** The client has gone, or was answered. */
  abandon(): void;
}
type Stage = 'entered' | 'waiting' | 'working' | 'aside' | 'left';

interface Entry {
  readonly party: string;
  stage: Stage;
  begunAt: number;
  begin: () => void;
  giveUp: () => void;
}

/** Of the mean time that the last turns took. */
const WEIGHT = 0.1;
const LONGEST_WAIT_S = 60;

const nothing = (): void => undefined;
const overloaded = (retryAfterSeconds: number): DomainError =>
  new DomainError('OVERLOADED', 'too many requests are inside', { retryAfterSeconds });

export class FairTurns {
  readonly #limits: TurnLimits;
  readonly #now: () => number;
  readonly #insideOf = new Map<string, number>();
  /** In the order of turns. */
  readonly #waiting = new Map<string, Entry[]>();
  readonly #counts = { inside: 0, working: 0, aside: 0 };
  #meanMs = 0;

  /** @param now milliseconds of a clock that only runs forward */
  constructor(limits: TurnLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Throws `OVERLOADED` with `retryAfterSeconds`. */
  enter(party: string): Place {
    const free = this.#limits.inside - this.#counts.inside;
    const own = this.#insideOf.get(party) ?? 0;
    if (free <= 0 || own >= Math.max(1, free)) throw overloaded(this.retryAfterSeconds());
    this.#counts.inside += 1;
    this.#insideOf.set(party, own + 1);
    const entry: Entry = { party, stage: 'entered', begunAt: 0, begin: nothing, giveUp: nothing };
    return {
      turn: () => this.#turn(entry),
      stepAside: () => this.#stepAside(entry),
      done: () => this.#leave(entry),
      abandon: () => {
        if (entry.stage === 'entered' || entry.stage === 'waiting') this.#leave(entry);
      },
    };
  }

  /** In which what is inside now will have been worked on, as the last turns went. */
  retryAfterSeconds(): number {
    const seconds = Math.ceil((this.#counts.inside * this.#meanMs) / this.#limits.working / 1000);
    return Math.min(Math.max(seconds, 1), LONGEST_WAIT_S);
  }

  get counts(): { readonly inside: number; readonly working: number; readonly aside: number } {
    return { ...this.#counts };
  }

  #turn(entry: Entry): Promise<void> {
    if (entry.stage !== 'entered') return Promise.reject(overloaded(1));
    return new Promise((resolve, reject) => {
      entry.stage = 'waiting';
      entry.begin = resolve;
      entry.giveUp = () => reject(overloaded(1));
      const queue = this.#waiting.get(entry.party);
      if (queue) queue.push(entry);
      else this.#waiting.set(entry.party, [entry]);
      this.#next();
    });
  }

  #next(): void {
    while (this.#counts.working < this.#limits.working) {
      const [first] = this.#waiting;
      if (!first) return;
      const [party, queue] = first;
      const entry = queue.shift();
      this.#waiting.delete(party);
      if (queue.length > 0) this.#waiting.set(party, queue);
      if (entry) this.#begin(entry);
    }
  }

  #begin(entry: Entry): void {
    entry.stage = 'working';
    entry.begunAt = this.#now();
    this.#counts.working += 1;
    entry.begin();
  }

  #stepAside(entry: Entry): boolean {
    if (entry.stage !== 'working' || this.#counts.aside >= this.#limits.aside) return false;
    this.#giveBack(entry);
    entry.stage = 'aside';
    this.#counts.aside += 1;
    this.#next();
    return true;
  }

  #leave(entry: Entry): void {
    const { stage } = entry;
    if (stage === 'left') return;
    if (stage === 'aside') this.#counts.aside -= 1;
    else this.#giveBack(entry);
    entry.stage = 'left';
    this.#next();
  }

  /** The place inside, and the turn. */
  #giveBack(entry: Entry): void {
    this.#counts.inside -= 1;
    const own = (this.#insideOf.get(entry.party) ?? 1) - 1;
    if (own > 0) this.#insideOf.set(entry.party, own);
    else this.#insideOf.delete(entry.party);
    if (entry.stage === 'waiting') this.#stopWaiting(entry);
    if (entry.stage !== 'working') return;
    this.#counts.working -= 1;
    const took = this.#now() - entry.begunAt;
    this.#meanMs = this.#meanMs === 0 ? took : this.#meanMs + WEIGHT * (took - this.#meanMs);
  }

  #stopWaiting(entry: Entry): void {
    const queue = this.#waiting.get(entry.party) ?? [];
    queue.splice(queue.indexOf(entry), 1);
    if (queue.length === 0) this.#waiting.delete(entry.party);
    entry.giveUp();
  }
}
