/** Codes of the door itself, beside the refusals of the domain: what is wrong with a request before anybody decides it. */
export interface DoorText {
  readonly status: number;
  readonly vi: string;
  readonly en: string;
}
export const DOOR = {
  TOKEN_MISSING: { status: 401, vi: 'Thiếu mã truy cập (Bearer token).', en: 'A bearer token is needed.' },
  TOKEN_INVALID: {
    status: 401,
    vi: 'Mã truy cập không hợp lệ hoặc đã hết hạn.',
    en: 'The bearer token is not valid or has expired.',
  },
  AGENCY_NOT_YOURS: {
    status: 403,
    vi: 'Mã truy cập không thuộc cơ quan này.',
    en: 'The token does not speak for this agency.',
  },
  AGENCY_MISSING: {
    status: 400,
    vi: 'Hãy cho biết cơ quan trong tiêu đề Lt-Agency.',
    en: 'Name the agency you act for in the header Lt-Agency.',
  },
  AGENCY_NOT_HERE: {
    status: 421,
    vi: 'Cơ quan {agency} không thuộc nút này.',
    en: 'Agency {agency} is not served by this node.',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    vi: 'Thiếu tiêu đề Idempotency-Key.',
    en: 'The header Idempotency-Key is missing.',
  },
  IDEMPOTENCY_KEY_MALFORMED: {
    status: 400,
    vi: 'Idempotency-Key phải có 8 đến 128 ký tự ASCII nhìn thấy được.',
    en: 'Idempotency-Key has 8 to 128 visible ASCII characters.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    vi: 'Idempotency-Key này đã dùng với nội dung khác, hoặc không còn so sánh được với lần đầu.',
    en: 'This Idempotency-Key was used with another body, or can no longer be compared with its first use.',
  },
  ETAG_MALFORMED: {
    status: 400,
    vi: 'If-Match không đúng dạng.',
    en: 'If-Match is not an entity tag as given in ETag.',
  },
  CORRELATION_ID_MALFORMED: {
    status: 400,
    vi: 'Lt-Correlation-Id phải là UUID chữ thường.',
    en: 'Lt-Correlation-Id is a lower-case UUID.',
  },
  BODY_MALFORMED: { status: 400, vi: 'Nội dung không phải JSON hợp lệ.', en: 'The body is not well-formed JSON.' },
  BODY_TOO_LARGE: { status: 413, vi: 'Nội dung lớn hơn 131.072 byte.', en: 'The body is larger than 131,072 bytes.' },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    vi: 'Nội dung phải là application/json, UTF-8, không nén.',
    en: 'The body is application/json in UTF-8, without content encoding.',
  },
  BODY_INVALID: {
    status: 400,
    vi: 'Yêu cầu thiếu hoặc sai trường: {fault}.',
    en: 'A field of the request is missing or wrong: {fault}.',
  },
  CURSOR_INVALID: {
    status: 400,
    vi: 'Con trỏ trang không hợp lệ.',
    en: 'The cursor is not one that a page of this list gave.',
  },
  NOT_FOUND: { status: 404, vi: 'Không có địa chỉ này.', en: 'There is nothing at this address.' },
  COMMAND_UNKNOWN: { status: 404, vi: 'Không có lệnh {command}.', en: 'There is no command {command}.' },
  MALFORMED: { status: 400, vi: 'Sai dạng: {what}.', en: 'Malformed: {what}.' },
  NOT_YOUR_DOSSIER: {
    status: 403,
    vi: 'Hồ sơ này ngoài phạm vi của các cơ quan trong mã truy cập.',
    en: 'This dossier is out of the jurisdiction of the agencies in the token.',
  },
  REVEAL_NOT_ALLOWED: {
    status: 403,
    vi: 'Vai trò hoặc cơ quan không trực tiếp xử lý hồ sơ này nên không được xem dữ liệu cá nhân.',
    en: 'Personal data are shown to those who handle the dossier: neither role nor agency does.',
  },
  COMMAND_NOT_SENT: {
    status: 404,
    vi: 'Không có lệnh này của các cơ quan trong mã truy cập.',
    en: 'No such command of the agencies in the token is recorded here.',
  },
  DOSSIER_PARKED: {
    status: 409,
    vi: 'Hồ sơ đang tạm dừng ({reason}), chờ người vận hành.',
    en: 'The dossier is parked ({reason}) and waits for an operator.',
  },
  QUARANTINE_UNKNOWN: {
    status: 404,
    vi: 'Không có thông điệp cách ly này.',
    en: 'There is no such quarantined message.',
  },
  ALREADY_RELEASED: {
    status: 409,
    vi: 'Thông điệp này đã được đưa ra khỏi khu cách ly.',
    en: 'This message has left quarantine already.',
  },
  NOT_RELEASABLE: {
    status: 409,
    vi: 'Thông điệp này không thể được trả lại: {code}.',
    en: 'This message cannot be released: {code}.',
  },
  NOTHING_SELECTED: {
    status: 409,
    vi: 'Không có thông điệp cách ly nào khớp lựa chọn này.',
    en: 'Nothing in quarantine is selected.',
  },
  REDRIVE_EXISTS: {
    status: 409,
    vi: 'Đã có một đợt xét lại khác mang tên này.',
    en: 'There is another job under this name.',
  },
  REDRIVE_UNKNOWN: { status: 404, vi: 'Không có đợt xét lại này.', en: 'There is no such redrive.' },
  REDRIVE_OVER: {
    status: 409,
    vi: 'Đợt xét lại này đã kết thúc ({state}).',
    en: 'This redrive has ended ({state}).',
  },
  LOOP_UNKNOWN: {
    status: 422,
    vi: 'Không có vòng lặp {loop} để ngắt; deliveries cần tên nút nhận, các vòng khác thì không.',
    en: 'There is no loop {loop} to stop; deliveries are stopped for one peer, others as a whole.',
  },
  PEER_UNKNOWN: { status: 422, vi: 'Danh bạ không có nút nhận {peer}.', en: 'The directory has no peer {peer}.' },
  NODE_RECOVERING: {
    status: 503,
    vi: 'Nút này chưa được ký: cơ sở dữ liệu đã bị đưa về trạng thái cũ hoặc chưa được xác nhận; người vận hành hãy chạy lienthong recover.',
    en: 'This node signs nothing now: its database was put back to an earlier state, or nothing vouches for it yet; the operator runs lienthong recover.',
  },
  NOT_RESTORED: {
    status: 409,
    vi: 'Cơ sở dữ liệu khớp với dấu mốc: không có gì để khôi phục.',
    en: 'Mark and database agree: there is nothing to recover.',
  },
  BROKER_AWAY: {
    status: 503,
    vi: 'Không kết nối được Kafka: khôi phục cần các nút khác.',
    en: 'The broker does not answer: a recovery asks the peers.',
  },
  OVERLOADED: {
    status: 503,
    vi: 'Hệ thống đang quá tải, hãy thử lại sau.',
    en: 'Too much work at the moment; try again later.',
  },
  RATE_LIMITED: {
    status: 429,
    vi: 'Máy khách hoặc cơ quan này gửi quá nhiều yêu cầu, hãy thử lại sau {retryAfterSeconds} giây.',
    en: 'Too many requests of this client or agency; try again in {retryAfterSeconds} s.',
  },
  UNAVAILABLE: {
    status: 503,
    vi: 'Cơ sở dữ liệu tạm thời không sẵn sàng.',
    en: 'The database is not available at the moment.',
  },
  CONTENDED: {
    status: 503,
    vi: 'Nhiều yêu cầu cùng lúc trên hồ sơ này, hãy thử lại.',
    en: 'Too many commands on this dossier at once; try again.',
  },
  INTERNAL: { status: 500, vi: 'Lỗi bên trong, đã được ghi nhận.', en: 'An internal error; it has been recorded.' },
} as const satisfies Record<string, DoorText>;
export type DoorCode = keyof typeof DOOR;

