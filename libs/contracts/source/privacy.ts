/** Erasure, and corrections: nothing is ever edited, a mistake is corrected by a new event that says which and why. */
import {
  code,
  hash,
  label,
  legalBasis,
  object,
  openCode,
  optional,
  personalText,
  pointer,
  requiredWhen,
  setOf,
} from '../build.ts';
import type { Member } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor, applicant, children, relatedPersons, submitter } from './persons.ts';
import {
  applicantKind,
  components,
  notifier,
  otherCodes,
  place,
  registerNumber,
  results,
  returnAddress,
  returnMethod,
  summary,
} from './shapes.ts';

export const erasedSubjects = setOf('Chủ thể dữ liệu', 'Data subjects', label('Chủ thể', 'Data subject'), {
  min: 1,
  max: 100,
});
export const erasureReason = openCode('Lý do xoá', 'Reason', [
  'retention-ended',
  'subject-request',
  'purpose-ended',
  'agency-dissolved',
  'unlawful',
]);
export const erasureMembers = {
  subjects: erasedSubjects,
  reason: erasureReason,
  legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
  actor: optional(actor),
} satisfies Record<string, Member>;
export const erasureExample = {
  subjects: ['applicant', 'c1'],
  reason: 'retention-ended',
  legalBasis: 'Nghị định 13/2023/NĐ-CP, Điều 16 khoản 7',
  actor: example.actor,
};

/**
 * `corrected`: an event of this dossier was wrong, and what stands here replaces what it said. `refused`: events of a
 * superseded branch are not taken over (design 4); taking over is the ordinary event with their hash as cause.
 */
export const correctionMembers = {
  verdict: code('Hình thức', 'Verdict', ['corrected', 'refused']),
  corrects: optional(hash('Sự kiện được đính chính', 'Event corrected')),
  supersededEvents: optional(
    setOf('Sự kiện bị thay thế không được tiếp nhận', 'Superseded events refused', hash('Sự kiện', 'Event'), {
      min: 1,
      max: 100,
    }),
  ),
  reason: openCode('Lý do', 'Reason', [
    'clerical-error',
    'wrong-person',
    'lost',
    'damaged',
    'system-error',
    'not-competent',
    'already-done',
    'overtaken',
    'other',
  ]),
  note: optional(personalText('Diễn giải lý do', 'Reason in words')),
  fields: optional(
    setOf('Mục được đính chính', 'Members corrected', pointer('Con trỏ', 'Pointer'), { min: 1, max: 100 }),
  ),
  applicantKind: optional(applicantKind),
  applicant: optional(applicant),
  submitter: optional(submitter),
  children: optional(children),
  relatedPersons: optional(relatedPersons),
  summary: optional(summary),
  place: optional(place),
  returnMethod: optional(returnMethod),
  returnAddress: optional(returnAddress),
  notifier: optional(notifier),
  components: optional(components),
  otherCodes: optional(otherCodes),
  registerNumber: optional(registerNumber),
  results: optional(results),
  actor,
} satisfies Record<string, Member>;
export const correctionRules = {
  allOf: [
    requiredWhen('verdict', 'corrected', ['corrects', 'fields']),
    requiredWhen('verdict', 'refused', ['supersededEvents']),
  ],
};
export const correctionExample = {
  verdict: 'corrected',
  corrects: example.eventHash,
  reason: 'clerical-error',
  note: 'Ghi sai ngày sinh của bà Hòa.',
  fields: ['/applicant/fullName', '/applicant/birthDate'],
  applicant: { fullName: 'Nguyễn Thị Hòa', birthDate: '1985-03-20' },
  actor: example.actor,
};

export const privacyEvents = [
  dossierEvent('personal-data-erased', {
    vi: 'Đã xoá dữ liệu cá nhân',
    en: 'Personal data erased',
    data: object(erasureMembers),
    example: erasureExample,
  }),
  dossierEvent('corrected', {
    vi: 'Đã đính chính',
    en: 'Corrected',
    data: object(correctionMembers, correctionRules),
    example: correctionExample,
  }),
];
