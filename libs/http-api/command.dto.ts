import { IsISO8601, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const AGENCY = /^[A-Y][0-9]{2}(\.[0-9A-Z]{1,6}){0,4}$/;

/** Body of `POST /v1/dossiers/{agency}/{id}/{command}`: the command's data by its published schema, personal values in clear. */
export class CommandBody {
  /** When it happened, UTC with milliseconds; absent: now. May lie in the past (entered later), never in the future. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(INSTANT)
  occurredAt?: string;

  @IsObject()
  data!: Record<string, unknown>;
}

/** Body of `POST /v1/dossiers`: files a dossier. The UUID is the caller's, so that filing twice meets the same dossier. */
export class FileDossierBody extends CommandBody {
  @IsString()
  @Matches(UUID)
  id!: string;

  @IsString()
  @Matches(AGENCY)
  receivingAgency!: string;
}

/** Query of `GET /v1/dossiers`. */
export class ListQuery {
  @IsOptional()
  @IsString()
  @Matches(AGENCY)
  agency?: string;

  @IsOptional()
  @IsString()
  @Length(1, 40)
  state?: string;

  @IsOptional()
  @Matches(INSTANT)
  dueBefore?: string;

  @IsOptional()
  @IsString()
  @Length(1, 60)
  code?: string;

  @IsOptional()
  @IsString()
  @Length(1, 400)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

/** Query of `GET /v1/dossiers/{agency}/{id}` and its events: as of a version (place) or a time (recorded). */
export class AsOfQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version?: number;

  @IsOptional()
  @Matches(INSTANT)
  at?: string;
}

/** Body of `POST /v1/dossiers/{agency}/{id}/reveal`: masked fields seen for a stated reason, recorded. */
export class RevealBody {
  @IsString()
  @Length(5, 500)
  reason!: string;

  /** Event hash whose fields are wanted; absent: all events of the dossier. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  event?: string;
}

/** Body of `POST /v1/quarantine/{id}/release`. */
export class ReleaseBody {
  @IsString()
  @Length(5, 500)
  reason!: string;
}
