/** Interlinked procedures: dossiers that belong together, each with a custodian of its own (design 4). */
import { dossierStream, label, object, openCode, optional, personalText, procedureCode } from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';

export const linkedDossier = dossierStream('Hồ sơ liên kết', 'Linked dossier');
export const relation = openCode('Quan hệ', 'Relation', [
  'interlinked',
  'precedes',
  'follows',
  'replaces',
  'same-applicant',
]);
export const linkedProcedure = procedureCode('Thủ tục liên kết', 'Linked procedure');
export const group = label('Nhóm thủ tục liên thông', 'Group of interlinked procedures');
export const linkNote = personalText('Ghi chú', 'Note');

export const linkEvents = [
  dossierEvent('linked', {
    vi: 'Đã liên kết hồ sơ',
    en: 'Linked',
    data: object({
      dossier: linkedDossier,
      relation,
      procedure: optional(linkedProcedure),
      group: optional(group),
      note: optional(linkNote),
      actor: optional(actor),
    }),
    example: {
      dossier: 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120002',
      relation: 'interlinked',
      procedure: '1.004222',
      group: 'birth-residence-insurance',
      note: 'Hồ sơ thường trú của cháu Minh Anh.',
      actor: example.actor,
    },
  }),
];
