/** Components and supplements (Nghị định 61/2018 Art 15(3), 17, 19(4)). */
import {
  CATALOGUE_CODE,
  code,
  flag,
  hash,
  instant,
  legalBasis,
  mapOf,
  object,
  openCode,
  optional,
  personalText,
} from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { clock, components, componentsHandedIn, notice } from './shapes.ts';

export const stage = code('Giai đoạn', 'Stage', ['before-receipt', 'after-receipt']);
/** What is missing, why, and what to do (form 02). */
export const supplementItems = mapOf('Nội dung cần bổ sung', 'What is to be supplied', {
  names: CATALOGUE_CODE,
  min: 1,
  value: object(
    {
      reason: openCode('Lý do', 'Reason', [
        'missing',
        'invalid',
        'expired',
        'unclear',
        'differs',
        'wrong-form',
        'other',
      ]),
      guidance: personalText('Hướng dẫn', 'Guidance'),
    },
    { name: 'SupplementItem' },
  ),
});
export const applicantDueAt = instant('Hạn người nộp phải bổ sung', 'Due from the applicant at');
export const itemsExample = {
  '1.001193.C02': { reason: 'missing', guidance: 'Đề nghị bà Hòa nộp giấy chứng sinh bản chính.' },
};

export const papersEvents = [
  dossierEvent('component-added', {
    vi: 'Đã thêm thành phần hồ sơ',
    en: 'Component added',
    data: object({ components: componentsHandedIn, actor: optional(actor) }),
    example: { components: example.components, actor: example.actor },
  }),
  dossierEvent('component-digitised', {
    vi: 'Đã số hoá thành phần hồ sơ',
    en: 'Component digitised',
    data: object({ components: componentsHandedIn, actor: optional(actor) }),
    example: {
      components: { '1.001193.C02': { form: 'paper', digitised: true, reused: false, fromPersonalStore: false } },
      actor: example.actor,
    },
  }),
  dossierEvent('supplement-requested', {
    vi: 'Đã yêu cầu bổ sung hồ sơ',
    en: 'Supplement requested',
    data: object({
      stage,
      items: supplementItems,
      applicantDueAt: optional(applicantDueAt),
      previousDueAt: optional(instant('Hẹn trả trước đó', 'Due before')),
      requestDueAt: optional(instant('Hạn cơ quan phải yêu cầu bổ sung', 'To be asked for by')),
      late: optional(flag('Yêu cầu bổ sung muộn', 'Asked for late')),
      legalBasis: optional(legalBasis('Căn cứ của hạn', 'Text that sets the time')),
      clock,
      notice: optional(notice),
      actor,
    }),
    minor: 1,
    example: {
      stage: 'after-receipt',
      items: itemsExample,
      applicantDueAt: '2023-06-24T10:00:00.000Z',
      previousDueAt: example.nextDay,
      requestDueAt: '2023-06-19T10:00:00.000Z',
      late: false,
      legalBasis: 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4',
      clock: example.clock,
      notice: example.notice,
      actor: example.appraiser,
    },
  }),
  dossierEvent('supplement-provided', {
    vi: 'Đã bổ sung hồ sơ',
    en: 'Supplement provided',
    data: object(
      {
        stage,
        request: optional(hash('Yêu cầu được trả lời', 'Event that requested it')),
        components: optional(components),
        complete: flag('Đã đầy đủ', 'Complete'),
        note: optional(personalText('Ghi chú', 'Note')),
        previousDueAt: optional(instant('Hẹn trả trước đó', 'Due before')),
        dueAt: optional(instant('Hẹn trả kết quả', 'Due at')),
        clock,
        actor: optional(actor),
      },
      { dependentRequired: { dueAt: ['previousDueAt'] } },
    ),
    example: {
      stage: 'after-receipt',
      request: example.eventHash,
      components: { '1.001193.C02': { form: 'paper', digitised: true, reused: false, fromPersonalStore: false } },
      complete: true,
      note: 'Bà Hòa nộp bổ sung tại quầy.',
      previousDueAt: example.nextDay,
      dueAt: example.dayAfter,
      clock: example.clock,
      actor: example.actor,
    },
  }),
];
