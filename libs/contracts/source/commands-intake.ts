/** Commands of intake, papers and identity. What time, directory, procedure version and counters give is not asked for. */
import {
  code,
  dossierCode,
  flag,
  hash,
  instant,
  legalBasis,
  object,
  openCode,
  optional,
  personalText,
} from '../build.ts';
import * as example from './examples.ts';
import { local, travelling } from './event.ts';
import { about, checked, failure, finding, person, purpose, requestId, resultConditions, service } from './identity.ts';
import { statement, statementExample, whoHandedIn } from './intake.ts';
import { applicantDueAt, itemsExample, supplementItems } from './papers.ts';
import { actor } from './persons.ts';
import { components, componentsHandedIn, exemptComponents, notice, procedureWanted, registerNumber } from './shapes.ts';

/** The sender's idea of the main branch's last event; another one is refused as stale. */
export const expectedHash = optional(hash('Sự kiện cuối đã biết', 'Last event known to the sender'));

/** Given by hand where no system was at work, entered later (Nghị định 61/2018 Art 39(1)). */
const givenByHand = {
  dossierCode: optional(dossierCode('Mã hồ sơ đã cấp', 'Dossier code given by hand')),
  registerNumber: optional(registerNumber),
};
const { submittedBy, ...whatIsStated } = statementExample;

export const intakeCommands = [
  travelling('file-dossier', {
    vi: 'Nộp hồ sơ',
    en: 'File a dossier',
    data: object(
      {
        procedure: procedureWanted,
        ...statement,
        submittedAt: optional(instant('Thời điểm nộp', 'Submitted at')),
        receiveAtOnce: flag('Tiếp nhận ngay', 'Receive at once'),
        ...givenByHand,
        exemptComponents: optional(exemptComponents),
        actor: optional(actor),
      },
      { allOf: whoHandedIn },
    ),
    minor: 1,
    example: {
      procedure: { code: '1.001193', case: 'standard' },
      submittedBy,
      ...whatIsStated,
      receiveAtOnce: true,
      exemptComponents: example.exemptComponents,
      actor: example.actor,
    },
  }),
  local('receive-dossier', {
    vi: 'Tiếp nhận hồ sơ',
    en: 'Receive a dossier',
    data: object({
      components: optional(components),
      exemptComponents: optional(exemptComponents),
      ...givenByHand,
      expectedHash,
      actor,
    }),
    minor: 1,
    example: {
      components: example.components,
      exemptComponents: example.exemptComponents,
      actor: example.actor,
    },
  }),
  local('refuse-intake', {
    vi: 'Từ chối tiếp nhận',
    en: 'Refuse at intake',
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
      expectedHash,
      actor,
    }),
    example: {
      reason: 'incomplete',
      note: 'Bà Hòa không có giấy chứng sinh.',
      notice: example.notice,
      actor: example.actor,
    },
  }),
];

const componentsExample = { components: { '1.001193.C02': example.components['1.001193.C02'] }, actor: example.actor };
export const papersCommands = [
  local('add-component', {
    vi: 'Thêm thành phần hồ sơ',
    en: 'Add a component',
    data: object({ components: componentsHandedIn, expectedHash, actor: optional(actor) }),
    example: componentsExample,
  }),
  local('digitise-component', {
    vi: 'Số hoá thành phần hồ sơ',
    en: 'Digitise a component',
    data: object({ components: componentsHandedIn, expectedHash, actor: optional(actor) }),
    example: componentsExample,
  }),
  local('request-supplement', {
    vi: 'Yêu cầu bổ sung',
    en: 'Request a supplement',
    data: object({
      items: supplementItems,
      applicantDueAt: optional(applicantDueAt),
      notice: optional(notice),
      expectedHash,
      actor,
    }),
    example: {
      items: itemsExample,
      applicantDueAt: '2023-06-24T10:00:00.000Z',
      notice: example.notice,
      actor: example.appraiser,
    },
  }),
  travelling('provide-supplement', {
    vi: 'Bổ sung hồ sơ',
    en: 'Provide a supplement',
    data: object({
      components: optional(components),
      complete: flag('Đã đầy đủ', 'Complete'),
      note: optional(personalText('Ghi chú', 'Note')),
      expectedHash,
      actor: optional(actor),
    }),
    example: { ...componentsExample, complete: true, note: 'Bà Hòa nộp bổ sung tại quầy.' },
  }),
];

const asked = { person, service };
export const identityCommands = [
  local('request-identity-check', {
    vi: 'Yêu cầu kiểm tra danh tính',
    en: 'Request an identity check',
    data: object({ ...asked, request: optional(requestId), purpose: optional(purpose), checked, expectedHash, actor }),
    example: {
      person: 'applicant',
      service: 'population-verify',
      checked: ['personal-id', 'full-name'],
      actor: example.actor,
    },
  }),
  travelling('record-identity-check', {
    vi: 'Ghi kết quả kiểm tra danh tính',
    en: 'Record an identity check',
    data: object(
      {
        ...asked,
        request: requestId,
        result: code('Kết quả', 'Result', ['confirmed', 'not-confirmed', 'failed']),
        checked: optional(checked),
        finding: optional(finding),
        reason: optional(failure),
        about: optional(about),
        expectedHash,
        actor: optional(actor),
      },
      { allOf: resultConditions },
    ),
    example: {
      person: 'applicant',
      service: 'population-verify',
      request: example.request,
      result: 'not-confirmed',
      finding: 'not-found',
      actor: example.actor,
    },
  }),
];
