/** Opinions and tasks asked of other agencies (Nghị định 61/2018 Art 19(5), 19(6)): each has a duty and a deadline of its own. */
import { agency, code, instant, label, object, optional, personalText, pointer, setOf } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';
import { clock, notice } from './shapes.ts';
import { leadAgency } from './work.ts';

/** Chosen by whoever asks, unique within the dossier; the answer repeats it. */
export const request = label('Yêu cầu', 'Request');
export const askedAgency = agency('Cơ quan được hỏi', 'Agency asked');
export const opinionKind = code('Loại', 'Kind', ['opinion', 'task']);
export const duty = label('Nhiệm vụ', 'Duty');
export const opinionDueAt = instant('Hạn trả lời', 'Answer due at');
/** What the agency asked may see: pointers inside the data of the dossier's events (wire format 4). */
export const fields = setOf('Thông tin được chia sẻ', 'Fields shared', pointer('Con trỏ', 'Pointer'), { max: 100 });
export const question = personalText('Nội dung lấy ý kiến', 'Question', { max: 4000 });
export const verdict = code('Ý kiến', 'Verdict', ['agree', 'disagree', 'agree-with-conditions', 'no-opinion']);
export const taskResult = code('Kết quả nhiệm vụ', 'Result of the task', ['done', 'not-done']);
export const opinion = personalText('Nội dung ý kiến', 'Opinion', { max: 8000 });

export const opinionEvents = [
  dossierEvent('opinion-requested', {
    vi: 'Đã lấy ý kiến',
    en: 'Opinion requested',
    data: object({
      request,
      kind: opinionKind,
      agency: askedAgency,
      duty,
      leadAgency,
      dueAt: opinionDueAt,
      clock,
      fields,
      question,
      actor,
    }),
    example: {
      request: 'o1',
      kind: 'opinion',
      agency: 'H26.129',
      duty: 'verify',
      leadAgency: 'H26.129.05',
      dueAt: example.nextDay,
      clock: example.clock,
      fields: ['/applicant/fullName', '/applicant/personalId'],
      question: 'Đề nghị xác minh nơi thường trú của bà Hòa.',
      actor: example.appraiser,
    },
  }),
  dossierEvent('opinion-given', {
    vi: 'Đã cho ý kiến',
    en: 'Opinion given',
    data: object({
      request,
      kind: opinionKind,
      agency: askedAgency,
      verdict: code('Kết luận', 'Verdict', [
        'agree',
        'disagree',
        'agree-with-conditions',
        'no-opinion',
        'done',
        'not-done',
      ]),
      opinion: optional(opinion),
      notice: optional(notice),
      dueAt: opinionDueAt,
      actor,
    }),
    example: {
      request: 'o1',
      kind: 'opinion',
      agency: 'H26.129',
      verdict: 'agree',
      opinion: 'Bà Hòa thường trú tại phố Thuận An.',
      notice: example.notice,
      dueAt: example.nextDay,
      actor: example.appraiser,
    },
  }),
  dossierEvent('opinion-overdue', {
    vi: 'Quá hạn cho ý kiến',
    en: 'Opinion overdue',
    data: object({ request, kind: opinionKind, agency: askedAgency, dueAt: opinionDueAt, actor: optional(actor) }),
    example: { request: 'o1', kind: 'opinion', agency: 'H26.129', dueAt: example.nextDay, actor: example.actor },
  }),
];
