import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import { HASH, INSTANT, NODE, UUID } from './grammars.ts';

/** Of every command: its data by its published schema, personal values in clear. */
class GivenBody {
  /** When it happened, UTC with milliseconds; absent: now. May lie in the past (entered later), never in the future. */
  @IsOptional()
  @Matches(INSTANT)
  occurredAt?: string;

  @IsObject()
  data!: Record<string, unknown>;
}

/** Body of `POST /v1/dossiers/{agency}/{id}/{command}`. */
export class CommandBody extends GivenBody {
  /**
   * Hash of a superseded event of the dossier that the custodian takes over by this command (`superseded` of the dossier shows
   * which wait); what comes of it has that event as its cause. Never sent to another node.
   */
  @IsOptional()
  @Matches(HASH)
  takesOver?: string;
}

/** Body of `POST /v1/dossiers`: files a dossier. The UUID is the caller's, so that filing twice meets the same dossier. */
export class FileDossierBody extends GivenBody {
  @IsString()
  @Matches(UUID)
  id!: string;

  /** An agency code; what is none is refused as MALFORMED, like one in an address. */
  @IsString()
  receivingAgency!: string;
}

/** As in the contract `operation.personal-data-revealed`. */
export const REVEAL_REASONS = ['handling', 'applicant-asks', 'correction', 'complaint', 'audit', 'other'] as const;

/** Body of `POST /v1/dossiers/{agency}/{id}/reveal`: masked fields seen for a stated reason, recorded. */
export class RevealBody {
  @IsIn(REVEAL_REASONS)
  reason!: string;

  /** In words: kept like personal data. */
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  note?: string;

  /** Event hash whose fields are wanted; absent: all events of the dossier. */
  @IsOptional()
  @Matches(HASH)
  event?: string;
}

/** As in the contract `operation.quarantine-released`. */
export const RELEASE_REASONS = [
  'directory-corrected',
  'believed-log-shown',
  'configuration-corrected',
  'judged-again',
  'other',
] as const;

/** As in the contract `operation.recovery-ordered`. */
export const RECOVERY_REASONS = [
  'backup-restored',
  'database-moved',
  'mark-lost',
  'peer-does-not-answer',
  'other',
] as const;

/** Body of `POST /v1/recovery`. */
export class RecoverBody {
  /** Nodes that are not waited for. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @Matches(NODE, { each: true })
  without?: string[];

  @IsIn(RECOVERY_REASONS)
  reason!: string;

  @IsOptional()
  @IsString()
  @Length(1, 2000)
  note?: string;
}

/** Body of `POST /v1/quarantine/{number}/release`. */
export class ReleaseBody {
  @IsIn(RELEASE_REASONS)
  reason!: string;

  @IsOptional()
  @IsString()
  @Length(1, 2000)
  note?: string;
}
