import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { CODE, INSTANT } from './grammars.ts';

/** Query of `GET /v1/totals`. An agency that is none is refused as MALFORMED. */
export class TotalsQuery {
  @IsOptional()
  @IsString()
  agency?: string;
}

/** Query of `GET /v1/dossiers`. */
export class ListQuery extends TotalsQuery {
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
  @IsIn(['true'])
  parked?: string;

  /** Something superseded in it waits for the custodian's answer. */
  @IsOptional()
  @IsIn(['true'])
  unanswered?: string;

  @IsOptional()
  @IsIn(['newest', 'due', 'updated'])
  order?: 'newest' | 'due' | 'updated';

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

/** Query of `GET /v1/quarantine`. */
export class QuarantineQuery {
  @IsOptional()
  @Matches(CODE)
  code?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

/** Query of `GET /v1/log`. */
export class LogQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(-1)
  after?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}
