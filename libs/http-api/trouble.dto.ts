/** Requests about messages in trouble, redrive jobs and stop switches. Codes as in the contracts `operation.*`. */
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CODE, INSTANT, UUID } from './grammars.ts';

const SOURCE = /^urn:lienthong:(agency|node|registrar):[A-Za-z0-9.-]{1,64}$/;
const SUBJECT = /^[a-z]+\/[0-9A-Za-z./-]{1,150}$/;
const CURSOR = /^[\x21-\x7e]{1,400}$/;
const NODE = /^[a-z0-9](-?[a-z0-9]){0,47}$/;
const QUARANTINE_STAGES = ['bytes', 'envelope', 'key', 'signature', 'known', 'entitled'] as const;

/** Query of `GET /v1/trouble`. */
export class TroubleQuery {
  /** Seconds from which on what is owed or asked counts as trouble. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(31_536_000)
  olderThan?: number;
}

/** Query of `GET /v1/trouble/{kind}`. */
export class TroubleListQuery extends TroubleQuery {
  @IsOptional()
  @Matches(CODE)
  reason?: string;

  @IsOptional()
  @Matches(SUBJECT)
  subject?: string;

  @IsOptional()
  @Matches(CURSOR)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

const REDRIVEN_KINDS = ['quarantined', 'held', 'parked', 'undeliverable', 'limbo'] as const;

export class SelectionBody {
  /** Absent: quarantined. */
  @IsOptional()
  @IsIn(REDRIVEN_KINDS)
  kind?: (typeof REDRIVEN_KINDS)[number];

  @IsOptional()
  @Matches(NODE)
  peer?: string;

  @IsOptional()
  @IsIn(QUARANTINE_STAGES)
  stage?: string;

  @IsOptional()
  @Matches(CODE)
  code?: string;

  @IsOptional()
  @Matches(SOURCE)
  source?: string;

  @IsOptional()
  @Matches(SUBJECT)
  subject?: string;

  @IsOptional()
  @Matches(INSTANT)
  before?: string;
}

class ReasonedBody {
  @IsOptional()
  @IsString()
  @Length(1, 2000)
  note?: string;
}

const DISCARD_REASONS = ['not-for-us', 'sender-will-restate', 'forged', 'unreadable', 'other'] as const;

/** Body of `POST /v1/quarantine/{number}/discard`. */
export class DiscardBody extends ReasonedBody {
  @IsIn(DISCARD_REASONS)
  reason!: string;
}

/** Body of `POST /v1/redrives/look`: how much a selection is. */
export class RedriveLookBody {
  @ValidateNested()
  @Type(() => SelectionBody)
  @IsOptional()
  selection?: SelectionBody;
}

const REDRIVE_REASONS = [
  'directory-corrected',
  'configuration-corrected',
  'upgraded',
  'judged-again',
  'other',
] as const;

/** Body of `POST /v1/redrives`. */
export class RedriveBody extends ReasonedBody {
  /** Chosen by the caller, so that starting twice makes one job. */
  @Matches(UUID)
  job!: string;

  @ValidateNested()
  @Type(() => SelectionBody)
  @IsOptional()
  selection?: SelectionBody;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  batch?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(60_000)
  perMinute?: number;

  @IsIn(REDRIVE_REASONS)
  reason!: string;
}

const STEER_REASONS = ['load', 'mistake', 'cause-found', 'cause-removed', 'done', 'other'] as const;

/** Body of `POST /v1/redrives/{job}/pause`, `resume` and `cancel`. */
export class SteerBody extends ReasonedBody {
  @IsIn(STEER_REASONS)
  reason!: string;
}

/** Query of `GET /v1/redrives`. */
export class RedrivesQuery {
  @IsOptional()
  @Matches(UUID)
  after?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

/** Query of `GET /v1/redrives/{job}/messages`. */
export class RedriveMessagesQuery {
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

const SWITCH_REASONS = ['peer-asks', 'peer-faulty', 'load', 'maintenance', 'cause-removed', 'other'] as const;

/** Body of `POST /v1/loops`. */
export class SwitchBody extends ReasonedBody {
  @IsString()
  @Length(1, 40)
  loop!: string;

  @IsOptional()
  @Matches(NODE)
  peer?: string;

  @IsBoolean()
  stopped!: boolean;

  @IsIn(SWITCH_REASONS)
  reason!: string;
}
