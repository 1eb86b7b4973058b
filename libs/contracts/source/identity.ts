/**
 * Identity checks (domain reference 2.6): found, not found, not allowed and unavailable stay apart. A look-up without a
 * dossier, an officer and a purpose is impossible; no event holds what the population database answered.
 */
import {
  code,
  label,
  matching,
  object,
  openCode,
  optional,
  requiredWhen,
  setOf,
  stream,
  streamSeq,
  hash,
  titled,
  uuid,
} from '../build.ts';
import * as example from './examples.ts';
import { dossierEvent } from './event.ts';
import { actor } from './persons.ts';

/** `applicant`, `submitter` or the label of a child or related person. */
export const person = label('Người được kiểm tra', 'Person checked');
export const requestId = uuid('Mã yêu cầu', 'Request');
export const service = openCode('Dịch vụ', 'Service', [
  'population-lookup',
  'population-verify',
  'vneid',
  'card-reader',
  'paper',
]);
export const finding = code('Kết luận', 'Finding', ['not-found', 'data-differ']);
export const failure = openCode('Nguyên nhân', 'Cause', [
  'unavailable',
  'not-allowed',
  'budget-exhausted',
  'invalid-request',
]);
export const checked = setOf(
  'Thông tin đã kiểm tra',
  'What was checked',
  openCode('Thông tin', 'Datum', [
    'personal-id',
    'identity-card-number',
    'full-name',
    'birth-date',
    'sex',
    'residence',
    'kinship',
  ]),
  { min: 1, max: 20 },
);
/** An event of another stream that this one is about (design 3); nobody waits for it. */
export const about = titled(
  'Sự kiện được dẫn chiếu',
  'Event referred to',
  object(
    {
      subject: stream('Chuỗi', 'Stream'),
      streamseq: streamSeq('Vị trí', 'Place'),
      hash: hash('Mã băm', 'Hash'),
    },
    { name: 'About' },
  ),
);
/** The MaDVC of the look-up: the procedure for which the data are asked (domain reference 2.2). */
export const purpose = matching('Mục đích', 'Purpose', {
  pattern: '^\\d\\.\\d{6}(\\.[0-9A-Z.]{1,35})?$',
  grammar: 'ProcedureCode',
  reason: 'names an administrative procedure',
});
const asked = { person, request: requestId, service };
const askedExample = { person: 'applicant', request: example.request, service: 'population-verify' };

export const identityEvents = [
  dossierEvent('identity-check-requested', {
    vi: 'Đã yêu cầu kiểm tra danh tính',
    en: 'Identity check requested',
    data: object({ ...asked, purpose, checked, actor }),
    example: {
      ...askedExample,
      purpose: '1.001193',
      checked: ['personal-id', 'full-name', 'birth-date'],
      actor: example.actor,
    },
  }),
  dossierEvent('identity-confirmed', {
    vi: 'Đã xác thực danh tính',
    en: 'Identity confirmed',
    data: object({ ...asked, checked, about: optional(about), actor: optional(actor) }),
    example: {
      ...askedExample,
      checked: ['personal-id', 'full-name', 'birth-date'],
      about: {
        subject: 'lookup/hanoi-population/H26.129.05/2023-06',
        streamseq: '0000000012',
        hash: example.otherHash,
      },
      actor: example.actor,
    },
  }),
  dossierEvent('identity-not-confirmed', {
    vi: 'Không xác thực được danh tính',
    en: 'Identity not confirmed',
    data: object({ ...asked, finding, about: optional(about), actor: optional(actor) }),
    example: { ...askedExample, finding: 'data-differ', actor: example.actor },
  }),
  dossierEvent('identity-check-failed', {
    vi: 'Kiểm tra danh tính không thực hiện được',
    en: 'Identity check failed',
    data: object({ ...asked, reason: failure, about: optional(about), actor: optional(actor) }),
    example: { ...askedExample, reason: 'unavailable', actor: example.actor },
  }),
];
export const resultConditions = [
  requiredWhen('result', 'confirmed', ['checked']),
  requiredWhen('result', 'not-confirmed', ['finding']),
  requiredWhen('result', 'failed', ['reason']),
];
