/** What operators did (design 3): a stream of the node. Every act has a reason; none holds a personal value. */
import {
  errorCode,
  hash,
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

const note = optional(personalText('Ghi chú', 'Note', { subject: 'officer' }));

export const operationEvents = [
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
