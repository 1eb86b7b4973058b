/** Commands of money, work, opinions and due dates. */
import { legalBasis, money, object, optional, personalText } from '../build.ts';
import { expectedHash } from './commands-intake.ts';
import * as example from './examples.ts';
import { local, travelling } from './event.ts';
import {
  amount,
  clockEffect,
  obligation,
  payer,
  paymentDueAt,
  paymentMethod,
  paymentPlace,
  receiptNumber,
  waiver,
  waiverGround,
} from './money.ts';
import {
  askedAgency,
  duty,
  fields,
  opinion,
  opinionDueAt,
  opinionKind,
  question,
  request,
  taskResult,
  verdict,
} from './opinions.ts';
import { actor, assignee } from './persons.ts';
import { apology, fees, notice } from './shapes.ts';
import { dueAt, extensionReason } from './time.ts';
import { leadAgency, step, stepDueAt, stepNumber, stepOutcome, workflow } from './work.ts';

const basis = legalBasis('Căn cứ pháp lý', 'Legal basis');
const note = optional(personalText('Ghi chú', 'Note'));

export const moneyCommands = [
  local('request-fee', {
    vi: 'Yêu cầu thực hiện nghĩa vụ tài chính',
    en: 'Request a fee',
    data: object({
      obligation,
      fees,
      clockEffect: optional(clockEffect),
      paymentDueAt: optional(paymentDueAt),
      expectedHash,
      actor: optional(actor),
    }),
    example: { obligation: 'f1', fees: example.fees, clockEffect: 'run', actor: example.actor },
  }),
  travelling('record-payment', {
    vi: 'Ghi nhận thanh toán',
    en: 'Record a payment',
    data: object({
      obligation: optional(obligation),
      fees: optional(fees),
      amount,
      method: paymentMethod,
      place: paymentPlace,
      receiptNumber: optional(receiptNumber),
      payer: optional(payer),
      expectedHash,
      actor: optional(actor),
    }),
    example: {
      obligation: 'f1',
      amount: 8000,
      method: 'online',
      place: 'national-portal',
      receiptNumber: 'BL-000381',
      payer: 'Nguyễn Văn Dũng',
    },
  }),
  local('waive-fee', {
    vi: 'Miễn, giảm phí, lệ phí',
    en: 'Waive a fee',
    data: object({
      obligation: optional(obligation),
      fees: optional(fees),
      extent: waiver,
      remaining: money('Còn phải nộp (đồng)', 'Still to be paid (đồng)'),
      ground: waiverGround,
      legalBasis: basis,
      expectedHash,
      actor,
    }),
    example: {
      obligation: 'f1',
      extent: 'full',
      remaining: 0,
      ground: 'poor-household',
      legalBasis: 'Luật Hộ tịch, Điều 11',
      actor: example.actor,
    },
  }),
];

export const workCommands = [
  local('start-processing', {
    vi: 'Bắt đầu giải quyết',
    en: 'Start processing',
    data: object({ workflow: optional(workflow), leadAgency: optional(leadAgency), expectedHash, actor }),
    example: { workflow: 'birth-registration-2', actor: example.appraiser },
  }),
  local('assign-step', {
    vi: 'Phân công bước xử lý',
    en: 'Assign a step',
    data: object({
      step,
      stepNumber: optional(stepNumber),
      leadAgency: optional(leadAgency),
      assignee,
      dueAt: optional(stepDueAt),
      note,
      expectedHash,
      actor,
    }),
    example: {
      step: 'appraise',
      stepNumber: 2,
      assignee: example.appraiser,
      dueAt: example.nextDay,
      actor: example.actor,
    },
  }),
  local('complete-step', {
    vi: 'Hoàn thành bước xử lý',
    en: 'Complete a step',
    data: object({ step, stepNumber: optional(stepNumber), outcome: stepOutcome, note, expectedHash, actor }),
    example: {
      step: 'appraise',
      stepNumber: 2,
      outcome: 'done',
      note: 'Hồ sơ của bà Hòa đủ điều kiện.',
      actor: example.appraiser,
    },
  }),
];

export const opinionCommands = [
  local('request-opinion', {
    vi: 'Lấy ý kiến',
    en: 'Request an opinion',
    data: object({
      request,
      kind: opinionKind,
      agency: askedAgency,
      duty,
      leadAgency: optional(leadAgency),
      dueAt: opinionDueAt,
      fields,
      question,
      expectedHash,
      actor,
    }),
    example: {
      request: 'o1',
      kind: 'opinion',
      agency: 'H26.129',
      duty: 'verify',
      dueAt: example.nextDay,
      fields: ['/applicant/fullName', '/applicant/personalId'],
      question: 'Đề nghị xác minh nơi thường trú của bà Hòa.',
      actor: example.appraiser,
    },
  }),
  travelling('give-opinion', {
    vi: 'Cho ý kiến',
    en: 'Give an opinion',
    data: object({ request, verdict, opinion: optional(opinion), notice: optional(notice), expectedHash, actor }),
    example: {
      request: 'o1',
      verdict: 'agree',
      opinion: 'Bà Hòa thường trú tại phố Thuận An.',
      notice: example.notice,
      actor: example.appraiser,
    },
  }),
  travelling('finish-task', {
    vi: 'Hoàn thành nhiệm vụ',
    en: 'Finish a task',
    data: object({
      request,
      result: taskResult,
      opinion: optional(opinion),
      notice: optional(notice),
      expectedHash,
      actor,
    }),
    example: { request: 't1', result: 'done', opinion: 'Đã đo đạc thửa đất của bà Hòa.', actor: example.appraiser },
  }),
  local('mark-opinion-overdue', {
    vi: 'Ghi nhận quá hạn cho ý kiến',
    en: 'Mark an opinion overdue',
    data: object({ request, expectedHash, actor: optional(actor) }),
    example: { request: 'o1', actor: example.actor },
  }),
];

export const timeCommands = [
  local('extend-due-date', {
    vi: 'Hẹn lại ngày trả kết quả',
    en: 'Extend the due date',
    data: object({
      dueAt,
      reason: extensionReason,
      note: personalText('Diễn giải lý do', 'Reason in words'),
      apology,
      legalBasis: basis,
      expectedHash,
      actor,
    }),
    example: {
      dueAt: example.dayAfter,
      reason: 'verification-needed',
      note: 'Chờ xác minh nơi thường trú của bà Hòa.',
      apology: { ...example.notice, number: '3/XL-UBND' },
      legalBasis: 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9',
      actor: example.appraiser,
    },
  }),
];