/** Codes of the wire format that text of a request can break (wire format 1). */
export const TEXT_FAULTS = {
  NOT_NFC: {
    vi: 'Văn bản phải ở dạng chuẩn hóa NFC và chỉ gồm ký tự của Unicode 15.0.',
    en: 'Text is in Unicode form NFC and of characters assigned in Unicode 15.0.',
  },
  NUMBER: { vi: 'Số phải là số nguyên trong khoảng an toàn.', en: 'Numbers are integers in the safe range.' },
  NULL: { vi: 'Không dùng null: trường vắng thì bỏ trống.', en: 'There is no null: absent is absent.' },
  CONTROL_CHARACTER: { vi: 'Văn bản có ký tự điều khiển.', en: 'The text holds a control character.' },
  DEPTH: { vi: 'Dữ liệu lồng quá 16 mức.', en: 'The data are nested deeper than 16 levels.' },
  TOO_LARGE: { vi: 'Dữ liệu quá lớn cho một thông điệp.', en: 'The data are too large for one message.' },
  DISCLOSURES_TOO_LARGE: {
    vi: 'Dữ liệu cá nhân của một lần ghi vượt 90.000 byte.',
    en: 'The personal data of one act exceed 90,000 bytes.',
  },
  NOT_CANONICAL: { vi: 'Văn bản có ký tự không ghép đôi.', en: 'The text holds a lone surrogate.' },
} as const satisfies Record<string, { vi: string; en: string }>;
