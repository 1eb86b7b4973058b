/** The one extension (Nghị định 61/2018 Art 19(9)). */
import { localDateOf } from '#libs/kernel';
import type { DecisionContext } from './context.ts';
import { stated } from './defined.ts';
import type { FiledState } from './filed.state.ts';
import type { ExtendDueDateData } from './generated/commands.ts';
import { refuse, type Decided } from './refusal.ts';

/** At most once, later than before, and announced at the latest on the day before the day it is due. */
export function extendDueDate(
  data: ExtendDueDateData,
  { facts }: FiledState,
  { time, directory }: DecisionContext,
): Decided {
  if (facts.due === undefined) return refuse('NO_DUE_DATE');
  const { dueAt: previousDueAt, clock } = facts.due;
  if (facts.extension !== undefined) return refuse('EXTENSION_USED', { dueAt: facts.extension.dueAt });
  if (data.dueAt <= previousDueAt) return refuse('DUE_DATE_NOT_LATER', { newDueAt: data.dueAt, dueAt: previousDueAt });
  if (localDateOf(time) >= localDateOf(previousDueAt))
    return refuse('EXTENSION_TOO_LATE', { dueAt: previousDueAt, time });
  return [
    { type: 'due-date-extended', data: { ...stated(data), previousDueAt, clock, directoryVersion: directory.version } },
  ];
}
