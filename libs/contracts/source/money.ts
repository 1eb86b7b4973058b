/** Fees (Nghị định 61/2018 Art 22; indicators 3.5 and 3.6 of Decision 766). Money is an integer of đồng. */
import {
  code,
  documentNumber,
  instant,
  label,
  legalBasis,
  money,
  object,
  openCode,
  optional,
  personal,
  personalLine,
} from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { clock, fees } from './shapes.ts';

/** One request, its payment and its waiver bear the same label. */
export const obligation = label('Nghĩa vụ tài chính', 'Financial obligation');
/** Fixed by the procedure version. */
export const clockEffect = code('Ảnh hưởng đến thời hạn', 'Effect on the clock', ['stop', 'run']);
export const paymentMethod = code('Hình thức thanh toán', 'Way of payment', [
  'cash',
  'card',
  'transfer',
  'online',
  'post',
]);
export const paymentPlace = code('Nơi thanh toán', 'Place of payment', [
  'counter',
  'national-portal',
  'provincial-gateway',
  'bank',
  'post-office',
]);
export const amount = money('Tổng số tiền (đồng)', 'Total amount (đồng)');
export const paymentDueAt = instant('Hạn nộp', 'Payment due at');
export const receiptNumber = documentNumber('Số biên lai', 'Number of the payment receipt');
export const payer = personalLine('Người nộp tiền', 'Payer', { subject: 'submitter', max: 100 });
export const waiver = code('Mức', 'Extent', ['full', 'reduced']);
/** Poverty, disability or merit: tells of a person's health or standing, so it is never in clear. */
export const waiverGround = personal(
  'applicant',
  'sensitive',
  openCode('Đối tượng miễn, giảm', 'Ground of the waiver', [
    'poor-household',
    'person-with-disability',
    'person-of-merit',
    'child',
    'elderly',
    'other',
  ]),
);

export const moneyEvents = [
  dossierEvent('fee-requested', {
    vi: 'Đã yêu cầu thực hiện nghĩa vụ tài chính',
    en: 'Fee requested',
    data: object({
      obligation,
      fees,
      amount,
      clockEffect,
      clock,
      paymentDueAt: optional(paymentDueAt),
      actor: optional(actor),
    }),
    example: {
      obligation: 'f1',
      fees: example.fees,
      amount: 8000,
      clockEffect: 'run',
      clock: example.clock,
      paymentDueAt: example.nextDay,
      actor: example.actor,
    },
  }),
  dossierEvent('fee-paid', {
    vi: 'Đã nộp phí, lệ phí',
    en: 'Fee paid',
    data: object({
      obligation,
      fees,
      amount,
      method: paymentMethod,
      place: paymentPlace,
      receiptNumber: optional(receiptNumber),
      payer: optional(payer),
      actor: optional(actor),
    }),
    example: {
      obligation: 'f1',
      fees: example.fees,
      amount: 8000,
      method: 'online',
      place: 'national-portal',
      receiptNumber: 'BL-000381',
      payer: 'Nguyễn Văn Dũng',
    },
  }),
  dossierEvent('fee-waived', {
    vi: 'Đã miễn, giảm phí, lệ phí',
    en: 'Fee waived',
    data: object({
      obligation,
      fees,
      extent: waiver,
      remaining: money('Còn phải nộp (đồng)', 'Still to be paid (đồng)'),
      ground: waiverGround,
      legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
      actor,
    }),
    example: {
      obligation: 'f1',
      fees: example.fees,
      extent: 'full',
      remaining: 0,
      ground: 'poor-household',
      legalBasis: 'Luật Hộ tịch, Điều 11',
      actor: example.actor,
    },
  }),
];
