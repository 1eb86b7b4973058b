/** Values of the examples. The persons are invented: their numbers begin with 999, which no province or country holds. */
export const actor = {
  unit: 'one-stop',
  position: 'reception-officer',
  name: 'Trần Văn Bình',
  officerCode: 'CB-0042',
} as const;
export const appraiser = {
  unit: 'justice-office',
  position: 'civil-status-officer',
  name: 'Lê Thị Cúc',
  officerCode: 'CB-0107',
} as const;
export const applicant = {
  fullName: 'Nguyễn Thị Hòa',
  personalId: '999185000001',
  birthDate: '1985-03-02',
  address: { commune: '00565', detail: 'Số 1, phố Thuận An' },
  phone: '0900 000 001',
} as const;
export const submitter = { fullName: 'Nguyễn Văn Dũng', personalId: '999080000002', phone: '0900 000 002' } as const;
export const child = { fullName: 'Nguyễn Minh Anh', birthDate: '2023-06-01', sex: 'female' } as const;
export const procedure = { code: '1.001193', version: 1, case: 'standard' } as const;
export const place = { territory: '00565', area: 'tdp-03' } as const;
export const clock = { rule: 'restart', calendarVersion: 'vn-2023.1' } as const;
export const components = {
  '1.001193.C01': { form: 'paper', digitised: true, reused: false, fromPersonalStore: false },
  '1.001193.C02': { form: 'paper', digitised: false, reused: false, fromPersonalStore: false, copies: 1 },
} as const;
export const exemptComponents = {
  '1.001193.C03': { ground: 'from-database', legalBasis: 'Nghị định 107/2021/NĐ-CP' },
} as const;
export const fees = [{ code: '1.001193.F01', kind: 'charge', amount: 8000 }] as const;
export const notice = { number: '12/PBS-UBND', signedOn: '2023-06-14', signer: 'Phạm Thị Lan' } as const;
export const results = {
  r1: {
    code: 'KQ.G15.000031',
    number: '56/2023',
    signedOn: '2023-06-15',
    signer: 'Phạm Thị Lan',
    electronic: true,
  },
} as const;
export const request = '01890b2c-6a3b-7c11-8f3e-0242ac120010';
export const stream = 'dossier/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120001';
export const eventHash = 'LeJEYIvXaK_8KAyLyXVZZBMEr64nrWjwV02U-DBWoII';
export const otherHash = 't5XaMiyALYYwbP8V4-edOOU-cQi7gzaQYc4boLwhlwU';
export const directoryVersion = '2023-06-01T00:00:00.000Z';
export const morning = '2023-06-14T02:00:00.000Z';
export const nextDay = '2023-06-15T10:00:00.000Z';
export const dayAfter = '2023-06-16T10:00:00.000Z';
