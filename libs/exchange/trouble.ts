/**
 * What is in trouble at a node, in one shape (design 6): messages on hold, in quarantine, undeliverable; dossiers parked;
 * commands in limbo (asked and not answered). And, for each kind and reason, what an operator does next: a word in both
 * languages, never an act by itself. Proved by `trouble.spec.ts`.
 */
export const TROUBLE_KINDS = ['held', 'quarantined', 'parked', 'undeliverable', 'limbo'] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

/** A number that no receipt covers, and a command without an outcome, are trouble from this age on (real time). */
export const STANDS_TOO_LONG_MS = 600_000;

export interface Advice {
  readonly vi: string;
  readonly en: string;
}

const HELD: Readonly<Record<string, Advice>> = {
  GAP: {
    vi: 'Chờ sự kiện đứng trước; nút tự hỏi các nút khác. Lâu quá thì xem chuyển giao tại nút nguồn.',
    en: 'Waits for the event before it; the node asks the others by itself. If it lasts, look at the deliveries of the source’s node.',
  },
  TOO_EARLY: {
    vi: 'Giờ ghi đi trước đồng hồ của nút: kiểm tra đồng hồ hai bên.',
    en: 'Recorded ahead of this node’s clock: check both clocks.',
  },
  DIRECTORY_BEHIND: {
    vi: 'Chờ phiên bản danh bạ mới hơn: kiểm tra việc đọc danh bạ.',
    en: 'Waits for a later directory version: check that the directory is read.',
  },
};
const PARKED: Readonly<Record<string, Advice>> = {
  FORK: {
    vi: 'Hai nhánh ngang nhau: cơ quan bố trí lại hồ sơ chọn nhánh giữ lại bằng rehomed.',
    en: 'Two branches of equal weight: the rehomer ends it by a rehomed on the branch to be kept.',
  },
  NOT_UNDERSTOOD: {
    vi: 'Phiên bản này chưa hiểu sự kiện: nâng cấp nút, hồ sơ tự tiếp tục.',
    en: 'This version does not understand the event: upgrade the node, the dossier goes on by itself.',
  },
  FOLD_FAILED: {
    vi: 'Lỗi của chương trình: giữ nhật ký lỗi, báo cho người phát triển.',
    en: 'A fault of the program: keep its log and report it.',
  },
};
const UNDELIVERABLE: Readonly<Record<string, Advice>> = {
  UNSENT: {
    vi: 'Chưa gửi được: kiểm tra Kafka, hộp thư của nút nhận và các vòng lặp đã ngắt.',
    en: 'Not sent yet: check Kafka, the peer’s mailbox, and the loops that are stopped.',
  },
  UNCONFIRMED: {
    vi: 'Đã gửi, chưa có biên nhận: hỏi người vận hành nút nhận; nút tự gửi lại.',
    en: 'Sent, no receipt: ask the operator of the peer; it is sent again by itself.',
  },
};
const LIMBO: Readonly<Record<string, Advice>> = {
  AWAITS_OUTCOME: {
    vi: 'Nút kia chưa trả lời: nút tự gửi lại lệnh; hết hạn thì mọi nút trả lời EXPIRED.',
    en: 'The other node has not answered: the command is sent again by itself; after its expiry every node answers EXPIRED.',
  },
  AWAITS_DECISION: {
    vi: 'Lệnh chờ nút này quyết định: thiếu dữ liệu mở, hồ sơ đang chuyển hoặc tạm dừng.',
    en: 'Waits for this node’s decision: openings are missing, or the dossier is in transit or parked.',
  },
};

const KEY = {
  vi: 'Danh bạ chưa cho nguồn này khóa hoặc quyền: sửa danh bạ, rồi xét lại (lienthong redrive start).',
  en: 'The directory gives the source no such key or right: correct it, then judge again (lienthong redrive start).',
};
const BROKEN = {
  vi: 'Không thể tin được như hiện có: nguồn phải lập lại bằng một sự kiện mới; có thể loại bỏ có ghi lý do.',
  en: 'Cannot be believed as it stands: its source states it anew; it may be discarded on record.',
};
const UPGRADE = {
  vi: 'Loại thông điệp của phiên bản sau: nâng cấp nút, rồi xét lại.',
  en: 'A type of a later version: upgrade the node, then judge again.',
};
const QUARANTINED: Readonly<Record<string, Advice>> = {
  KEY_UNKNOWN: KEY,
  KEY_NOT_VALID_THEN: KEY,
  NOT_ENTITLED: KEY,
  KEY_REVOKED: {
    vi: 'Khóa đã thu hồi: chỉ trả lại khi đã đối chiếu nhật ký được tin (believed-log-shown).',
    en: 'The key is revoked: release it only where a believed log was shown.',
  },
  PROFILE_UNKNOWN: UPGRADE,
  TYPE_UNKNOWN: UPGRADE,
};
const REFUSED = {
  vi: 'Nút nhận đã cách ly: hỏi người vận hành ở đó; cơ quan lập lại bằng sự kiện mới nếu nội dung sai.',
  en: 'The peer has quarantined it: ask its operator; where the content is wrong the agency states it anew.',
};

const ADVICE: Readonly<
  Record<TroubleKind, { readonly known: Readonly<Record<string, Advice>>; readonly else: Advice }>
> = {
  held: { known: HELD, else: HELD['GAP'] as Advice },
  quarantined: { known: QUARANTINED, else: BROKEN },
  parked: { known: PARKED, else: PARKED['FOLD_FAILED'] as Advice },
  undeliverable: { known: UNDELIVERABLE, else: REFUSED },
  limbo: { known: LIMBO, else: LIMBO['AWAITS_DECISION'] as Advice },
};

export function adviceOn(kind: TroubleKind, reason: string): Advice {
  const { known, else: otherwise } = ADVICE[kind];
  return Object.hasOwn(known, reason) ? (known[reason] as Advice) : otherwise;
}
