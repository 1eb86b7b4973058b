/** Result papers and their return (Nghị định 61/2018 Art 20(2)–(4)). */
import {
  LABEL,
  code,
  flag,
  object,
  openCode,
  optional,
  personalLine,
  personalText,
  matching,
  setOf,
} from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { polarity, resultsReady, returnMethod } from './shapes.ts';

export const papers = setOf(
  'Giấy tờ kết quả',
  'Result papers',
  matching('Giấy tờ', 'Paper', { pattern: LABEL, reason: 'a label of the office, not of a person' }),
  { max: 100 },
);
export const carrier = openCode('Đơn vị chuyển phát', 'Carrier', ['public-post', 'agency', 'electronic']);
export const tracking = personalLine('Mã bưu gửi', 'Tracking number', { subject: 'applicant', max: 60 });
export const recipientIs = code('Người nhận là', 'Handed to', ['applicant', 'submitter', 'proxy', 'other']);
export const recipient = personalLine('Người nhận kết quả', 'Who took the result', { subject: 'submitter', max: 100 });
export const originalsReturned = flag('Đã trả bản chính', 'Originals returned');
export const returnNote = personalText('Ghi chú', 'Note');

/** Art 20(4): what goes out before the day it is due is announced first. */
const announcement = {
  early: optional(flag('Trước hạn', 'Before the day it was due')),
  announced: optional(flag('Đã báo trước', 'Announced first')),
};

export const resultEvents = [
  dossierEvent('result-ready', {
    vi: 'Có kết quả',
    en: 'Result ready',
    data: object({
      polarity,
      results: resultsReady,
      announced: flag('Đã báo người dân', 'Announced to the citizen'),
      actor,
    }),
    example: { polarity: 'positive', results: example.results, announced: true, actor: example.actor },
  }),
  dossierEvent('result-dispatched', {
    vi: 'Đã gửi kết quả',
    en: 'Result dispatched',
    data: object({ carrier, papers, tracking: optional(tracking), ...announcement, actor: optional(actor) }),
    minor: 1,
    example: {
      carrier: 'public-post',
      papers: ['r1'],
      tracking: 'EX000000001VN',
      early: true,
      announced: true,
      actor: example.actor,
    },
  }),
  dossierEvent('result-returned', {
    vi: 'Đã trả kết quả',
    en: 'Result returned',
    data: object({
      method: returnMethod,
      recipientIs,
      papers,
      recipient: optional(recipient),
      originalsReturned: optional(originalsReturned),
      note: optional(returnNote),
      ...announcement,
      actor,
    }),
    minor: 1,
    example: {
      method: 'counter',
      recipientIs: 'proxy',
      papers: ['r1'],
      recipient: 'Nguyễn Văn Dũng',
      originalsReturned: true,
      note: 'Ông Dũng nhận thay.',
      early: false,
      actor: example.actor,
    },
  }),
];
