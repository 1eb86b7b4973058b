/**
 * Every code with which a command on a dossier is refused: stable, never renamed, never given another meaning. Outcomes
 * (wire format 2.1) and problem documents carry the code and both sentences. `{name}` is filled from the refusal's
 * details, which hold no personal datum.
 */
export interface RefusalText {
  readonly vi: string;
  readonly en: string;
}

/** About the command as a message: judged by the application before or beside the decider. */
const ABOUT_THE_MESSAGE = {
  EXPIRED: { vi: 'Yêu cầu đã hết hạn lúc {expiredAt}.', en: 'The command expired at {expiredAt}.' },
  INVALID: { vi: 'Dữ liệu của yêu cầu không hợp lệ: {fault}.', en: 'The data of the command is not valid: {fault}.' },
  OPENINGS_MISSING: {
    vi: 'Chưa nhận đủ dữ liệu cá nhân kèm theo: {missing}.',
    en: 'Openings of personal data have not arrived: {missing}.',
  },
  STALE: {
    vi: 'Hồ sơ đã thay đổi kể từ khi được đọc. Hãy đọc lại.',
    en: 'The dossier has changed since it was read. Read it again.',
  },
  TOO_MANY_HOPS: { vi: 'Yêu cầu đã được chuyển tiếp quá nhiều lần.', en: 'The command was passed on too many times.' },
  TIME_IN_FUTURE: { vi: 'Thời điểm {time} ở tương lai.', en: 'The time {time} lies in the future.' },
  TIME_BEFORE_REQUEST: {
    vi: 'Thời điểm {time} sớm hơn yêu cầu tương ứng lúc {requestedAt}.',
    en: 'The time {time} is earlier than the request it answers, of {requestedAt}.',
  },
} as const;

/** About who asks. */
const ABOUT_THE_PARTY = {
  NOT_A_PARTY: {
    vi: 'Cơ quan {agency} không phải là bên liên quan của hồ sơ.',
    en: 'Agency {agency} is no party to the dossier.',
  },
  NOT_CUSTODIAN: {
    vi: 'Hồ sơ đang do {custodian} giữ; {agency} không được thực hiện việc này.',
    en: 'The dossier is in the hand of {custodian}; {agency} may not do this.',
  },
  NOT_THE_AGENCY_NAMED: {
    vi: 'Hồ sơ được chuyển đến {to}, không phải {agency}.',
    en: 'The dossier was forwarded to {to}, not to {agency}.',
  },
  NOT_THE_AGENCY_ASKED: {
    vi: 'Ý kiến này được hỏi {asked}, không phải {agency}.',
    en: 'This opinion or task was asked of {asked}, not of {agency}.',
  },
  NOT_THE_REHOMER: {
    vi: '{agency} không phải cơ quan được giao điều chuyển hồ sơ này.',
    en: '{agency} is not the rehomer that the directory names for this dossier.',
  },
  NOT_THE_RECEIVING_AGENCY: {
    vi: 'Việc này do bộ phận một cửa đã tiếp nhận ({receivingAgency}) thực hiện.',
    en: 'This is done by, or goes to, the receiving one-stop unit ({receivingAgency}).',
  },
  ROLE_NOT_ALLOWED: {
    vi: 'Vai trò của người dùng không được phép: cần một trong {roles}.',
    en: 'The role does not allow this: one of {roles} is needed.',
  },
} as const;

/** About the situation of the dossier. */
const ABOUT_THE_SITUATION = {
  COMMAND_NOT_ALLOWED: {
    vi: 'Không thực hiện được khi hồ sơ ở trạng thái {situation}.',
    en: 'Not possible while the dossier is {situation}.',
  },
  SUPPLEMENT_NOT_OPEN: {
    vi: 'Không có yêu cầu bổ sung đang mở; hồ sơ ở trạng thái {situation}.',
    en: 'No supplement request is open; the dossier is {situation}.',
  },
  DOSSIER_UNKNOWN: { vi: 'Chưa có hồ sơ này.', en: 'There is no such dossier.' },
  DOSSIER_EXISTS: { vi: 'Hồ sơ này đã được nộp.', en: 'This dossier has been filed already.' },
  DOSSIER_IN_TRANSIT: {
    vi: 'Hồ sơ đang chuyển từ {from} đến {to}, chờ nhận bàn giao.',
    en: 'The dossier is in transit from {from} to {to}.',
  },
  DOSSIER_RELEASED: {
    vi: 'Hồ sơ đã được {by} trao trả, chờ cơ quan kế thừa.',
    en: 'The dossier was released by {by} and waits for its successor.',
  },
} as const;

