/** Commands of the end, the result, what comes after, and privacy. */
import { agency, flag, legalBasis, object, optional, personalText } from '../build.ts';
import {
  answerExample,
  answerMembers,
  petitionExample,
  petitionMembers,
  ratingExample,
  ratingMembers,
} from './after.ts';
import { expectedHash } from './commands-intake.ts';
import { refund, refusalReason, requestedBy, stopReason } from './end.ts';
import * as example from './examples.ts';
import { local, travelling } from './event.ts';
import { correctionExample, correctionMembers, correctionRules, erasureExample, erasureMembers } from './privacy.ts';
import { carrier, originalsReturned, papers, recipient, recipientIs, returnNote, tracking } from './result.ts';
import { actor } from './persons.ts';
import { delegation, notice, polarity, results, resultsReady, returnMethod } from './shapes.ts';

const basis = legalBasis('Căn cứ pháp lý', 'Legal basis');
const inWords = personalText('Diễn giải lý do', 'Reason in words');

export const endCommands = [
  local('resolve', {
    vi: 'Kết thúc xử lý',
    en: 'Resolve',
    data: object({
      polarity,
      results,
      delegation: optional(delegation),
      legalBasis: optional(basis),
      note: optional(personalText('Ghi chú', 'Note')),
      expectedHash,
      actor,
    }),
    example: { polarity: 'positive', results: example.results, actor: example.appraiser },
  }),
  local('refuse', {
    vi: 'Từ chối giải quyết',
    en: 'Refuse',
    data: object({ reason: refusalReason, note: inWords, legalBasis: basis, notice, expectedHash, actor }),
    example: {
      reason: 'not-eligible',
      note: 'Bà Hòa không đủ điều kiện theo quy định.',
      legalBasis: 'Luật Hộ tịch, Điều 15',
      notice: { ...example.notice, number: '7/TC-UBND' },
      actor: example.appraiser,
    },
  }),
  local('stop', {
    vi: 'Dừng giải quyết',
    en: 'Stop',
    data: object({
      requestedBy,
      reason: stopReason,
      note: optional(inWords),
      legalBasis: basis,
      refund: optional(refund),
      notice: optional(notice),
      expectedHash,
      actor,
    }),
    example: {
      requestedBy: 'agency',
      reason: 'supplement-not-provided',
      legalBasis: 'Nghị định 118/2025/NĐ-CP',
      actor: example.appraiser,
    },
  }),
  travelling('withdraw', {
    vi: 'Rút hồ sơ',
    en: 'Withdraw',
    data: object({
      requestedBy,
      note: optional(inWords),
      refund: optional(refund),
      originalsReturned: optional(originalsReturned),
      expectedHash,
      actor: optional(actor),
    }),
    example: { requestedBy: 'applicant', note: 'Bà Hòa xin rút hồ sơ.', actor: example.actor },
  }),
];

export const resultCommands = [
  local('mark-result-ready', {
    vi: 'Ghi nhận có kết quả',
    en: 'Mark the result ready',
    data: object({
      results: optional(resultsReady),
      announced: flag('Đã báo người dân', 'Announced to the citizen'),
      expectedHash,
      actor,
    }),
    example: { results: example.results, announced: true, actor: example.actor },
  }),
  local('dispatch-result', {
    vi: 'Gửi kết quả',
    en: 'Dispatch the result',
    data: object({ carrier, papers, tracking: optional(tracking), expectedHash, actor: optional(actor) }),
    example: { carrier: 'public-post', papers: ['r1'], tracking: 'EX000000001VN', actor: example.actor },
  }),
  local('return-result', {
    vi: 'Trả kết quả',
    en: 'Return the result',
    data: object({
      method: returnMethod,
      recipientIs,
      papers,
      recipient: optional(recipient),
      originalsReturned: optional(originalsReturned),
      note: optional(returnNote),
      expectedHash,
      actor,
    }),
    example: { method: 'counter', recipientIs: 'applicant', papers: ['r1'], actor: example.actor },
  }),
];

export const afterCommands = [
  travelling('rate-satisfaction', {
    vi: 'Đánh giá mức độ hài lòng',
    en: 'Rate satisfaction',
    data: object({ ...ratingMembers, desk: optional(agency('Nơi được đánh giá', 'Desk rated')), expectedHash }),
    example: ratingExample,
  }),
  travelling('file-petition', {
    vi: 'Gửi phản ánh, kiến nghị',
    en: 'File a petition',
    data: object({
      ...petitionMembers,
      concerns: optional(agency('Cơ quan bị phản ánh', 'Agency concerned')),
      expectedHash,
    }),
    example: petitionExample,
  }),
  local('answer-petition', {
    vi: 'Trả lời phản ánh, kiến nghị',
    en: 'Answer a petition',
    data: object({ ...answerMembers, expectedHash }),
    example: answerExample,
  }),
];

export const privacyCommands = [
  local('erase-personal-data', {
    vi: 'Xoá dữ liệu cá nhân',
    en: 'Erase personal data',
    data: object({ ...erasureMembers, expectedHash }),
    example: erasureExample,
  }),
  local('correct', {
    vi: 'Đính chính',
    en: 'Correct',
    data: object({ ...correctionMembers, expectedHash }, correctionRules),
    example: correctionExample,
  }),
];
