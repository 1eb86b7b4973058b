import type { Say } from './messages.ts';
import type { Ports } from './ports.ts';

/** What starting a server needs besides the files of its data directory. */
export interface ServerMeans {
  readonly say: Say;
  readonly ports: Ports;
}
