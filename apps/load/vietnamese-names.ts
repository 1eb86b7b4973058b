/** Parts of invented names, in NFC. Surnames by how common they are; together they name nobody in particular. */
export const SURNAMES: readonly (readonly [string, number])[] = [
  ['Nguyễn', 38],
  ['Trần', 12],
  ['Lê', 9],
  ['Phạm', 7],
  ['Hoàng', 5],
  ['Phan', 4],
  ['Vũ', 4],
  ['Đặng', 3],
  ['Bùi', 3],
  ['Đỗ', 3],
  ['Hồ', 2],
  ['Ngô', 2],
  ['Dương', 2],
  ['Đào', 2],
  ['Lý', 1],
  ['Trịnh', 1],
  ['Lưu', 1],
  ['Mai', 1],
];

export const MIDDLE_NAMES = {
  male: ['Văn', 'Đức', 'Hữu', 'Minh', 'Quang', 'Xuân', 'Ngọc', 'Đình', 'Thế', 'Quốc', 'Trọng', 'Công'],
  female: ['Thị', 'Thị Thu', 'Thị Ngọc', 'Thị Hồng', 'Thị Bích', 'Thanh', 'Thùy', 'Ngọc', 'Phương', 'Kim', 'Diệu'],
} as const;

export const GIVEN_NAMES = {
  male: [
    ...['An', 'Bách', 'Bình', 'Chiến', 'Cường', 'Dũng', 'Duy', 'Đạt', 'Đông', 'Hải', 'Hiếu', 'Hòa', 'Hùng'],
    ...['Khải', 'Khoa', 'Kiên', 'Lâm', 'Long', 'Nam', 'Nghĩa', 'Phong', 'Phúc', 'Quân', 'Sơn', 'Thắng', 'Toàn'],
    ...['Trung', 'Tuấn', 'Tùng', 'Việt', 'Vinh'],
  ],
  female: [
    ...['Ánh', 'Chi', 'Cúc', 'Dung', 'Duyên', 'Giang', 'Hà', 'Hạnh', 'Hiền', 'Hoa', 'Huệ', 'Hương', 'Lan'],
    ...['Liên', 'Linh', 'Loan', 'Mai', 'My', 'Nga', 'Ngân', 'Nhung', 'Oanh', 'Phượng', 'Quỳnh', 'Tâm', 'Thảo'],
    ...['Thúy', 'Trang', 'Tuyết', 'Vân', 'Yến'],
  ],
} as const;

export const STREETS = [
  ...['ngõ 12', 'ngõ 27', 'ngõ 45', 'ngõ 101', 'đường làng', 'đường Đê', 'phố Chợ', 'ngách 8/3', 'đường Liên Xã'],
] as const;
