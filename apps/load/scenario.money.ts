/** Fees and charges (Nghị định 61/2018 Art 22): asked for at the desk and paid at once, later elsewhere, or waived. */
import type { Fee, RecordPaymentData } from '#libs/dossier';
import { feeFor } from '#libs/procedures';
import { MIX } from './mix.ts';
import { statementOf } from './scenario.intake.ts';
import type { Script } from './script.ts';

/** One dossier asks for one payment at most. */
const OBLIGATION = 'f1';

type Way = Pick<RecordPaymentData, 'method' | 'place'>;
const AT_THE_COUNTER: readonly (readonly [Way, number])[] = [
  [{ method: 'cash', place: 'counter' }, 65],
  [{ method: 'card', place: 'counter' }, 10],
  [{ method: 'transfer', place: 'bank' }, 25],
];
const ONLINE: Way = { method: 'online', place: 'national-portal' };
const BY_POST: Way = { method: 'post', place: 'post-office' };
const BY_TRANSFER: Way = { method: 'transfer', place: 'bank' };

/** The charge of the procedure; for who pays elsewhere and has none, the postage. */
function feesOf({ application }: Script): readonly Fee[] {
  const { version, channel, procedure, incident } = application;
  const amount = feeFor(version, channel);
  if (amount > 0) return [{ code: `${procedure.code}.F01`, kind: 'charge', amount }];
  return incident === 'paid-elsewhere' ? [{ code: 'POSTAGE', kind: 'service', amount: MIX.postage }] : [];
}

/** Asks for the fee at the desk that received the dossier; it is paid there, unless the incident is that it is not. */
export function askForFee(script: Script): void {
  const { receivingAgency, incident } = script.application;
  const fees = feesOf(script);
  if (fees.length === 0) return;
  script.pass(MIX.minutes.atTheDesk);
  const actor = script.clerk(receivingAgency);
  // A payment that is still open does not keep the dossier here.
  const clockEffect = incident === 'paid-elsewhere' ? ({ clockEffect: 'run' } as const) : {};
  script.act(
    'request-fee',
    { agency: receivingAgency, role: 'clerk' },
    { obligation: OBLIGATION, fees, ...clockEffect, actor },
  );
  if (incident === 'paid-elsewhere') return;
  script.pass(MIX.minutes.atTheDesk);
  if (script.chance('waived').happens(MIX.feeWaived)) waive(script);
  else pay(script, fees);
}

function waive(script: Script): void {
  const { receivingAgency } = script.application;
  script.act(
    'waive-fee',
    { agency: receivingAgency, role: 'head' },
    {
      obligation: OBLIGATION,
      extent: 'full',
      remaining: 0,
      ground: 'poor-household',
      legalBasis: 'Nghị quyết của Hội đồng nhân dân thành phố về miễn, giảm phí, lệ phí',
      actor: script.head(receivingAgency),
    },
  );
}

function pay(script: Script, fees: readonly Fee[]): void {
  const { receivingAgency, channel } = script.application;
  if (channel === 'online') {
    script.act(
      'record-payment',
      { agency: receivingAgency, role: 'adapter' },
      { ...paymentOf(script, fees), ...ONLINE },
    );
    return;
  }
  const way = channel === 'public-post' ? BY_POST : script.chance('payment').weighted(AT_THE_COUNTER);
  const actor = script.clerk(receivingAgency);
  script.act(
    'record-payment',
    { agency: receivingAgency, role: 'clerk' },
    { ...paymentOf(script, fees), ...way, actor },
  );
}

/** Entered at the desk that received the dossier, while another agency has it: the command crosses nodes. */
export function payElsewhere(script: Script): void {
  const { receivingAgency } = script.application;
  script.pass(MIX.minutes.applicant);
  script.act(
    'record-payment',
    { agency: receivingAgency, role: 'clerk' },
    {
      ...paymentOf(script, feesOf(script)),
      ...BY_TRANSFER,
      payer: statementOf(script).applicant.fullName,
      actor: script.clerk(receivingAgency),
    },
  );
  script.pass(MIX.minutes.look);
}

function paymentOf(
  script: Script,
  fees: readonly Fee[],
): Pick<RecordPaymentData, 'obligation' | 'fees' | 'amount' | 'receiptNumber'> {
  const amount = fees.reduce((sum, fee) => sum + fee.amount, 0);
  return { obligation: OBLIGATION, fees, amount, receiptNumber: `BL-${script.chance('receipt').digits(7)}` };
}
