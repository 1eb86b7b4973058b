/** What automations ask of the lists of dossiers. Answers are of the entries folded so far: an asker decides on the ledger. */
import type { AgencyCode, Instant, Subject } from '#libs/kernel';

export interface DossierDeadlines {
  /** Running dossiers in these hands with an opinion or task overdue and not yet marked so, the longest overdue first. */
  findOpinionsDue(now: Instant, custodians: readonly AgencyCode[], limit: number): Promise<readonly Subject[]>;
}
