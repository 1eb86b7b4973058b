/** Procedures and calendars as statements: one message with all versions (wire format 7). In files until they are distributed. */
import {
  agency,
  catalogueCode,
  code,
  flag,
  integer,
  label,
  line,
  list,
  localDate,
  matching,
  money,
  object,
  openCode,
  optional,
  procedureCode,
  titled,
} from '../build.ts';
import { written } from './event.ts';
import { limit } from './shapes.ts';

const reference = 'part of a public catalogue';
const name = (vi: string, en: string) => line(vi, en, { max: 500, reason: reference });
const validFrom = localDate('Có hiệu lực từ', 'Valid from');
const validTo = optional(localDate('Hết hiệu lực', 'Valid to'));
const level = code('Cấp', 'Level', ['commune', 'district', 'city']);

const component = object(
  {
    code: catalogueCode('Mã', 'Code'),
    name: name('Tên', 'Name'),
    required: flag('Bắt buộc', 'Required'),
    digitisable: flag('Số hoá được', 'Digitisable'),
  },
  { name: 'ProcedureComponent' },
);
const result = titled(
  'Kết quả',
  'Result',
  object(
    { code: catalogueCode('Mã', 'Code'), kind: label('Loại', 'Kind'), name: name('Tên', 'Name') },
    { name: 'ProcedureResult' },
  ),
);
const routeStep = object(
  {
    step: integer('Bước', 'Step', { min: 1 }),
    level,
    role: label('Vai trò', 'Role'),
    task: label('Công việc', 'Task'),
    limit,
    parallelGroup: optional(label('Nhóm song song', 'Parallel group')),
  },
  { name: 'RouteStep' },
);
const version = object(
  {
    version: integer('Phiên bản', 'Version', { min: 1 }),
    validFrom,
    validTo,
    receivesAt: level,
    resolvesAt: level,
    limit,
    clockRule: code('Quy tắc tính thời hạn', 'Clock rule', ['restart', 'stop-and-subtract']),
    fee: money('Phí, lệ phí (đồng)', 'Fee (đồng)'),
    feeOnline: optional(money('Phí, lệ phí trực tuyến (đồng)', 'Fee online (đồng)')),
    components: list('Thành phần hồ sơ', 'Components', component),
    result: optional(result),
    route: list('Quy trình', 'Route', routeStep),
    onlineLevel: openCode('Mức trực tuyến', 'Online level', ['none', 'partial', 'full']),
    delegatedFrom: optional(agency('Cơ quan uỷ quyền', 'Delegated from')),
    interlinkedWith: optional(
      list('Thủ tục liên thông', 'Interlinked with', procedureCode('Mã thủ tục', 'Procedure code')),
    ),
  },
  { name: 'ProcedureVersion' },
);
const day = object(
  {
    date: localDate('Ngày', 'Date'),
    kind: code('Loại', 'Kind', ['holiday', 'compensation', 'swap-off', 'swap-work']),
    works: flag('Làm việc', 'Works'),
  },
  { name: 'CalendarDay' },
);
const clockTime = matching('Giờ', 'Time', { pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', reason: 'office hours' });
const hours = object({ from: clockTime, to: clockTime }, { name: 'OfficeHours' });
const calendarVersion = object(
  {
    version: label('Phiên bản', 'Version'),
    validFrom,
    validTo,
    hours: list('Giờ làm việc', 'Office hours', hours, { min: 1, max: 10 }),
    days: list('Ngày khác thường', 'Days out of the ordinary', day, { max: 2000 }),
  },
  { name: 'CalendarVersion' },
);

export const referenceStatements = [
  written('directory', 'procedure', {
    vi: 'Khai báo thủ tục hành chính',
    en: 'Statement about a procedure',
    data: object({
      code: procedureCode('Mã thủ tục', 'Procedure code'),
      name: name('Tên', 'Name'),
      nameEn: optional(name('Tên tiếng Anh', 'English name')),
      field: name('Lĩnh vực', 'Field'),
      versions: list('Phiên bản', 'Versions', version, { min: 1 }),
    }),
    example: {
      code: '1.000656',
      name: 'Đăng ký khai tử',
      nameEn: 'Death registration',
      field: 'Hộ tịch',
      versions: [
        {
          version: 1,
          validFrom: '2016-01-01',
          receivesAt: 'commune',
          resolvesAt: 'commune',
          limit: { value: 0, unit: 'instant' },
          clockRule: 'restart',
          fee: 0,
          components: [{ code: '1.000656.C01', name: 'Tờ khai đăng ký khai tử', required: true, digitisable: true }],
          result: { code: '1.000656.R01', kind: 'extract', name: 'Trích lục khai tử' },
          route: [
            { step: 1, level: 'commune', role: 'oneStop', task: 'receive', limit: { value: 0, unit: 'instant' } },
          ],
          onlineLevel: 'full',
        },
      ],
    },
  }),
  written('directory', 'calendar', {
    vi: 'Khai báo lịch làm việc',
    en: 'Statement about a working calendar',
    data: object({
      calendar: label('Lịch', 'Calendar'),
      versions: list('Phiên bản', 'Versions', calendarVersion, { min: 1 }),
    }),
    example: {
      calendar: 'vn',
      versions: [
        {
          version: 'vn-2023-1',
          validFrom: '2023-01-01',
          validTo: '2024-01-01',
          hours: [
            { from: '08:00', to: '12:00' },
            { from: '13:00', to: '17:00' },
          ],
          days: [{ date: '2023-01-02', kind: 'compensation', works: false }],
        },
      ],
    },
  }),
];
