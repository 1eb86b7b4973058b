/** Due dates: one extension with its apology (Nghị định 61/2018 Art 19(9)); every date says by which rule and calendar. */
import { instant, legalBasis, object, openCode, optional, personalText } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { apology, clock, directoryVersion, limit } from './shapes.ts';

export const dueAt = instant('Hẹn trả kết quả', 'Due at');
const previousDueAt = instant('Hẹn trả trước đó', 'Due before');
export const extensionReason = openCode('Lý do', 'Reason', [
  'opinion-late',
  'verification-needed',
  'complex',
  'system-failure',
  'force-majeure',
  'other',
]);

export const timeEvents = [
  dossierEvent('due-date-extended', {
    vi: 'Đã hẹn lại ngày trả kết quả',
    en: 'Due date extended',
    data: object({
      previousDueAt,
      dueAt,
      reason: extensionReason,
      note: personalText('Diễn giải lý do', 'Reason in words'),
      apology,
      legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
      directoryVersion,
      clock,
      actor,
    }),
    example: {
      previousDueAt: example.nextDay,
      dueAt: example.dayAfter,
      reason: 'verification-needed',
      note: 'Chờ xác minh nơi thường trú của bà Hòa.',
      apology: { ...example.notice, number: '3/XL-UBND' },
      legalBasis: 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9',
      directoryVersion: example.directoryVersion,
      clock: example.clock,
      actor: example.appraiser,
    },
  }),
  dossierEvent('due-date-recomputed', {
    vi: 'Đã tính lại ngày hẹn trả',
    en: 'Due date recomputed',
    data: object({
      previousDueAt,
      dueAt,
      reason: openCode('Lý do', 'Reason', [
        'supplement-provided',
        'fee-paid',
        'fee-waived',
        'calendar-changed',
        'corrected',
      ]),
      limit: optional(limit),
      clock,
      actor: optional(actor),
    }),
    example: {
      previousDueAt: example.nextDay,
      dueAt: example.dayAfter,
      reason: 'supplement-provided',
      limit: { value: 1, unit: 'working-day' },
      clock: example.clock,
      actor: example.actor,
    },
  }),
];
