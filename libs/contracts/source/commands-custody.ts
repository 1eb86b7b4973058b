/** Commands of custody and of what belongs together. */
import { legalBasis, object, optional, personalText } from '../build.ts';
import { expectedHash } from './commands-intake.ts';
import { declineReason, forwardReason, legDueAt, rehomeReason, releaseReason, to } from './custody.ts';
import * as example from './examples.ts';
import { local, travelling } from './event.ts';
import { group, linkNote, linkedDossier, linkedProcedure, relation } from './links.ts';
import { actor } from './persons.ts';
import { directoryVersion } from './shapes.ts';
import { leadAgency, step, stepNumber } from './work.ts';

const basis = legalBasis('Căn cứ pháp lý', 'Legal basis');
const note = optional(personalText('Ghi chú', 'Note'));

export const custodyCommands = [
  local('forward', {
    vi: 'Chuyển hồ sơ',
    en: 'Forward',
    data: object({
      to,
      reason: forwardReason,
      step,
      stepNumber: optional(stepNumber),
      leadAgency: optional(leadAgency),
      legDueAt: optional(legDueAt),
      note,
      expectedHash,
      actor,
    }),
    example: {
      to: 'H26.129',
      reason: 'route',
      step: 'appraise',
      stepNumber: 3,
      legDueAt: example.nextDay,
      actor: example.actor,
    },
  }),
  local('accept-custody', {
    vi: 'Nhận bàn giao',
    en: 'Accept custody',
    data: object({ expectedHash, actor: optional(actor) }),
    example: { actor: example.appraiser },
  }),
  local('decline-custody', {
    vi: 'Trả lại hồ sơ',
    en: 'Decline custody',
    data: object({ reason: declineReason, note, expectedHash, actor: optional(actor) }),
    example: { reason: 'wrong-competence', note: 'Không thuộc địa bàn.', actor: example.appraiser },
  }),
  travelling('recall', {
    vi: 'Thu hồi hồ sơ đang chuyển',
    en: 'Recall',
    data: object({ note, expectedHash, actor: optional(actor) }),
    example: { note: 'Chuyển nhầm hồ sơ của bà Hòa.', actor: example.actor },
  }),
  local('release-custody', {
    vi: 'Giao lại quyền giữ hồ sơ',
    en: 'Release custody',
    data: object({ reason: releaseReason, legalBasis: basis, expectedHash, actor: optional(actor) }),
    example: { reason: 'agency-ends', legalBasis: 'Nghị quyết 1656/NQ-UBTVQH15', actor: example.appraiser },
  }),
  local('rehome', {
    vi: 'Chuyển hồ sơ dở dang',
    en: 'Rehome',
    data: object({
      to,
      reason: optional(rehomeReason),
      legalBasis: basis,
      directoryVersion: optional(directoryVersion),
      note,
      expectedHash,
      actor: optional(actor),
    }),
    example: {
      to: 'H26',
      reason: 'suspension',
      legalBasis: 'Quyết định 1/2023 (ví dụ)',
      note: 'Theo đề nghị của bà Hòa.',
      actor: example.appraiser,
    },
  }),
];

export const linkCommands = [
  local('link', {
    vi: 'Liên kết hồ sơ',
    en: 'Link',
    data: object({
      dossier: linkedDossier,
      relation,
      procedure: optional(linkedProcedure),
      group: optional(group),
      note: optional(linkNote),
      expectedHash,
      actor: optional(actor),
    }),
    example: {
      dossier: 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120002',
      relation: 'interlinked',
      actor: example.actor,
    },
  }),
];
