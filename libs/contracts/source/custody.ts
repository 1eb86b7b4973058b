/** Custody (design 4, wire format 6): `to` and `directoryVersion` are part of the wire format in every major version. */
import { agency, code, instant, legalBasis, object, openCode, optional, personalText } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { directoryVersion } from './shapes.ts';
import { leadAgency, step, stepNumber } from './work.ts';

export const to = agency('Cơ quan nhận', 'Next agency');
export const from = agency('Cơ quan chuyển', 'Agency before');
export const forwardReason = code('Lý do chuyển', 'Why', ['route', 'wrong-competence', 'return']);
export const legDueAt = instant('Hạn của chặng', 'Leg due at');
export const declineReason = openCode('Lý do trả lại', 'Reason', [
  'wrong-competence',
  'missing-openings',
  'missing-papers',
  'recalled',
  'duplicate',
  'other',
]);
export const releaseReason = openCode('Lý do', 'Reason', [
  'agency-ends',
  'agency-merges',
  'agency-splits',
  'competence-lost',
  'conflict-of-interest',
]);
export const rehomeReason = openCode('Lý do', 'Reason', ['succession', 'suspension', 'fork', 'conflict-of-interest']);
const note = optional(personalText('Ghi chú', 'Note'));

export const custodyEvents = [
  dossierEvent('forwarded', {
    vi: 'Đã chuyển hồ sơ',
    en: 'Forwarded',
    data: object({
      to,
      reason: forwardReason,
      step,
      stepNumber: optional(stepNumber),
      leadAgency,
      legDueAt,
      directoryVersion: optional(directoryVersion),
      note,
      actor,
    }),
    example: {
      to: 'H26.129',
      reason: 'route',
      step: 'appraise',
      stepNumber: 3,
      leadAgency: 'H26.129',
      legDueAt: example.nextDay,
      directoryVersion: example.directoryVersion,
      note: 'Chuyển kèm bản chính của bà Hòa.',
      actor: example.actor,
    },
  }),
  dossierEvent('custody-accepted', {
    vi: 'Đã nhận bàn giao',
    en: 'Custody accepted',
    data: object({ from, actor: optional(actor) }),
    example: { from: 'H26.129.05', actor: example.appraiser },
  }),
  dossierEvent('custody-declined', {
    vi: 'Đã trả lại',
    en: 'Custody declined',
    data: object({ from, reason: declineReason, note, actor: optional(actor) }),
    example: { from: 'H26.129.05', reason: 'wrong-competence', note: 'Không thuộc địa bàn.', actor: example.appraiser },
  }),
  dossierEvent('custody-released', {
    vi: 'Đã giao lại quyền giữ hồ sơ',
    en: 'Custody released',
    data: object({
      reason: releaseReason,
      legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
      directoryVersion: optional(directoryVersion),
      actor: optional(actor),
    }),
    example: {
      reason: 'agency-ends',
      legalBasis: 'Nghị quyết 1656/NQ-UBTVQH15',
      directoryVersion: example.directoryVersion,
      actor: example.appraiser,
    },
  }),
  dossierEvent('rehomed', {
    vi: 'Đã chuyển hồ sơ dở dang',
    en: 'Rehomed',
    data: object({
      from,
      to,
      reason: optional(rehomeReason),
      legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
      directoryVersion,
      note,
      actor: optional(actor),
    }),
    example: {
      from: 'H26.129',
      to: 'H26',
      reason: 'suspension',
      legalBasis: 'Quyết định 1/2023 (ví dụ)',
      directoryVersion: example.directoryVersion,
      note: 'Chuyển kèm bản chính của bà Hòa.',
      actor: example.appraiser,
    },
  }),
];
