/** Shapes that several events and commands share. Required is what domain reference 4.8 demands. */
import {
  CATALOGUE_CODE,
  LABEL,
  agency,
  catalogueCode,
  code,
  documentNumber,
  flag,
  instant,
  integer,
  label,
  legalBasis,
  line,
  list,
  localDate,
  mapOf,
  money,
  object,
  openCode,
  optional,
  personalLine,
  personalText,
  procedureCode,
  territory,
  titled,
} from '../build.ts';
import { address } from './persons.ts';

export const channel = code('Kênh thực hiện', 'Submission channel', ['direct', 'online', 'public-post']);
export const applicantKind = code('Đối tượng thực hiện', 'Applicant kind', [
  'citizen',
  'enterprise',
  'state-agency',
  'other-organisation',
]);
export const submittedBy = code('Người nộp là', 'Submitted by', ['applicant', 'submitter', 'proxy', 'postal-operator']);
export const returnMethod = code('Hình thức trả kết quả', 'Return method', ['counter', 'post', 'online']);
export const returnAddress = address('applicant', 'Địa chỉ nhận kết quả', 'Address to which the result is sent');
/** Never both (domain reference 4.7). */
export const notifier = code('Bên thông báo cho người dân', 'Who notifies the citizen', ['local', 'portal']);
export const summary = personalText('Trích yếu hồ sơ', 'Summary of the dossier', { max: 1000 });

const procedureCase = label('Trường hợp', 'Case of the procedure');
export const procedure = titled(
  'Thủ tục hành chính',
  'Administrative procedure',
  object(
    {
      code: procedureCode('Mã thủ tục', 'Procedure code'),
      version: integer('Phiên bản thủ tục', 'Procedure version', { min: 1 }),
      case: procedureCase,
    },
    { name: 'Procedure' },
  ),
);
/** The version is found by the time of receipt. */
export const procedureWanted = titled(
  'Thủ tục hành chính',
  'Administrative procedure',
  object({ code: procedureCode('Mã thủ tục', 'Procedure code'), case: procedureCase }, { name: 'ProcedureWanted' }),
);
/** Nothing finer than a residential group or parcel zone: selectors of reform need it, superiors see no address. */
export const place = titled(
  'Địa bàn',
  'Place',
  object(
    {
      territory: territory('Mã xã, phường, đặc khu', 'Territory code'),
      area: label('Tổ dân phố, thôn, khu thửa đất', 'Residential group or parcel zone'),
    },
    { name: 'Place' },
  ),
);
export const clock = titled(
  'Quy tắc tính thời hạn',
  'Clock rule',
  object(
    {
      rule: code('Khi yêu cầu bổ sung', 'Effect of a supplement', ['restart', 'stop-and-subtract']),
      calendarVersion: line('Phiên bản lịch làm việc', 'Version of the working calendar', {
        max: 60,
        reason: 'version of reference data',
      }),
    },
    { name: 'DeadlineClock' },
  ),
);
export const limit = titled(
  'Thời hạn giải quyết',
  'Processing limit',
  object(
    {
      value: integer('Số', 'Value', { max: 10_000 }),
      unit: code('Đơn vị', 'Unit', ['instant', 'working-hour', 'working-day', 'calendar-day']),
    },
    { name: 'ProcessingLimit' },
  ),
);
export const otherCode = object(
  {
    system: openCode('Nơi cấp', 'Issued by', [
      'national-portal',
      'provincial-portal',
      'ministry-system',
      'hand-register',
      'one-stop-system',
    ]),
    code: line('Mã', 'Code', { max: 100, reason: 'code of a dossier in another register' }),
  },
  { name: 'OtherCode' },
);
export const otherCodes = list('Mã hồ sơ ở nơi khác', 'Codes given elsewhere', otherCode, { max: 20 });
export const registerNumber = integer('Số thứ tự trong sổ theo dõi năm', 'Number in the register of the year', {
  min: 1,
});

const component = object(
  {
    form: code('Hình thức', 'Form', ['paper', 'electronic']),
    digitised: flag('Đã số hoá', 'Digitised'),
    reused: flag('Tái sử dụng', 'Reused'),
    fromPersonalStore: flag('Lấy từ kho dữ liệu cá nhân', 'From the personal document store'),
    replacedResult: optional(catalogueCode('Mã kết quả thay thế', 'Code of the result that replaces it')),
    copies: optional(integer('Số bản', 'Copies', { min: 1, max: 1000 })),
  },
  { name: 'DossierComponent' },
);
export const components = mapOf('Thành phần hồ sơ', 'Components', { names: CATALOGUE_CODE, value: component });
export const componentsHandedIn = mapOf('Thành phần hồ sơ', 'Components', {
  names: CATALOGUE_CODE,
  value: component,
  min: 1,
});

/** A paper that the procedure demands and that is not there, with the ground on which the law does without it. */
export const exemptComponents = mapOf('Thành phần được miễn nộp', 'Required components not handed in', {
  names: CATALOGUE_CODE,
  min: 1,
  value: object(
    {
      ground: openCode('Lý do', 'Ground', ['from-database', 'not-applicable', 'later-by-law', 'other']),
      legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
    },
    { name: 'ComponentExemption' },
  ),
});

const fee = object(
  {
    code: catalogueCode('Mã phí, lệ phí', 'Fee code'),
    kind: code('Loại', 'Kind', ['fee', 'charge', 'tax', 'service']),
    amount: money('Số tiền (đồng)', 'Amount (đồng)'),
  },
  { name: 'Fee' },
);
export const fees = list('Phí, lệ phí', 'Fees', fee, { min: 1, max: 20 });

const signer = personalLine('Người ký', 'Signer', { subject: 'officer', max: 100 });
/** A paper of the authority: slip, notice, decision (forms 01–05). The form's kind is the event. */
export const notice = titled(
  'Văn bản',
  'Paper',
  object(
    {
      number: documentNumber('Số, ký hiệu', 'Number'),
      signedOn: localDate('Ngày ký', 'Signed on'),
      signer,
    },
    { name: 'Notice' },
  ),
);
export const apology = titled('Phiếu xin lỗi và hẹn lại ngày trả kết quả', 'Apology notice', notice);

export const resultDocument = object(
  {
    code: catalogueCode('Mã giấy tờ kết quả', 'Result code'),
    number: documentNumber('Số, ký hiệu', 'Number'),
    signedOn: localDate('Ngày ký', 'Signed on'),
    signer,
    electronic: flag('Bản điện tử', 'Electronic'),
  },
  { name: 'ResultDocument' },
);
export const results = mapOf('Giấy tờ kết quả', 'Result papers', { names: LABEL, value: resultDocument });
export const resultsReady = mapOf('Giấy tờ kết quả', 'Result papers', { names: LABEL, value: resultDocument, min: 1 });
/** Of the statements that the decision read; an instant (wire format 7). */
export const directoryVersion = instant('Phiên bản danh bạ cơ quan', 'Directory version');
export const polarity = code('Kết quả', 'Polarity of the result', ['positive', 'negative', 'partial']);
export const delegation = titled(
  'Uỷ quyền, phân cấp',
  'Delegated authority',
  object(
    {
      from: agency('Cơ quan uỷ quyền', 'Agency whose competence is used'),
      legalBasis: legalBasis('Căn cứ', 'Legal basis'),
    },
    { name: 'Delegation' },
  ),
);
