/** Fees. One obligation is asked for, paid or waived under one label (Nghị định 61/2018 Art 22). */
import { defined } from './defined.ts';
import type { RecordedEventOf } from './dossier.events.ts';
import type { DossierFacts, FinancialObligation } from './facts.state.ts';
import { findWorkStage, learn, moveTo, type FiledState } from './filed.state.ts';
import { findLabelled } from './labelled.ts';

type Obligations = DossierFacts['obligations'];

export function feeRequested(state: FiledState, event: RecordedEventOf<'fee-requested'>): FiledState {
  const { obligation, fees, amount, clockEffect } = event.data;
  const asked: FinancialObligation = { fees, amount, clockEffect, requestedAt: event.time };
  const facts = { obligations: { ...state.facts.obligations, [obligation]: asked } };
  const stage = findWorkStage(state);
  // What is asked for once the result is there (a copy, a certificate) keeps nobody from their work.
  if (stage === undefined) return learn(state, facts);
  const clockStoppedAt = clockStopped(state) ?? (clockEffect === 'stop' ? event.time : undefined);
  return moveTo(state, { situation: 'AwaitingPayment', then: stage, ...defined({ clockStoppedAt }) }, facts);
}

const clockStopped = (state: FiledState) => (state.situation === 'AwaitingPayment' ? state.clockStoppedAt : undefined);

export function feePaid(state: FiledState, event: RecordedEventOf<'fee-paid'>): FiledState {
  const { obligation, fees, amount } = event.data;
  const asked = findLabelled(state.facts.obligations, obligation) ?? unasked(event);
  return settled(state, {
    ...state.facts.obligations,
    [obligation]: { ...asked, fees, amount, settled: { how: 'paid', at: event.time } },
  });
}

export function feeWaived(state: FiledState, event: RecordedEventOf<'fee-waived'>): FiledState {
  const { obligation, remaining, extent } = event.data;
  const asked = findLabelled(state.facts.obligations, obligation) ?? unasked(event);
  const waived = extent === 'full' ? { settled: { how: 'waived', at: event.time } as const } : {};
  return settled(state, { ...state.facts.obligations, [obligation]: { ...asked, amount: remaining, ...waived } });
}

/** Paid or waived though nobody asked: another agency's program may order things otherwise. */
const unasked = (event: RecordedEventOf<'fee-paid'> | RecordedEventOf<'fee-waived'>): FinancialObligation => ({
  fees: event.data.fees,
  amount: 0,
  clockEffect: 'run',
  requestedAt: event.time,
});

function settled(state: FiledState, obligations: Obligations): FiledState {
  const open = Object.values(obligations).some((obligation) => obligation.settled === undefined);
  return state.situation === 'AwaitingPayment' && !open
    ? moveTo(state, { situation: state.then }, { obligations })
    : learn(state, { obligations });
}