/** About procedures, agencies and places at a time. */
const ABOUT_REFERENCE_DATA = {
  PROCEDURE_UNKNOWN: {
    vi: 'Không có thủ tục {procedure} vào thời điểm này.',
    en: 'There is no procedure {procedure} at this time.',
  },
  PROCEDURE_CASE_UNKNOWN: {
    vi: 'Thủ tục {procedure} không có trường hợp {case}.',
    en: 'Procedure {procedure} has no case {case}.',
  },
  RULE_NOT_IN_FORCE: {
    vi: 'Không có quy định {rule} vào thời điểm {time}.',
    en: 'There is no rule {rule} in force at {time}.',
  },
  AGENCY_NOT_VALID: {
    vi: 'Cơ quan {agency} không tồn tại vào thời điểm này.',
    en: 'Agency {agency} is not valid at this time.',
  },
  TERRITORY_UNKNOWN: {
    vi: 'Không có đơn vị hành chính {territory} vào thời điểm này.',
    en: 'There is no territory {territory} at this time.',
  },
} as const;

/** About papers, supplements, identity and money. */
const ABOUT_INTAKE = {
  COMPONENTS_MISSING: {
    vi: 'Hồ sơ chưa đủ thành phần bắt buộc: {names} ({missing}).',
    en: 'Required components are missing: {missing}.',
  },
  COMPONENT_UNKNOWN: { vi: 'Hồ sơ không có thành phần {component}.', en: 'The dossier has no component {component}.' },
  COMPONENT_EXISTS: { vi: 'Thành phần {component} đã có.', en: 'Component {component} is there already.' },
  COMPONENT_DIGITISED: {
    vi: 'Thành phần {component} đã được số hóa.',
    en: 'Component {component} has been digitised already.',
  },
  IDENTITY_CHECK_OPEN: {
    vi: 'Yêu cầu xác thực {check} đã được gửi.',
    en: 'Identity check {check} has been requested already.',
  },
  IDENTITY_CHECK_NOT_OPEN: {
    vi: 'Yêu cầu xác thực {check} không có hoặc đã được trả lời.',
    en: 'Identity check {check} was not requested, or has its answer.',
  },
  FEE_ALREADY_REQUESTED: { vi: 'Khoản thu {fee} đã được yêu cầu.', en: 'Fee {fee} has been requested already.' },
  FEE_NOT_REQUESTED: { vi: 'Không có khoản thu {fee} đang chờ nộp.', en: 'Fee {fee} has not been requested.' },
  FEE_ALREADY_PAID: {
    vi: 'Khoản thu {fee} đã nộp hoặc đã được miễn.',
    en: 'Fee {fee} has been paid or waived already.',
  },
  AMOUNT_DIFFERS: {
    vi: 'Số tiền {amount} đồng khác số phải nộp {requested} đồng.',
    en: 'The amount of {amount} đồng differs from the {requested} đồng requested.',
  },
} as const;

/** About work, opinions, custody and time. */
const ABOUT_WORK = {
  DEADLINE_MISSING: { vi: 'Thiếu thời hạn cho {what}.', en: 'A deadline is missing for {what}.' },
  DEADLINE_IN_PAST: {
    vi: 'Thời hạn {dueAt} không muộn hơn thời điểm {time}.',
    en: 'The deadline {dueAt} is not later than {time}.',
  },
  STEP_COMPLETED: { vi: 'Bước {step} đã hoàn thành.', en: 'Step {step} has been completed already.' },
  OPINION_EXISTS: { vi: 'Yêu cầu {opinion} đã có.', en: 'Opinion or task {opinion} has been requested already.' },
  OPINION_UNKNOWN: { vi: 'Không có yêu cầu ý kiến {opinion}.', en: 'There is no request {opinion}.' },
  OPINION_KIND_DIFFERS: {
    vi: 'Yêu cầu {opinion} thuộc loại {kind}.',
    en: 'Request {opinion} is of the kind {kind}.',
  },
  OPINION_ALREADY_GIVEN: {
    vi: 'Yêu cầu {opinion} đã được trả lời.',
    en: 'Request {opinion} has been answered already.',
  },
  OPINION_ALREADY_OVERDUE: {
    vi: 'Yêu cầu {opinion} đã được ghi nhận quá hạn.',
    en: 'Request {opinion} has been marked overdue already.',
  },
  OPINION_NOT_DUE: {
    vi: 'Yêu cầu {opinion} còn hạn đến {dueAt}.',
    en: 'Request {opinion} is not due before {dueAt}.',
  },
  FORWARD_TO_SELF: { vi: 'Hồ sơ đã ở {to}.', en: 'The dossier is at {to} already.' },
  FORWARD_REASON_NOT_ALLOWED: {
    vi: 'Không được chuyển với lý do {reason} khi hồ sơ ở trạng thái {situation}.',
    en: 'Not to be forwarded for the reason {reason} while the dossier is {situation}.',
  },
  RETURN_TO_STRANGER: {
    vi: '{to} chưa từng giữ hồ sơ nên không thể là nơi trả lại.',
    en: '{to} never had the dossier, so it cannot be returned there.',
  },
  NO_REHOMER: {
    vi: 'Danh bạ không nêu cơ quan điều chuyển hồ sơ của {agency}; nếu trao trả sẽ không ai nhận.',
    en: 'The directory names no rehomer for {agency}: once released, nobody could take the dossier.',
  },
  NO_DUE_DATE: { vi: 'Hồ sơ không có ngày hẹn trả.', en: 'The dossier has no due date.' },
  EXTENSION_USED: {
    vi: 'Hồ sơ đã được gia hạn một lần; không được gia hạn thêm.',
    en: 'The due date has been extended once; it may not be extended again.',
  },
  EXTENSION_TOO_LATE: {
    vi: 'Phải thông báo gia hạn chậm nhất một ngày trước hạn {dueAt}.',
    en: 'An extension is announced at the latest one day before the due date, {dueAt}.',
  },
  DUE_DATE_NOT_LATER: {
    vi: 'Ngày hẹn mới {newDueAt} không muộn hơn ngày hẹn {dueAt}.',
    en: 'The new due date {newDueAt} is not later than {dueAt}.',
  },
} as const;

