/** How a dossier ends, and its result (Nghị định 61/2018 Art 19(8), 20; Thông tư 01/2018 forms 03 and 05). */
import { localDateOf } from '#libs/kernel';
import { askerOf } from './admission.ts';
import type { DecisionContext } from './context.ts';
import { defined, stated } from './defined.ts';
import type { FiledState } from './filed.state.ts';
import type {
  DispatchResultData,
  MarkResultReadyData,
  RefuseData,
  ResolveData,
  ReturnResultData,
  StopData,
  WithdrawData,
} from './generated/commands.ts';
import type { ResultReturnedData, StoppedData } from './generated/events.ts';
import { isReceivingAgency } from './parties.ts';
import { findLabelled } from './labelled.ts';
import { refuse as refused, type Decided, type Refused } from './refusal.ts';

export const resolve = (data: ResolveData): Decided => [{ type: 'resolved', data: stated(data) }];
export const refuse = (data: RefuseData, { directory }: DecisionContext): Decided => [
  { type: 'refused', data: { ...stated(data), directoryVersion: directory.version } },
];
export const stop = (data: StopData, state: FiledState, { directory }: DecisionContext): Decided => [
  { type: 'stopped', data: { ...stated(data), stage: stageOf(state), directoryVersion: directory.version } },
];
export const withdraw = (data: WithdrawData, state: FiledState): Decided => [
  { type: 'withdrawn', data: { ...stated(data), stage: stageOf(state) } },
];

/** How far the dossier had come: form 05 says it, and 766 counts a withdrawal only after receipt. */
function stageOf({ situation, facts }: FiledState): StoppedData['stage'] {
  if (facts.receivedAt === undefined) return 'before-receipt';
  if (situation === 'AwaitingSupplement') return 'awaiting-supplement';
  return situation === 'AwaitingPayment' ? 'awaiting-payment' : 'in-process';
}

export function markResultReady(
  data: MarkResultReadyData,
  { facts }: FiledState,
  { opened }: DecisionContext,
): Decided {
  const { announced, actor } = data;
  const results = data.results ?? opened?.results ?? {};
  if (Object.keys(results).length === 0) return refused('RESULT_MISSING');
  const polarity = facts.ending?.polarity ?? 'positive';
  return [{ type: 'result-ready', data: { polarity, results, announced, actor } }];
}

/** It reaches somebody who is not there, so one that leaves early is announced first (Art 20(4), ADR 0015). */
export function dispatchResult(data: DispatchResultData, state: FiledState, context: DecisionContext): Decided {
  const announcement = announcementOf(state, context);
  return (
    findFaultOfReturn(data, state, context) ??
    findSurprise(announcement, state) ?? [{ type: 'result-dispatched', data: { ...stated(data), ...announcement } }]
  );
}

/** Whoever takes it at the counter has come; that they were not told is recorded. Elsewhere as {@link dispatchResult}. */
export function returnResult(data: ReturnResultData, state: FiledState, context: DecisionContext): Decided {
  const announcement = announcementOf(state, context);
  return (
    findFaultOfReturn(data, state, context) ??
    (data.method === 'online' ? findSurprise(announcement, state) : undefined) ?? [
      { type: 'result-returned', data: { ...stated(data), ...announcement } },
    ]
  );
}

type Announcement = Pick<ResultReturnedData, 'early' | 'announced'>;

/** Early is before the day on the slip. Results on the spot have no slip (Art 17(4)), and nothing to announce. */
function announcementOf({ facts }: FiledState, { time, procedures }: DecisionContext): Announcement {
  const { due, limit, procedure, channel, result } = facts;
  if (due === undefined || limit?.unit === 'instant') return {};
  if (procedures.findDeadlines(procedure, channel)?.earlyReturnAnnounced(time) === undefined) return {};
  if (localDateOf(time) >= localDateOf(due.dueAt)) return { early: false };
  return { early: true, announced: result.announcedAt !== undefined };
}

const findSurprise = ({ early, announced }: Announcement, { facts }: FiledState): Refused | undefined =>
  early === true && announced === false
    ? refused('RESULT_NOT_ANNOUNCED', defined({ dueAt: facts.due?.dueAt }))
    : undefined;

/** The one-stop unit that received the dossier returns the papers it has, and no paper that nobody recorded (1.10 no. 8). */
function findFaultOfReturn(
  { papers }: { readonly papers: readonly string[] },
  { facts }: FiledState,
  context: DecisionContext,
): Refused | undefined {
  const { receivingAgency, result } = facts;
  if (!isReceivingAgency({ ...askerOf(context), agency: context.writer }, facts))
    return refused('NOT_THE_RECEIVING_AGENCY', { receivingAgency });
  const missing = papers.filter((paper) => findLabelled(result.papers, paper) === undefined);
  const nothing = papers.length === 0 && facts.ending?.polarity === 'positive';
  return missing.length > 0 || nothing ? refused('RESULT_MISSING', defined({ missing })) : undefined;
}
