/**
 * Which command is possible in which situation, what it may lead to, who may ask for it. The one source: `decide` refuses
 * by it, `evolve` takes from it which event a situation provides for, the API offers from it what may be asked next, and
 * the pages in `docs/generated` are drawn from it. `command-table.spec.ts` proves that all of them agree.
 */
import type { DossierCommandName } from './generated/commands.ts';
import type { CommandRow } from './command-row.ts';
import { INTAKE_ROWS } from './command-table.intake.ts';
import { WORK_ROWS } from './command-table.work.ts';
import { END_ROWS } from './command-table.end.ts';
import type { RefusalCode } from './refusal-codes.ts';

export const COMMAND_TABLE: Readonly<Record<DossierCommandName, CommandRow>> = {
  ...INTAKE_ROWS,
  ...WORK_ROWS,
  ...END_ROWS,
};

/** Codes that any command may meet, in the order in which they are found. */
export const COMMON_REFUSALS = [
  'EXPIRED',
  'TIME_IN_FUTURE',
  'ROLE_NOT_ALLOWED',
  'DOSSIER_UNKNOWN',
  'NOT_A_PARTY',
  'STALE',
  'EVENT_UNKNOWN',
  'EVENT_NOT_SUPERSEDED',
  'ALREADY_CORRECTED',
  'DOSSIER_EXISTS',
  'DOSSIER_IN_TRANSIT',
  'DOSSIER_RELEASED',
  'SUPPLEMENT_NOT_OPEN',
  'COMMAND_NOT_ALLOWED',
  'NOT_THE_REHOMER',
  'NOT_THE_AGENCY_NAMED',
  'NOT_THE_AGENCY_ASKED',
  'NOT_THE_RECEIVING_AGENCY',
  'NOT_CUSTODIAN',
  'PROCEDURE_UNKNOWN',
  'EVENT_OF_ANOTHER_TYPE',
] as const satisfies readonly RefusalCode[];
