/** How a dossier ends (Nghị định 61/2018 Art 19(8), 20). A status 9 is no proof of a positive result: the event says which. */
import { code, flag, legalBasis, money, object, openCode, optional, personalText } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { delegation, directoryVersion, notice, polarity, results } from './shapes.ts';

const basis = legalBasis('Căn cứ pháp lý', 'Legal basis');
const inWords = personalText('Diễn giải lý do', 'Reason in words');
export const endStage = code('Giai đoạn', 'Stage', [
  'before-receipt',
  'in-process',
  'awaiting-supplement',
  'awaiting-payment',
]);
export const requestedBy = code('Theo yêu cầu của', 'Requested by', ['applicant', 'submitter', 'proxy', 'agency']);
export const refusalReason = openCode('Lý do từ chối', 'Reason', [
  'not-eligible',
  'false-information',
  'not-competent',
  'dispute',
  'opposing-opinion',
  'other',
]);
export const stopReason = openCode('Lý do dừng', 'Reason', [
  'supplement-not-provided',
  'fee-not-paid',
  'applicant-request',
  'applicant-deceased',
  'dispute',
  'law-changed',
  'other',
]);
export const refund = money('Số tiền hoàn trả (đồng)', 'Amount refunded (đồng)');

export const endEvents = [
  dossierEvent('resolved', {
    vi: 'Đã xử lý xong',
    en: 'Resolved',
    data: object({
      polarity,
      results,
      delegation: optional(delegation),
      legalBasis: optional(basis),
      note: optional(personalText('Ghi chú', 'Note')),
      actor,
    }),
    example: {
      polarity: 'positive',
      results: example.results,
      delegation: { from: 'H26.129', legalBasis: 'Quyết định 10/2023/QĐ-UBND (ví dụ)' },
      note: 'Đã ghi vào sổ hộ tịch cho cháu Minh Anh.',
      actor: example.appraiser,
    },
  }),
  dossierEvent('refused', {
    vi: 'Đã từ chối giải quyết',
    en: 'Refused',
    data: object({ reason: refusalReason, note: inWords, legalBasis: basis, directoryVersion, notice, actor }),
    example: {
      reason: 'not-eligible',
      note: 'Bà Hòa không đủ điều kiện theo quy định.',
      legalBasis: 'Luật Hộ tịch, Điều 15',
      directoryVersion: example.directoryVersion,
      notice: { ...example.notice, number: '7/TC-UBND' },
      actor: example.appraiser,
    },
  }),
  dossierEvent('stopped', {
    vi: 'Đã dừng giải quyết',
    en: 'Stopped',
    data: object({
      stage: endStage,
      requestedBy,
      reason: stopReason,
      note: optional(inWords),
      legalBasis: basis,
      directoryVersion,
      refund: optional(refund),
      notice: optional(notice),
      actor,
    }),
    example: {
      stage: 'awaiting-supplement',
      requestedBy: 'agency',
      reason: 'supplement-not-provided',
      note: 'Bà Hòa không nộp giấy chứng sinh.',
      legalBasis: 'Nghị định 118/2025/NĐ-CP',
      directoryVersion: example.directoryVersion,
      refund: 0,
      notice: { ...example.notice, number: '2/DGQ-UBND' },
      actor: example.appraiser,
    },
  }),
  dossierEvent('withdrawn', {
    vi: 'Đã rút hồ sơ',
    en: 'Withdrawn',
    data: object({
      stage: endStage,
      requestedBy,
      note: optional(inWords),
      refund: optional(refund),
      originalsReturned: optional(flag('Đã trả bản chính', 'Originals returned')),
      actor: optional(actor),
    }),
    example: {
      stage: 'in-process',
      requestedBy: 'applicant',
      note: 'Bà Hòa xin rút hồ sơ để nộp tại nơi khác.',
      originalsReturned: true,
      actor: example.actor,
    },
  }),
];
