/**
 * How much one process takes in at once (docs/overload.md). What is over a limit is refused before anything is done; what
 * is within them is never dropped.
 */
import { integer, text } from './kinds.ts';
import type { ConfigProblem } from './read-config.ts';
import { optional, withDefault, type ConfigOf, type Setting } from './setting.ts';

interface Bound {
  readonly en: string;
  readonly vi: string;
  readonly value: number;
  readonly range: readonly [number, number];
}
const bound = ({ en, vi, value, range }: Bound): Setting<number> =>
  withDefault(integer({ about: { en, vi }, example: String(value) }, range), value);

export const limitSettings = {
  httpConnectionsMax: bound({
    en: 'Connections that the API keeps open; more are closed at once',
    vi: 'Số kết nối mà API giữ mở; kết nối vượt quá bị đóng ngay',
    value: 4096,
    range: [16, 1_000_000],
  }),
  httpRequestsMax: bound({
    en: 'Requests inside the API at once, each with a body of at most 128 KiB; one agency gets half of the free places at most, and what finds none is answered 503',
    vi: 'Số yêu cầu được nhận cùng lúc, mỗi yêu cầu tối đa 128 KiB; một cơ quan chỉ được tối đa một nửa số chỗ còn trống, hết chỗ thì trả lời 503',
    value: 512,
    range: [8, 100_000],
  }),
  httpWorkingMax: bound({
    en: 'Requests worked on at once; the others wait, and agencies take turns',
    vi: 'Số yêu cầu được xử lý cùng lúc; các yêu cầu khác chờ, các cơ quan lần lượt đến lượt',
    value: 64,
    range: [1, 10_000],
  }),
  httpPatientMax: bound({
    en: 'Requests that wait for an outcome of another node (Prefer: wait); others are answered 202 at once',
    vi: 'Số yêu cầu chờ kết quả từ nút khác (Prefer: wait); yêu cầu khác nhận ngay 202',
    value: 128,
    range: [0, 100_000],
  }),
  httpClientPerSecond: bound({
    en: 'Requests per second of one client (sub of the token), in the long run; 0: no limit',
    vi: 'Số yêu cầu mỗi giây của một máy khách (sub của thẻ), tính dài hạn; 0: không giới hạn',
    value: 200,
    range: [0, 1_000_000],
  }),
  httpAgencyPerSecond: bound({
    en: 'Requests per second for one agency, in the long run; 0: no limit',
    vi: 'Số yêu cầu mỗi giây của một cơ quan, tính dài hạn; 0: không giới hạn',
    value: 400,
    range: [0, 1_000_000],
  }),
  httpBurstSeconds: bound({
    en: 'A client or agency that was quiet may send what it may in so many seconds, at once',
    vi: 'Máy khách hoặc cơ quan đã im lặng được gửi dồn một lúc lượng của ngần này giây',
    value: 5,
    range: [1, 3600],
  }),
  databaseVolume: optional(
    text({
      about: {
        en: 'A folder on the volume of the databases, where this process can see it: its free space is told',
        vi: 'Thư mục trên ổ đĩa của cơ sở dữ liệu, nếu tiến trình này thấy được: dung lượng trống được báo',
      },
      example: '/var/lib/postgresql',
    }),
  ),
  ledgerQueueMax: bound({
    en: 'Units that wait for the ledger in this process',
    vi: 'Số đơn vị ghi chờ sổ cái trong tiến trình này',
    value: 2000,
    range: [64, 1_000_000],
  }),
  ledgerQueueMib: bound({
    en: 'MiB of messages that wait for the ledger in this process',
    vi: 'Số MiB thông điệp chờ sổ cái trong tiến trình này',
    value: 64,
    range: [1, 10_000],
  }),
  databaseWaitingMax: bound({
    en: 'Statements that wait for a connection of one pool to the ledger database',
    vi: 'Số câu lệnh chờ kết nối trong mỗi nhóm kết nối tới cơ sở dữ liệu sổ cái',
    value: 1000,
    range: [16, 1_000_000],
  }),
};

export const limitProblems = ({ httpWorkingMax, httpRequestsMax }: ConfigOf<typeof limitSettings>): ConfigProblem[] =>
  httpWorkingMax <= httpRequestsMax
    ? []
    : [
        {
          variable: 'HTTP_WORKING_MAX',
          en: 'must not be larger than HTTP_REQUESTS_MAX',
          vi: 'không được lớn hơn HTTP_REQUESTS_MAX',
        },
      ];
