/** Exit codes of every command, as in evidence bundles (wire format 9). */
export const EXIT = {
  /** Done; what was checked is whole. */
  ok: 0,
  /** Done, and not whole; or refused. */
  failed: 1,
  /** Called wrongly, or wrongly configured. */
  usage: 2,
  /** Could not be checked or reached. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
