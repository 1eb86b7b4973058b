/** What operators did (design 3): a stream of the node. Every act has a reason; none holds a personal value. */
import {
  errorCode,
  hash,
  instant,
  legalBasis,
  object,
  openCode,
  optional,
  personalText,
  pointer,
  setOf,
  stream,
  integer,
} from '../build.ts';
import * as example from './examples.ts';
import { written } from './event.ts';
import { actor } from './persons.ts';
import { erasedSubjects, erasureReason } from './privacy.ts';

const note = optional(personalText('Ghi chú', 'Note', { subject: 'officer' }));

/** Asked of this node for an agency that it serves, and not carried out: both are records (Nghị định 13/2023 Art 14(8), 16). */
const erasureRefused = written('operation', 'erasure-refused', {
  vi: 'Đã từ chối yêu cầu xoá dữ liệu cá nhân',
  en: 'Erasure refused',
  data: object({
    stream: stream('Chuỗi', 'Stream'),
    subjects: erasedSubjects,
    reason: erasureReason,
    requestedAt: instant('Thời điểm yêu cầu', 'Requested at'),
    answerDueAt: optional(instant('Hạn trả lời', 'Answer due at')),
    refusedAt: instant('Thời điểm từ chối', 'Refused at'),
    code: errorCode('Mã từ chối', 'Code of the refusal'),
    ground: openCode('Lý do từ chối', 'Ground', ['dossier-open', 'retention', 'kept-for-ever', 'other']),
    until: optional(instant('Được xoá từ', 'Erasable from')),
    legalBasis: optional(legalBasis('Căn cứ pháp lý', 'Legal basis')),
    actor: optional(actor),
  }),
  example: {
    stream: example.stream,
    subjects: ['applicant'],
    reason: 'subject-request',
    requestedAt: example.morning,
    answerDueAt: '2023-06-17T02:00:00.000Z',
    refusedAt: example.nextDay,
    code: 'RETENTION_FORBIDS_ERASURE',
    ground: 'dossier-open',
    legalBasis: 'Nghị định 13/2023/NĐ-CP, Điều 16 khoản 2',
    actor: example.actor,
  },
});

export const operationEvents = [
  erasureRefused,
  written('operation', 'quarantine-released', {
    vi: 'Đã đưa ra khỏi khu cách ly',
    en: 'Quarantine released',
    data: object({
      quarantine: integer('Số trong khu cách ly', 'Number in quarantine', { min: 1 }),
      message: optional(hash('Thông điệp', 'Message')),
      stage: openCode('Chặng kiểm tra', 'Stage', [
        'bytes',
        'envelope',
        'key',
        'signature',
        'known',
        'entitled',
        'place',
        'fold',
      ]),
      code: errorCode('Mã', 'Code'),
      reason: openCode('Lý do', 'Reason', [
        'directory-corrected',
        'believed-log-shown',
        'configuration-corrected',
        'judged-again',
        'other',
      ]),
      note,
      actor: optional(actor),
    }),
    example: {
      quarantine: 17,
      message: example.eventHash,
      stage: 'key',
      code: 'KEY_REVOKED',
      reason: 'believed-log-shown',
      note: 'Anh Bình đã đối chiếu với nhật ký huyện.',
      actor: { ...example.actor, unit: 'operations', position: 'operator' },
    },
  }),
  written('operation', 'personal-data-revealed', {
    vi: 'Đã xem dữ liệu cá nhân',
    en: 'Personal data revealed',
    data: object({
      stream: stream('Chuỗi', 'Stream'),
      event: hash('Sự kiện', 'Event'),
      fields: setOf('Mục đã xem', 'Members seen', pointer('Con trỏ', 'Pointer'), { min: 1 }),
      reason: openCode('Mục đích', 'Purpose', [
        'handling',
        'applicant-asks',
        'correction',
        'complaint',
        'audit',
        'other',
      ]),
      note,
      actor: optional(actor),
    }),
    example: {
      stream: example.stream,
      event: example.eventHash,
      fields: ['/applicant/fullName'],
      reason: 'handling',
      actor: example.actor,
    },
  }),
];
