/**
 * A planned day: plain data, a function of seed, number of dossiers, start and reference data. Every act is there with its
 * time, its data and who does it, before the first one is sent; so a day can be repeated, act for act and key for key.
 */
import type { DossierCommandName, Role } from '#libs/dossier';
import type { AgencyCode, Instant, JsonObject, LocalDate, ProcedureCode, Uuid } from '#libs/kernel';
import type { Incident } from './mix.ts';

export interface PlannedStep {
  /** Unique within the dossier; part of the idempotency key. */
  readonly key: string;
  /** Work time: when it happens, and the earliest moment at which it is sent. */
  readonly at: Instant;
  /** Who asks. */
  readonly agency: AgencyCode;
  readonly role: Role;
  /** In whose hand the dossier is: writes the events. Another one than `agency`: the command goes from node to node. */
  readonly writer: AgencyCode;
  readonly command: DossierCommandName;
  readonly data: JsonObject;
  /** Events that a node adds by itself once this one is accepted: the acceptance of a transfer. */
  readonly follows: number;
  readonly race?: Race;
}

/** A command against a transfer that the next agency may accept first, by itself. Both ways are planned. */
export interface Race {
  /** Refusal codes that mean: accepted meanwhile. */
  readonly lostOn: readonly string[];
  readonly won: readonly PlannedStep[];
  readonly lost: readonly PlannedStep[];
}

export interface PlannedDossier {
  readonly id: Uuid;
  /** The agency in the stream's name. */
  readonly receivingAgency: AgencyCode;
  readonly procedure: ProcedureCode;
  readonly channel: 'direct' | 'online' | 'public-post';
  /** Number of legs of the route: above 1 the dossier leaves the agency that received it. */
  readonly legs: number;
  readonly incident: Incident;
  readonly steps: readonly PlannedStep[];
}

export interface DayPlan {
  readonly seed: string;
  readonly date: LocalDate;
  readonly dossiers: readonly PlannedDossier[];
}