/** About results, links, petitions, privacy and corrections. */
const ABOUT_THE_END = {
  RESULT_NOT_ANNOUNCED: {
    vi: 'Kết quả trả trước hạn {dueAt} phải được báo trước cho người dân.',
    en: 'What is returned before it is due, {dueAt}, is announced to the citizen first.',
  },
  RESULT_MISSING: { vi: 'Chưa có giấy tờ kết quả.', en: 'No result document has been recorded.' },
  LINK_EXISTS: { vi: 'Hồ sơ {dossier} đã được liên kết.', en: 'Dossier {dossier} is linked already.' },
  LINK_TO_SELF: { vi: 'Hồ sơ không thể liên kết với chính nó.', en: 'A dossier cannot be linked to itself.' },
  PETITION_EXISTS: { vi: 'Phản ánh {petition} đã có.', en: 'Petition {petition} has been filed already.' },
  PETITION_UNKNOWN: { vi: 'Không có phản ánh {petition}.', en: 'There is no petition {petition}.' },
  PETITION_ALREADY_ANSWERED: {
    vi: 'Phản ánh {petition} đã được trả lời.',
    en: 'Petition {petition} has been answered already.',
  },
  RETENTION_FORBIDS_ERASURE: {
    vi: 'Chưa được xóa dữ liệu cá nhân: {reason}.',
    en: 'Personal data may not be erased yet: {reason}.',
  },
  ALREADY_ERASED: {
    vi: 'Dữ liệu cá nhân của {subjects} đã được xóa.',
    en: 'The personal data of {subjects} have been erased already.',
  },
  EVENT_UNKNOWN: { vi: 'Hồ sơ không có sự kiện {event}.', en: 'The dossier has no event {event}.' },
  EVENT_NOT_SUPERSEDED: {
    vi: 'Sự kiện {event} thuộc lịch sử chính của hồ sơ.',
    en: 'Event {event} is part of the main history.',
  },
  EVENT_SUPERSEDED: {
    vi: 'Sự kiện {event} không thuộc lịch sử chính của hồ sơ.',
    en: 'Event {event} was superseded and is no part of the main history.',
  },
  ALREADY_CORRECTED: {
    vi: 'Sự kiện {event} đã được đính chính hoặc xử lý.',
    en: 'Event {event} has been dealt with already.',
  },
  EVENT_OF_ANOTHER_TYPE: {
    vi: 'Sự kiện {event} là {type}; lệnh này tạo ra {decided} nên không tiếp nhận được nó.',
    en: 'Event {event} is {type}; this command makes {decided}, so it cannot take it over.',
  },
} as const;

export const REFUSALS = {
  ...ABOUT_THE_MESSAGE,
  ...ABOUT_THE_PARTY,
  ...ABOUT_THE_SITUATION,
  ...ABOUT_REFERENCE_DATA,
  ...ABOUT_INTAKE,
  ...ABOUT_WORK,
  ...ABOUT_THE_END,
} as const satisfies Record<string, RefusalText>;

export type RefusalCode = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly RefusalCode[];
