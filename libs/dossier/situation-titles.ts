import type { SituationName } from './situation.state.ts';

/** What a situation is called on a screen or a page (glossary, domain 11). */
export const SITUATION_TITLES: Readonly<Record<SituationName, { readonly vi: string; readonly en: string }>> = {
  NotFiled: { vi: 'Chưa nộp', en: 'Not filed' },
  Submitted: { vi: 'Mới đăng ký, chờ tiếp nhận', en: 'Submitted, waiting to be received' },
  AwaitingSupplement: { vi: 'Chờ bổ sung', en: 'Awaiting a supplement' },
  AwaitingPayment: { vi: 'Chờ nộp phí, lệ phí', en: 'Awaiting payment' },
  IntakeRefused: { vi: 'Không được tiếp nhận', en: 'Refused at intake' },
  Received: { vi: 'Đã tiếp nhận', en: 'Received' },
  InProcess: { vi: 'Đang xử lý', en: 'In process' },
  InTransit: { vi: 'Đang chuyển', en: 'In transit' },
  Released: { vi: 'Đã giao lại, chờ cơ quan kế thừa', en: 'Released, waiting for a successor' },
  Resolved: { vi: 'Đã xử lý xong', en: 'Resolved' },
  Refused: { vi: 'Bị từ chối giải quyết', en: 'Refused' },
  Stopped: { vi: 'Dừng xử lý', en: 'Stopped' },
  Withdrawn: { vi: 'Đã rút hồ sơ', en: 'Withdrawn' },
  Returned: { vi: 'Đã trả kết quả', en: 'Result returned' },
};
