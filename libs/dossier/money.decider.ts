/** Fees: asked for, paid, waived under one label (Nghị định 61/2018 Art 22). */
import type { DecisionContext } from './context.ts';
import { stated } from './defined.ts';
import type { DossierFacts, FinancialObligation } from './facts.state.ts';
import type { FiledState } from './filed.state.ts';
import type { RecordPaymentData, RequestFeeData, WaiveFeeData } from './generated/commands.ts';
import type { DossierEvent } from './generated/events.ts';
import { findLabelled } from './labelled.ts';
import { recomputed, type WaitEnd } from './recompute.ts';
import { refuse, type Decided, type Refused } from './refusal.ts';

/**
 * A payment stops the clock where a tax or charge is fixed during the procedure, and nowhere else: an officer who waits for
 * an ordinary fee takes no time off. Where it may stop, an ordinary fee beside the charge may leave it running.
 */
export function requestFee(data: RequestFeeData, { facts }: FiledState, context: DecisionContext): Decided {
  const { obligation, fees, paymentDueAt } = data;
  if (findLabelled(facts.obligations, obligation) !== undefined)
    return refuse('FEE_ALREADY_REQUESTED', { fee: obligation });
  if (paymentDueAt !== undefined && paymentDueAt <= context.time)
    return refuse('DEADLINE_IN_PAST', { dueAt: paymentDueAt, time: context.time });
  const rules = context.procedures.findDeadlines(facts.procedure, facts.channel);
  if (rules === undefined) return refuse('PROCEDURE_UNKNOWN', { procedure: facts.procedure.code });
  const clockEffect = data.clockEffect ?? rules.paymentClockEffect;
  if (clockEffect === 'stop' && rules.paymentClockEffect === 'run') return refuse('INVALID', { fault: '/clockEffect' });
  const amount = fees.reduce((sum, fee) => sum + fee.amount, 0);
  return [{ type: 'fee-requested', data: { ...stated(data), amount, clockEffect, clock: facts.clock } }];
}

export function recordPayment(data: RecordPaymentData, state: FiledState, context: DecisionContext): Decided {
  const open = findOpen(data.obligation, state.facts, context);
  if ('code' in open) return open;
  const { label, obligation } = open;
  if (data.amount !== obligation.amount)
    return refuse('AMOUNT_DIFFERS', { amount: data.amount, requested: obligation.amount });
  const paid: DossierEvent = {
    type: 'fee-paid',
    data: { ...stated(data), obligation: label, fees: data.fees ?? obligation.fees },
  };
  return withClock(paid, 'fee-paid', { label, state, context });
}

/** A reduction leaves the rest to be paid; a full waiver ends the obligation. */
export function waiveFee(data: WaiveFeeData, state: FiledState, context: DecisionContext): Decided {
  const open = findOpen(data.obligation, state.facts, context);
  if ('code' in open) return open;
  const { label, obligation } = open;
  const fits = data.extent === 'full' ? data.remaining === 0 : data.remaining > 0 && data.remaining < obligation.amount;
  if (!fits) return refuse('AMOUNT_DIFFERS', { amount: data.remaining, requested: obligation.amount });
  const waived: DossierEvent = {
    type: 'fee-waived',
    data: { ...stated(data), obligation: label, fees: data.fees ?? obligation.fees },
  };
  return data.extent === 'full' ? withClock(waived, 'fee-waived', { label, state, context }) : [waived];
}

interface OpenObligation {
  readonly label: string;
  readonly obligation: FinancialObligation;
}

/** The obligation named, or the only one that is open. */
function findOpen(named: string | undefined, facts: DossierFacts, { time }: DecisionContext): OpenObligation | Refused {
  const open = Object.entries(facts.obligations).filter(([, { settled }]) => settled === undefined);
  const label = named ?? (open.length === 1 ? open[0]?.[0] : undefined);
  const obligation = label === undefined ? undefined : findLabelled(facts.obligations, label);
  if (label === undefined || obligation === undefined) return refuse('FEE_NOT_REQUESTED', { fee: named ?? '' });
  if (obligation.settled !== undefined) return refuse('FEE_ALREADY_PAID', { fee: label });
  return time < obligation.requestedAt
    ? refuse('TIME_BEFORE_REQUEST', { time, requestedAt: obligation.requestedAt })
    : { label, obligation };
}

/** The clock that a payment stopped goes on when nothing more is owed. */
function withClock(
  settled: DossierEvent,
  reason: WaitEnd,
  { label, state, context }: { label: string; state: FiledState; context: DecisionContext },
): Decided {
  const owed = Object.entries(state.facts.obligations).some(([other, o]) => other !== label && o.settled === undefined);
  if (owed || state.situation !== 'AwaitingPayment' || state.clockStoppedAt === undefined) return [settled];
  const counted = recomputed(reason, state.clockStoppedAt, state.facts, context);
  if (counted === undefined) return [settled];
  return 'code' in counted ? counted : [settled, { type: 'due-date-recomputed', data: counted }];
}
