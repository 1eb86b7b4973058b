/** Persons who exist nowhere (personal numbers begin 999), in words that stand nowhere else. */
export const NOTE_OF_REVEAL = 'Xem theo đề nghị của công dân tại quầy Hoa Sữa 6118';

/** Of the dossier whose applicant, child, father and submitter are erased. */
export const ERASED = {
  name: 'Quách Thị Tuyết Nhung Vĩnh',
  corrected: 'Quách Thị Tuyết Nhưng Vịnh',
  number: '999185774201',
  phone: '+84 999 774 2013',
  email: 'nhung.vinh.7742@planted.example',
  passport: 'PX7742013QZ',
  address: 'Số 7742 ngõ Ẩn Danh, tổ Mai Vàng',
  returnAddress: 'Hộp thư 7743 xóm Bến Lở',
  child: 'Quách Vĩnh Hạ Băng',
  father: 'Lục Vĩnh Tùng Bách',
  recipient: 'Thân Thị Khuê Nhận Thay',
  summary: 'Khai sinh cho cháu Hạ Băng ở xóm Bến Lở',
  guidance: 'Đề nghị chị Nhung nộp giấy chứng sinh của cháu Hạ Băng',
  supplement: 'Chị Nhung nộp giấy chứng sinh lúc tan chợ Bến Lở',
  refused: 'Chị Nhung nộp thêm một tờ không ai đòi',
  question: 'Chị Nhung có thường trú ở ngõ Ẩn Danh không?',
  opinion: 'Chị Nhung thường trú ở ngõ Ẩn Danh từ nhỏ',
  correction: 'Ghi sai dấu tên của chị Nhung ở quầy Hoa Sữa',
} as const;

/** Officers, and the persons of another dossier: nothing of these is erased. */
export const KEPT = {
  reception: 'Đoàn Mộc Trà Thanh',
  receptionCode: 'CB-TRA-44117',
  appraiser: 'Ông Đặng Khánh Lim',
  appraiserCode: 'CB-LIM-55218',
  signer: 'Phó Thị Ngọc Lựu Quyền',
  privacy: 'Bạch Thị Sen Trắng',
  privacyCode: 'CB-SEN-66319',
  otherName: 'Hứa Kim Thoa Diệp',
  otherNumber: '999085664302',
  otherAddress: 'Số 6643 dốc Cây Thị, tổ Đồng Dao',
  revealNote: NOTE_OF_REVEAL,
} as const;

/** Only in requests that are turned away. */
export const TURNED_AWAY = {
  name: 'Mạc Thị Vong Đãng',
  number: '999199553403',
  text: 'Không ai được thấy câu này 5534',
} as const;

export const receptionist = {
  unit: 'one-stop',
  position: 'reception-officer',
  name: KEPT.reception,
  officerCode: KEPT.receptionCode,
};
export const appraiser = {
  unit: 'justice-office',
  position: 'civil-status-officer',
  name: KEPT.appraiser,
  officerCode: KEPT.appraiserCode,
};
export const notice = { number: '12/PBS-UBND', signedOn: '2023-06-14', signer: KEPT.signer };

export const filing = {
  applicant: {
    fullName: ERASED.name,
    personalId: ERASED.number,
    passportNumber: ERASED.passport,
    birthDate: '1985-03-02',
    address: { commune: '00565', detail: ERASED.address },
    phone: ERASED.phone,
    email: ERASED.email,
  },
  children: { c1: { fullName: ERASED.child, birthDate: '2023-06-01', sex: 'female' } },
  relatedPersons: { f1: { role: 'father', fullName: ERASED.father, ethnicity: 'Kinh' } },
  summary: ERASED.summary,
  returnAddress: { commune: '00565', detail: ERASED.returnAddress },
  actor: receptionist,
};
export const otherFiling = {
  applicant: {
    fullName: KEPT.otherName,
    personalId: KEPT.otherNumber,
    birthDate: '1985-03-02',
    address: { commune: '00565', detail: KEPT.otherAddress },
  },
  actor: receptionist,
};
