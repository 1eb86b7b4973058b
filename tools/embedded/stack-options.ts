/** What a caller of `openStack` says. */
import type { WorkClock } from '#libs/config';
import type { NodeId } from '#libs/kernel';
import type { Say } from '#tools/stack';
import type { KafkaGiven } from './kafka-place.ts';
import type { Crash } from './restarts.ts';
import type { PostgresGiven } from './postgres-place.ts';
import type { NodeWanted } from './topology.ts';

export type Phase = 'postgres' | 'kafka' | 'keys' | 'databases' | 'broker' | 'directory' | 'nodes';
/** Runs the work of a phase; for showing what goes on and how long it took. */
export type RunPhase = <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;

export interface StackOptions {
  readonly dataDir: string;
  /** Absent: the three nodes of the demo. */
  readonly nodes?: readonly NodeWanted[];
  /** Absent: the nodes run on the real clock, or on what `startNodes` is given. */
  readonly workClock?: WorkClock;
  /** Existing servers; absent: embedded ones. */
  readonly postgres?: PostgresGiven;
  readonly kafka?: KafkaGiven;
  readonly say?: Say;
  readonly runPhase?: RunPhase;
  /** Nodes that end although nobody asked are started again, once each; told at each change. Absent: they stay down. */
  readonly onCrash?: (crash: Readonly<Crash>) => void;
  /** A node found that its database was put back: it is waited for until somebody has run `lienthong recover`. */
  readonly onRecovering?: (node: NodeId) => void;
}
