/**
 * Loops that an operator has stopped, one by one or for one peer. A switch is what the last act about it in the ledger says.
 * What is stopped waits where it stands; nothing is lost by a stop, and nothing is started by itself. Proved by
 * `stop-switches.spec.ts`.
 */
import { DomainError, type Instant, type NodeId } from '#libs/kernel';

/**
 * `deliveries`: what is owed to one peer, with reminders and what it asks for again; receipts to it go on. `receipts`: to
 * everybody; who gets none sends again and reminds, at its own pace. `repeat-commands`: own commands without an outcome.
 */
export const STOPPABLE_LOOPS = [
  'deliveries',
  'redrive',
  'ask-for-gaps',
  'release-held',
  'receipts',
  'repeat-commands',
  'prune',
] as const;
export type StoppableLoop = (typeof STOPPABLE_LOOPS)[number];

export interface LoopName {
  readonly loop: StoppableLoop;
  /** Of `deliveries`, and of no other. */
  readonly peer?: NodeId;
}
export interface StoppedLoop extends LoopName {
  readonly since: Instant;
  readonly by: string;
  readonly reason: string;
}
export interface LoopAct {
  readonly about: string;
  readonly act: string;
  readonly at: Instant;
  readonly by: string;
  readonly reason: string;
}

/** What acts about a loop are filed under. */
export const aboutLoop = ({ loop, peer }: LoopName): string =>
  ['loop', loop, ...(peer === undefined ? [] : [peer])].join('/');

/** `acts`: of any loops, in the order of the ledger. */
export function stoppedLoops(acts: readonly LoopAct[]): readonly StoppedLoop[] {
  const last = new Map(acts.map((act) => [act.about, act]));
  return [...last.values()].flatMap(({ about, act, at, by, reason }) => {
    const name = loopIn(about);
    return act === 'loop-stopped' && name ? [{ ...name, since: at, by, reason }] : [];
  });
}

function loopIn(about: string): LoopName | undefined {
  const [, loop, peer] = about.split('/');
  const known = STOPPABLE_LOOPS.find((name) => name === loop);
  return known && { loop: known, ...(peer === undefined ? {} : { peer: peer as NodeId }) };
}

/** Throws `LOOP_UNKNOWN`: deliveries are stopped for one peer, every other loop as a whole. */
export function loopNamed(loop: string, peer: NodeId | undefined): LoopName {
  const known = STOPPABLE_LOOPS.find((name) => name === loop);
  if (!known || (known === 'deliveries') !== (peer !== undefined))
    throw new DomainError('LOOP_UNKNOWN', 'there is no such loop to stop', { loop });
  return { loop: known, ...(peer === undefined ? {} : { peer }) };
}
