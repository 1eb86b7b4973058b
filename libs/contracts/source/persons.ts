/** Persons: the applicant, who hands in, the officer, and whoever else a dossier is about. All but an officer's post is personal. */
import {
  LABEL,
  code,
  label,
  line,
  mapOf,
  matching,
  object,
  openCode,
  optional,
  personal,
  personalLine,
  territory,
  titled,
} from '../build.ts';
import type { PersonalSubject } from '../schema.ts';

/** Twelve digits (Nghị định 137/2015 Art 13); the fourth tells century and sex, and nobody was born after the 21st yet. */
const personalId = (subject: PersonalSubject) =>
  personal(
    subject,
    'basic',
    matching('Số định danh cá nhân', 'Personal identification number', {
      pattern: '^(?!000)\\d{3}[0-3]\\d{8}$',
      reason: '',
      grammar: 'PersonalId',
    }),
  );
/** A year alone where no more is known (domain reference 2.2). */
const birthDate = (subject: PersonalSubject) =>
  personal(
    subject,
    'basic',
    matching('Ngày, tháng, năm sinh', 'Date or year of birth', {
      pattern: '^\\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01]))?$',
      reason: '',
      grammar: 'YearOrDate',
    }),
  );
const sex = (subject: PersonalSubject) => personal(subject, 'basic', code('Giới tính', 'Sex', ['male', 'female']));
const phone = (subject: PersonalSubject) =>
  personal(
    subject,
    'basic',
    matching('Số điện thoại', 'Phone number', { pattern: '^\\+?[0-9 .-]{6,20}$', reason: '' }),
  );
const email = (subject: PersonalSubject) =>
  personal(
    subject,
    'basic',
    matching('Thư điện tử', 'E-mail address', { pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 200, reason: '' }),
  );
const fullName = (subject: PersonalSubject, vi = 'Họ và tên', en = 'Full name') =>
  personalLine(vi, en, { subject, max: 100 });

export const address = (subject: PersonalSubject, vi = 'Địa chỉ', en = 'Address') =>
  personal(
    subject,
    'basic',
    titled(
      vi,
      en,
      object(
        {
          commune: optional(territory('Mã xã, phường, đặc khu', 'Territory code of the commune')),
          detail: line('Số nhà, đường, thôn, tổ', 'House, street, hamlet, group', {
            max: 300,
            reason: 'part of a personal field',
          }),
          country: optional(line('Quốc gia', 'Country', { max: 2, reason: 'part of a personal field' })),
        },
        { name: 'Address' },
      ),
    ),
  );

/** The officer who acted: unit and position in clear; name and code (MaCanBo, at most 20 characters) personal. */
const officerMembers = {
  unit: label('Phòng, ban', 'Unit'),
  position: label('Chức danh', 'Position'),
  name: fullName('officer', 'Họ tên cán bộ', 'Name of the officer'),
  officerCode: personalLine('Mã cán bộ', 'Officer code', { subject: 'officer', max: 20 }),
};
export const actor = titled('Người thực hiện', 'Officer who acted', object(officerMembers, { name: 'Actor' }));
export const assignee = titled('Người được phân công', 'Officer assigned', object(officerMembers, { name: 'Actor' }));

export const applicant = titled(
  'Chủ hồ sơ',
  'Applicant',
  object(
    {
      fullName: fullName('applicant', 'Họ tên hoặc tên tổ chức', 'Full name, or name of the organisation'),
      personalId: optional(personalId('applicant')),
      identityCardNumber: optional(
        personal(
          'applicant',
          'basic',
          matching('Số CMND 9 số', 'Number of the older identity card', { pattern: '^\\d{9}$', reason: '' }),
        ),
      ),
      passportNumber: optional(personalLine('Số hộ chiếu', 'Passport number', { subject: 'applicant', max: 20 })),
      organisationCode: optional(
        personalLine('Mã số tổ chức', 'Registration number of the organisation', { subject: 'applicant', max: 35 }),
      ),
      birthDate: optional(birthDate('applicant')),
      sex: optional(sex('applicant')),
      address: optional(address('applicant')),
      phone: optional(phone('applicant')),
      email: optional(email('applicant')),
      portalAccount: optional(
        personalLine('Mã tài khoản Cổng DVCQG', 'Account at the national portal', { subject: 'applicant', max: 100 }),
      ),
    },
    { name: 'Applicant' },
  ),
);

/** Who handed the dossier in, where that is not the applicant (Nghị định 61/2018 Art 16). */
export const submitter = titled(
  'Người nộp hoặc người được uỷ quyền',
  'Submitter or proxy',
  object(
    {
      fullName: fullName('submitter'),
      personalId: optional(personalId('submitter')),
      address: optional(address('submitter')),
      phone: optional(phone('submitter')),
      email: optional(email('submitter')),
      authorisation: optional(
        personalLine('Giấy uỷ quyền', 'Paper of authorisation', { subject: 'submitter', max: 200 }),
      ),
    },
    { name: 'Submitter' },
  ),
);

const personMembers = {
  fullName: fullName('<label>'),
  birthDate: optional(birthDate('<label>')),
  sex: optional(sex('<label>')),
  personalId: optional(personalId('<label>')),
  address: optional(address('<label>')),
  nationality: optional(personalLine('Quốc tịch', 'Nationality', { subject: '<label>', max: 60 })),
  ethnicity: optional(personalLine('Dân tộc', 'Ethnic origin', { subject: '<label>', max: 60, class: 'sensitive' })),
};
export const children = mapOf('Trẻ em', 'Children', { names: LABEL, value: object(personMembers, { name: 'Child' }) });
export const relatedPersons = mapOf('Người liên quan', 'Other persons concerned', {
  names: LABEL,
  value: object(
    {
      role: openCode('Quan hệ', 'Role', [
        'spouse',
        'father',
        'mother',
        'guardian',
        'ward',
        'deceased',
        'heir',
        'household-member',
        'co-owner',
        'representative',
        'other',
      ]),
      ...personMembers,
    },
    { name: 'RelatedPerson' },
  ),
});
