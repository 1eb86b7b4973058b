/** Assign and appraise (Nghị định 61/2018 Art 19(1)–(3)); each step has its duty, deadline and finish. */
import { agency, hash, instant, integer, label, object, openCode, optional, personalText } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor, assignee } from './persons.ts';
import { clock } from './shapes.ts';

/** Task of the route: `receive`, `appraise`, `verify`, `decide`, `sign`, … (reference data, procedures). */
export const step = label('Công việc', 'Duty of the step');
export const stepNumber = integer('Bước', 'Number of the step in the route', { min: 1, max: 1000 });
export const leadAgency = agency('Cơ quan chủ trì', 'Lead agency');
export const stepDueAt = instant('Hạn của bước', 'Step due at');
export const stepOutcome = openCode('Kết quả bước', 'Outcome of the step', [
  'done',
  'approved',
  'not-approved',
  'sent-back',
  'skipped',
]);
export const workflow = label('Quy trình điện tử', 'Electronic workflow');

export const workEvents = [
  dossierEvent('processing-started', {
    vi: 'Đã bắt đầu giải quyết',
    en: 'Processing started',
    data: object({ workflow: optional(workflow), leadAgency: optional(leadAgency), actor }),
    example: { workflow: 'birth-registration-2', leadAgency: 'H26.129.05', actor: example.appraiser },
  }),
  dossierEvent('step-assigned', {
    vi: 'Đã phân công bước xử lý',
    en: 'Step assigned',
    data: object({
      step,
      stepNumber: optional(stepNumber),
      leadAgency,
      assignee,
      dueAt: stepDueAt,
      clock,
      note: optional(personalText('Ghi chú', 'Note')),
      actor,
    }),
    example: {
      step: 'appraise',
      stepNumber: 2,
      leadAgency: 'H26.129.05',
      assignee: example.appraiser,
      dueAt: example.nextDay,
      clock: example.clock,
      note: 'Ưu tiên hồ sơ của bà Hòa.',
      actor: example.actor,
    },
  }),
  dossierEvent('step-completed', {
    vi: 'Đã xong bước xử lý',
    en: 'Step completed',
    data: object({
      step,
      stepNumber: optional(stepNumber),
      assigned: optional(hash('Sự kiện phân công', 'Event that assigned it')),
      outcome: stepOutcome,
      startedAt: optional(instant('Bắt đầu bước', 'Step started at')),
      dueAt: optional(stepDueAt),
      note: optional(personalText('Nội dung xử lý', 'What was done')),
      actor,
    }),
    example: {
      step: 'appraise',
      stepNumber: 2,
      assigned: example.eventHash,
      outcome: 'done',
      startedAt: example.morning,
      dueAt: example.nextDay,
      note: 'Hồ sơ của bà Hòa đủ điều kiện.',
      actor: example.appraiser,
    },
  }),
];
