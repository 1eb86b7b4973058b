/**
 * What comes in with a command, so that a decision is a function of its arguments: time, who asks, who would write, the
 * rules of calendar, procedure and directory at that time, and what only the ledger and the vault know.
 */
import type { AgencyCode, DossierCode, Hash, Instant, Subject, Uuid } from '#libs/kernel';
import type { SubmittedData } from './generated/events.ts';
import type { ResultDocument } from './generated/shapes.ts';
import type { DirectoryRules, ProcedureRules, RetentionRules } from './reference-rules.ts';
import type { Role } from './roles.ts';

export interface DecisionContext {
  /** The dossier's stream; the agency in its name may file it. */
  readonly dossier: Subject;
  /** When the decision is recorded: `recordedtime` of the events. */
  readonly now: Instant;
  /** When the act happened (Nghị định 61/2018 Art 39(1): entered later): `time` of the events. */
  readonly time: Instant;
  /** `expirytime` of a command that came as a message; absent for a call of this node's own API. */
  readonly expiresAt?: Instant;
  /** The agency that asks: the source of the command. */
  readonly requester: AgencyCode;
  /** The agency that would write the events: one of this node's, in the ordinary way the custodian. */
  readonly writer: AgencyCode;
  /** Roles of the officer; absent when the requester's node has answered for them (a command from another node). */
  readonly roles?: readonly Role[];
  readonly directory: DirectoryRules;
  readonly procedures: ProcedureRules;
  readonly retention: RetentionRules;
  /** Where an event of this stream stands; undefined: not held. */
  readonly findEvent: (hash: Hash) => EventStanding | undefined;
  /** The superseded event that the custodian takes over by this command. */
  readonly takesOver?: Hash;
  /** A fresh UUID, for what the decision begins (an identity check). */
  readonly freshId: Uuid;
  /** What the writer's counters give, for a decision that receives the dossier; taken only then, so a gap is harmless. */
  readonly issued?: { readonly dossierCode: DossierCode; readonly registerNumber: number };
  /** From the vault. */
  readonly opened?: OpenedValues;
}

export type EventStanding =
  | { readonly on: 'main' }
  /** `type`: the name in it. `answered`: it, or another of its author at its place. */
  | { readonly on: 'superseded'; readonly type: string; readonly answered: boolean };

/** Personal values that an event repeats from an earlier one; state never holds them. */
export interface OpenedValues {
  /** `receive-dossier`: what was submitted, with later corrections. */
  readonly submitted?: SubmittedData;
  /** `mark-result-ready` without results: those of `resolved`. */
  readonly results?: Readonly<Record<string, ResultDocument>>;
  /** `accept-custody`: events of the main branch whose openings have not arrived. */
  readonly missing?: readonly Hash[];
}
