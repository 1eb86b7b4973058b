import type { TextField } from './closed-grammar.ts';

export interface MetricEntry {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit:
    | 'boolean'
    | 'bytes'
    | 'commands'
    | 'dossiers'
    | 'messages'
    | 'openings'
    | 'records'
    | 'reports'
    | 'rows'
    | 'seconds'
    | 'turns'
    | 'units';
  readonly labels: readonly TextField[];
  readonly means: string;
  /** What to do when it is bad. */
  readonly bad: string;
  readonly buckets?: readonly number[];
}
