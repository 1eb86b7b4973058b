import { Append } from './append.migration.ts';
import { CommandWay } from './command-way.migration.ts';
import { DeclinedAreRare } from './declined-are-rare.migration.ts';
import { Exchange } from './exchange.migration.ts';
import { Ledger } from './ledger.migration.ts';
import { Lives } from './lives.migration.ts';
import { OldAnswers } from './old-answers.migration.ts';
import { OffsetMark } from './offset-mark.migration.ts';
import { OneFate } from './one-fate.migration.ts';
import { OwnAnswers } from './own-answers.migration.ts';
import { QuarantineShares } from './quarantine-shares.migration.ts';
import { RedriveAnyKind } from './redrive-any-kind.migration.ts';
import { Settle } from './settle.migration.ts';
import { Trouble } from './trouble.migration.ts';

/** In order. One that has been released is never changed: another one is added. */
export const MIGRATIONS = [
  Ledger,
  Exchange,
  Append,
  Settle,
  CommandWay,
  QuarantineShares,
  OwnAnswers,
  DeclinedAreRare,
  Trouble,
  Lives,
  OldAnswers,
  OneFate,
  RedriveAnyKind,
  OffsetMark,
] as const;
