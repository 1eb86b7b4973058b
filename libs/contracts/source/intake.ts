/** Submit, receive, refuse at the desk (Nghị định 61/2018 Art 16, 17). */
import {
  agency,
  dossierCode,
  instant,
  legalBasis,
  object,
  openCode,
  optional,
  personalText,
  requiredWhen,
} from '../build.ts';
import type { Member } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor, applicant, children, relatedPersons, submitter } from './persons.ts';
import {
  applicantKind,
  channel,
  clock,
  components,
  directoryVersion,
  exemptComponents,
  limit,
  notice,
  notifier,
  otherCodes,
  place,
  procedure,
  registerNumber,
  returnAddress,
  returnMethod,
  submittedBy,
  summary,
} from './shapes.ts';

/** What an applicant states, whoever writes it down. */
export const statement = {
  channel,
  applicantKind,
  applicant,
  submittedBy,
  submitter: optional(submitter),
  children: optional(children),
  relatedPersons: optional(relatedPersons),
  summary,
  place,
  returnMethod,
  returnAddress: optional(returnAddress),
  notifier,
  components: optional(components),
  otherCodes,
} satisfies Record<string, Member>;
/** Whoever hands in for another says who they are. */
export const whoHandedIn = [
  requiredWhen('submittedBy', 'submitter', ['submitter']),
  requiredWhen('submittedBy', 'proxy', ['submitter']),
];

/** Receiving unit, supporting point and resolving authority may be three organisations (Nghị định 118/2025). */
const boundaryFree = {
  competentAuthority: optional(agency('Cơ quan có thẩm quyền', 'Competent authority')),
  supportingPoint: optional(agency('Điểm hỗ trợ nộp hồ sơ', 'Supporting point')),
};
const atReceivingAgency = {
  receivingAgency: agency('Cơ quan tiếp nhận', 'Receiving agency'),
  directoryVersion,
  procedure,
};

export const statementExample = {
  channel: 'direct',
  applicantKind: 'citizen',
  applicant: example.applicant,
  submittedBy: 'applicant',
  children: { c1: example.child },
  relatedPersons: { f1: { role: 'father', fullName: 'Nguyễn Văn Dũng', ethnicity: 'Kinh' } },
  summary: 'Đăng ký khai sinh cho con',
  place: example.place,
  returnMethod: 'post',
  returnAddress: example.applicant.address,
  notifier: 'local',
  components: example.components,
  otherCodes: [],
} as const;
const agencyExample = {
  receivingAgency: 'H26.129.05',
  directoryVersion: example.directoryVersion,
  procedure: example.procedure,
};

export const intakeEvents = [
  dossierEvent('submitted', {
    vi: 'Đã nộp hồ sơ',
    en: 'Submitted',
    data: object(
      {
        ...atReceivingAgency,
        ...statement,
        ...boundaryFree,
        intakeAnswerDueAt: optional(instant('Hạn trả lời tiếp nhận', 'Answer at intake due at')),
        clock,
        actor: optional(actor),
      },
      { allOf: [...whoHandedIn, requiredWhen('channel', 'online', ['intakeAnswerDueAt'])] },
    ),
    example: {
      ...agencyExample,
      ...statementExample,
      channel: 'online',
      submittedBy: 'proxy',
      submitter: example.submitter,
      otherCodes: [{ system: 'national-portal', code: 'G22.99-230614-000123' }],
      competentAuthority: 'H26.129',
      intakeAnswerDueAt: example.nextDay,
      clock: example.clock,
    },
  }),
  dossierEvent('received', {
    vi: 'Đã tiếp nhận hồ sơ',
    en: 'Received',
    data: object(
      {
        ...atReceivingAgency,
        ...statement,
        ...boundaryFree,
        dossierCode: dossierCode('Mã hồ sơ', 'Dossier code'),
        registerNumber,
        submittedAt: optional(instant('Thời điểm nộp', 'Submitted at')),
        exemptComponents: optional(exemptComponents),
        dueAt: optional(instant('Hẹn trả kết quả', 'Due at')),
        limit: optional(limit),
        clock,
        actor,
      },
      { allOf: whoHandedIn, dependentRequired: { dueAt: ['limit'], limit: ['dueAt'] } },
    ),
    minor: 1,
    example: {
      ...agencyExample,
      ...statementExample,
      dossierCode: 'H26.129.05-230614-0001',
      registerNumber: 4711,
      submittedAt: example.morning,
      exemptComponents: example.exemptComponents,
      dueAt: example.nextDay,
      limit: { value: 1, unit: 'working-day' },
      clock: example.clock,
      actor: example.actor,
    },
  }),
  dossierEvent('intake-refused', {
    vi: 'Đã từ chối tiếp nhận hồ sơ',
    en: 'Refused at intake',
    data: object({
      reason: openCode('Lý do từ chối', 'Reason', [
        'not-competent',
        'not-eligible',
        'incomplete',
        'duplicate',
        'already-settled',
        'false-information',
        'other',
      ]),
      note: personalText('Diễn giải lý do', 'Reason in words'),
      legalBasis: optional(legalBasis('Căn cứ pháp lý', 'Legal basis')),
      notice: optional(notice),
      actor,
    }),
    example: {
      reason: 'not-competent',
      note: 'Việc đăng ký thuộc thẩm quyền của UBND nơi bà Hòa thường trú.',
      legalBasis: 'Luật Hộ tịch, Điều 13',
      notice: example.notice,
      actor: example.actor,
    },
  }),
];
