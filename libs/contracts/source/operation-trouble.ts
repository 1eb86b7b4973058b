/** What operators did about messages and deliveries in trouble (design 6, 11): events of the node, each with its reason. */
import {
  code,
  errorCode,
  hash,
  instant,
  integer,
  list,
  matching,
  node,
  object,
  openCode,
  optional,
  personalText,
  stream,
  titled,
  uuid,
} from '../build.ts';
import type { Contract } from '../schema.ts';
import * as example from './examples.ts';
import { written } from './event.ts';

const note = optional(personalText('Ghi chú', 'Note', { subject: 'officer' }));
const job = uuid('Đợt xét lại', 'Redrive job');
const quarantine = integer('Số trong khu cách ly', 'Number in quarantine', { min: 1 });
const stage = openCode('Chặng kiểm tra', 'Stage', ['bytes', 'envelope', 'key', 'signature', 'known', 'entitled']);
const source = matching('Nguồn', 'Source', {
  pattern: '^urn:lienthong:(agency|node|registrar):[A-Za-z0-9.-]{1,64}$',
  maxLength: 96,
  reason: 'names an agency, a node or a registrar',
});

const selection = titled(
  'Lựa chọn',
  'Selection',
  object(
    {
      stage: optional(stage),
      code: optional(errorCode('Mã', 'Code')),
      source: optional(source),
      subject: optional(stream('Chuỗi', 'Stream')),
      before: optional(instant('Cách ly trước lúc', 'Quarantined before')),
      kind: optional(openCode('Loại vướng mắc', 'Kind of trouble', ['held', 'parked', 'undeliverable', 'limbo'])),
      peer: optional(node('Nút bên kia', 'Peer')),
    },
    { name: 'RedriveSelection' },
  ),
);

const REDRIVE_REASONS = ['directory-corrected', 'configuration-corrected', 'upgraded', 'judged-again', 'other'];
const STEER_REASONS = ['load', 'mistake', 'cause-found', 'cause-removed', 'done', 'other'];
const STOP_REASONS = ['peer-asks', 'peer-faulty', 'load', 'maintenance', 'cause-removed', 'other'];

const steered = (name: string, vi: string, en: string): Contract =>
  written('operation', name, {
    vi,
    en,
    data: object({ job, reason: openCode('Lý do', 'Reason', STEER_REASONS), note }),
    example: { job: example.request, reason: 'load' },
  });

const loopData = object({
  loop: openCode('Vòng lặp', 'Loop', [
    'deliveries',
    'redrive',
    'ask-for-gaps',
    'release-held',
    'receipts',
    'repeat-commands',
    'prune',
  ]),
  peer: optional(node('Nút nhận', 'Peer')),
  reason: openCode('Lý do', 'Reason', STOP_REASONS),
  note,
});
const switched = (name: string, vi: string, en: string): Contract =>
  written('operation', name, {
    vi,
    en,
    minor: 1,
    data: loopData,
    example: { loop: 'deliveries', peer: 'gialam-district', reason: 'peer-asks' },
  });

export const troubleEvents: readonly Contract[] = [
  written('operation', 'quarantine-discarded', {
    vi: 'Đã loại bỏ khỏi khu cách ly',
    en: 'Quarantine discarded',
    data: object({
      quarantine,
      message: optional(hash('Thông điệp', 'Message')),
      bytes: hash('SHA-256 của các byte đã nhận', 'SHA-256 of the bytes as they came'),
      stage,
      code: errorCode('Mã', 'Code'),
      reason: openCode('Lý do', 'Reason', ['not-for-us', 'sender-will-restate', 'forged', 'unreadable', 'other']),
      note,
    }),
    example: {
      quarantine: 17,
      message: example.eventHash,
      bytes: example.otherHash,
      stage: 'signature',
      code: 'SIGNATURE',
      reason: 'forged',
      note: 'Anh Bình đã hỏi lại xã.',
    },
  }),
  written('operation', 'redrive-started', {
    vi: 'Đã bắt đầu một đợt xét lại',
    en: 'Redrive started',
    minor: 1,
    data: object({
      job,
      selection,
      upTo: integer('Đến số cách ly', 'Up to number in quarantine'),
      messages: integer('Số thông điệp', 'Messages'),
      bytes: integer('Số byte', 'Bytes'),
      batch: integer('Cỡ mẻ', 'Batch size', { min: 1, max: 200 }),
      perMinute: integer('Số thông điệp mỗi phút', 'Messages a minute', { min: 1, max: 60_000 }),
      reason: openCode('Lý do', 'Reason', REDRIVE_REASONS),
      note,
    }),
    example: {
      job: example.request,
      selection: { stage: 'key', code: 'KEY_UNKNOWN', before: example.nextDay },
      upTo: 412,
      messages: 96,
      bytes: 88_320,
      batch: 50,
      perMinute: 600,
      reason: 'directory-corrected',
    },
  }),
  steered('redrive-paused', 'Đã tạm dừng đợt xét lại', 'Redrive paused'),
  steered('redrive-resumed', 'Đã tiếp tục đợt xét lại', 'Redrive resumed'),
  steered('redrive-cancelled', 'Đã huỷ đợt xét lại', 'Redrive cancelled'),
  written('operation', 'quarantine-redriven', {
    vi: 'Đã đưa ra khỏi khu cách ly trong một đợt xét lại',
    en: 'Quarantine redriven',
    data: object({
      job,
      messages: list(
        'Các thông điệp',
        'Messages',
        object(
          {
            quarantine,
            message: hash('Thông điệp', 'Message'),
            became: code('Đã thành', 'Became', ['recorded', 'held', 'duplicate', 'answered']),
          },
          { name: 'RedrivenMessage' },
        ),
        { min: 1, max: 200 },
      ),
    }),
    example: { job: example.request, messages: [{ quarantine: 17, message: example.eventHash, became: 'recorded' }] },
  }),
  written('operation', 'trouble-redriven', {
    vi: 'Đã thử lại những gì đang vướng trong một đợt xét lại',
    en: 'Trouble redriven',
    data: object({
      job,
      kind: openCode('Loại vướng mắc', 'Kind of trouble', ['held', 'parked', 'undeliverable', 'limbo']),
      items: list(
        'Các mục',
        'Items',
        object(
          {
            item: integer('Số trong đợt', 'Number within the job', { min: 1 }),
            message: optional(hash('Thông điệp', 'Message')),
            stream: optional(stream('Chuỗi', 'Stream')),
            peer: optional(node('Nút bên kia', 'Peer')),
            became: openCode('Đã thành', 'Became', ['recorded', 'answered', 'sent', 'asked', 'applied']),
          },
          { name: 'RedrivenItem' },
        ),
        { min: 1, max: 200 },
      ),
    }),
    example: {
      job: example.request,
      kind: 'undeliverable',
      items: [{ item: 1, message: example.eventHash, stream: example.stream, peer: 'gialam-district', became: 'sent' }],
    },
  }),
  switched('loop-stopped', 'Đã ngắt một vòng lặp', 'Loop stopped'),
  switched('loop-resumed', 'Đã nối lại một vòng lặp', 'Loop resumed'),
];
