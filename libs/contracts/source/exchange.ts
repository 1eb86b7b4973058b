/** Between two nodes, about delivery (wire format 2.2): names and members exactly as in its table. */
import {
  base64,
  errorCode,
  hash,
  integer,
  label,
  list,
  matching,
  object,
  openCode,
  optional,
  stream,
  streamSeq,
  tuple,
} from '../build.ts';
import * as example from './examples.ts';
import { written } from './event.ts';

const line = integer('Dòng', 'Line', { min: 1 });
const number = (vi: string, en: string) => integer(vi, en, { min: 1 });
const logSize = integer('Kích thước nhật ký', 'Log size');
const origin = matching('Nguồn nhật ký', 'Log origin', {
  pattern: '^[^\\u0000-\\u0020+]+$',
  maxLength: 200,
  reason: 'names a log',
});
const eventHash = hash('Sự kiện', 'Event');
const events = list('Các sự kiện', 'Events', eventHash, { min: 1, max: 1000 });
const streamName = stream('Chuỗi', 'Stream');
const jwe = matching('Bản mở đã mã hoá', 'Sealed openings', {
  pattern: '^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
  maxLength: 130_000,
  reason: 'sealed for the receiving node (JWE)',
});
const proof = matching('Bằng chứng', 'Proof', {
  pattern: '^c2sp\\.org/tlog-proof@v1\\n',
  maxLength: 20_000,
  reason: 'hashes and signatures (C2SP tlog-proof)',
});

const openings = [
  written('exchange', 'openings', {
    vi: 'Bản mở dữ liệu cá nhân',
    en: 'Openings',
    data: object({ sealed: jwe }),
    example: { sealed: 'eyJhbGciOiJFQ0RILUVTIn0..BwcHBwcHBwcHBwcH.i8TQAj-VvSGCorMc.y_8Xoz33Y8BkvkU6NL' },
  }),
  written('exchange', 'openings-wanted', {
    vi: 'Xin bản mở',
    en: 'Openings wanted',
    data: object({
      events,
      purpose: openCode('Mục đích', 'Purpose', ['custody', 'opinion', 'command', 'adapter', 'recovery']),
    }),
    example: { events: [example.eventHash], purpose: 'custody' },
  }),
  written('exchange', 'openings-refused', {
    vi: 'Từ chối bản mở',
    en: 'Openings refused',
    data: object({ events, code: errorCode('Mã', 'Code') }),
    example: { events: [example.eventHash], code: 'NOT_ENTITLED' },
  }),
  written('exchange', 'erased', {
    vi: 'Đã xoá bản sao',
    en: 'Copies erased',
    data: object({
      event: eventHash,
      subjects: list('Chủ thể dữ liệu', 'Data subjects', label('Chủ thể', 'Data subject'), { min: 1 }),
    }),
    example: { event: example.eventHash, subjects: ['applicant'] },
  }),
];

const delivery = [
  written('exchange', 'manifest', {
    vi: 'Bảng kê đã gửi',
    en: 'Manifest',
    data: object({
      line,
      first: number('Số đầu', 'First number'),
      hashes: list('Mã băm', 'Hashes', hash('Thông điệp', 'Message'), { max: 1000 }),
      highest: integer('Số cao nhất', 'Highest number'),
    }),
    example: { line: 1, first: 1, hashes: [example.eventHash, example.otherHash], highest: 2 },
  }),
  written('exchange', 'receipt', {
    vi: 'Biên nhận',
    en: 'Receipt',
    data: object({
      line,
      contiguousUpTo: integer('Đã đủ đến số', 'Contiguous up to'),
      missing: list('Còn thiếu', 'Missing', tuple('Khoảng', 'Range', number('Từ', 'From'), number('Đến', 'To'))),
      refused: list(
        'Bị từ chối',
        'Refused',
        tuple('Số và mã', 'Number and code', number('Số', 'Number'), errorCode('Mã', 'Code')),
      ),
      logSize,
    }),
    example: { line: 1, contiguousUpTo: 3, missing: [[5, 6]], refused: [[2, 'SIGNATURE']], logSize: 6 },
  }),
  written('exchange', 'resend-wanted', {
    vi: 'Xin gửi lại',
    en: 'Resend wanted',
    data: object({ stream: streamName, from: streamSeq('Từ vị trí', 'From place') }),
    example: { stream: example.stream, from: '0000000002' },
  }),
];

const held = tuple('Chuỗi đang giữ', 'Stream held', streamName, streamSeq('Vị trí', 'Place'), hash('Mã băm', 'Hash'));
const evidence = [
  written('exchange', 'proofs', {
    vi: 'Bằng chứng nhật ký',
    en: 'Proofs',
    data: object({
      proofs: list('Bằng chứng', 'Proofs', object({ event: eventHash, proof }, { name: 'EventProof' }), { max: 100 }),
    }),
    example: {
      proofs: [
        {
          event: example.eventHash,
          proof: 'c2sp.org/tlog-proof@v1\nindex 0\n\nlienthong.example/gialam-district/1\n1\n',
        },
      ],
    },
  }),
  written('exchange', 'holdings-wanted', {
    vi: 'Hỏi các chuỗi đang giữ',
    en: 'Holdings wanted',
    data: object({ after: optional(streamName) }),
    example: { after: example.stream },
  }),
  written('exchange', 'holdings', {
    vi: 'Các chuỗi đang giữ',
    en: 'Holdings',
    data: object({ streams: list('Các chuỗi', 'Streams', held, { max: 1000 }), next: optional(streamName) }),
    example: { streams: [[example.stream, '0000000004', example.eventHash]] },
  }),
  written('exchange', 'head-wanted', {
    vi: 'Hỏi sự kiện cuối',
    en: 'Head wanted',
    data: object({ stream: streamName }),
    example: { stream: example.stream },
  }),
  written('exchange', 'head', {
    vi: 'Sự kiện cuối',
    en: 'Head',
    data: object({
      stream: streamName,
      streamseq: streamSeq('Vị trí', 'Place'),
      hash: hash('Mã băm', 'Hash'),
      origin,
      logSize,
    }),
    example: {
      stream: example.stream,
      streamseq: '0000000004',
      hash: example.eventHash,
      origin: 'lienthong.example/gialam-district/1',
      logSize: 6,
    },
  }),
  written('exchange', 'checkpoint-offered', {
    vi: 'Đề nghị đồng ký mốc kiểm tra',
    en: 'Checkpoint offered',
    data: object({ body: base64('Nội dung', 'Body') }),
    example: { body: 'b2xkIDAKCg==' },
  }),
  written('exchange', 'cosigned', {
    vi: 'Đã đồng ký',
    en: 'Cosigned',
    data: object({ status: integer('Trạng thái', 'Status', { min: 100, max: 599 }), body: base64('Nội dung', 'Body') }),
    example: { status: 200, body: '4oCU' },
  }),
];
export const exchangeMessages = [...openings, ...delivery, ...evidence];
