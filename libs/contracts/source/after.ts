/** After the end: satisfaction (S18) and petitions (S19, indicators 5.2 to 5.4 of Decision 766). */
import {
  agency,
  code,
  flag,
  instant,
  label,
  list,
  object,
  openCode,
  optional,
  legalBasis,
  personalText,
} from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { clock, notice } from './shapes.ts';

const rating = code('Mức độ', 'Rating', ['very-satisfied', 'satisfied', 'unsatisfied', 'very-unsatisfied']);
export const ratingMembers = {
  rating,
  aspects: optional(
    list('Theo từng mặt', 'By aspect', object({ aspect: label('Mặt', 'Aspect'), rating }, { name: 'AspectRating' }), {
      max: 20,
    }),
  ),
  comment: optional(personalText('Góp ý', 'Comment')),
  surveyVersion: optional(label('Phiên bản phiếu khảo sát', 'Version of the survey')),
  source: openCode('Nơi khảo sát', 'Where it was asked', [
    'survey-computer',
    'national-portal',
    'provincial-portal',
    'mobile-application',
    'paper',
  ]),
};
export const petition = label('Phản ánh, kiến nghị', 'Petition');
export const petitionMembers = {
  petition,
  kind: openCode('Loại', 'Kind', ['feedback', 'complaint', 'proposal', 'denunciation']),
  topic: openCode('Nội dung', 'Topic', [
    'delay',
    'attitude',
    'fee',
    'papers-beyond-law',
    'procedure',
    'result',
    'other',
  ]),
  content: personalText('Nội dung phản ánh', 'What was said', { max: 8000 }),
  source: openCode('Nguồn', 'Came through', ['counter', 'national-portal', 'provincial-portal', 'telephone', 'post']),
};
export const answerMembers = {
  petition,
  outcome: code('Kết quả', 'Outcome', ['refused', 'more-asked', 'solved', 'passed-on']),
  founded: optional(code('Có cơ sở', 'Founded', ['founded', 'partly', 'unfounded'])),
  answer: personalText('Nội dung trả lời', 'Answer', { max: 8000 }),
  published: flag('Đã công khai', 'Published'),
  notice: optional(notice),
  actor,
};
export const ratingExample = {
  rating: 'satisfied',
  aspects: [{ aspect: 'attitude', rating: 'very-satisfied' }],
  comment: 'Chị Lan hướng dẫn tận tình.',
  surveyVersion: 'sipas-2023',
  source: 'survey-computer',
};
export const petitionExample = {
  petition: 'p1',
  kind: 'feedback',
  topic: 'delay',
  content: 'Tôi là Nguyễn Thị Hòa, đã quá hẹn hai ngày.',
  source: 'national-portal',
};
export const answerExample = {
  petition: 'p1',
  outcome: 'solved',
  founded: 'founded',
  answer: 'UBND xã xin lỗi bà Hòa và đã trả kết quả.',
  published: true,
  notice: { ...example.notice, number: '21/TL-UBND' },
  actor: example.appraiser,
};

export const afterEvents = [
  dossierEvent('satisfaction-rated', {
    vi: 'Đã đánh giá mức độ hài lòng',
    en: 'Satisfaction rated',
    data: object({ ...ratingMembers, desk: agency('Nơi được đánh giá', 'Desk rated') }),
    example: { ...ratingExample, desk: 'H26.129.05' },
  }),
  dossierEvent('petition-filed', {
    vi: 'Đã gửi phản ánh, kiến nghị',
    en: 'Petition filed',
    data: object({
      ...petitionMembers,
      concerns: agency('Cơ quan bị phản ánh', 'Agency concerned'),
      answerDueAt: instant('Hạn trả lời', 'Answer due at'),
      refuseBy: optional(instant('Hạn từ chối', 'To be refused by')),
      askMoreBy: optional(instant('Hạn yêu cầu bổ sung thông tin', 'More to be asked for by')),
      legalBasis: optional(legalBasis('Căn cứ của hạn', 'Text that sets the times')),
      clock,
    }),
    minor: 1,
    example: {
      ...petitionExample,
      concerns: 'H26.129.05',
      answerDueAt: '2023-07-05T10:00:00.000Z',
      refuseBy: '2023-06-16T10:00:00.000Z',
      askMoreBy: '2023-06-21T10:00:00.000Z',
      legalBasis: 'Quyết định 766/QĐ-TTg, chỉ số 5.2',
      clock: example.clock,
    },
  }),
  dossierEvent('petition-answered', {
    vi: 'Đã trả lời phản ánh, kiến nghị',
    en: 'Petition answered',
    data: object({
      ...answerMembers,
      step: optional(code('Bước', 'Step', ['answer', 'publication'])),
      dueAt: optional(instant('Hạn của bước này', 'This step was due at')),
      late: optional(flag('Muộn', 'Late')),
      publishDueAt: optional(instant('Hạn công khai', 'To be published by')),
    }),
    minor: 1,
    example: { ...answerExample, step: 'answer', dueAt: '2023-07-05T10:00:00.000Z', late: false },
  }),
];
