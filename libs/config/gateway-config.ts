/** All settings of the gateway, read once in its `main.ts`. `.env.example` is made from this schema. */
import { isAgencyCode, isNodeId } from '#libs/kernel';
import type { AgencyCode, NodeId } from '#libs/kernel';
import { chosen, integer, json, list, oneOf, text } from './kinds.ts';
import { readConfig } from './read-config.ts';
import type { Environment } from './read-config.ts';
import { readRegistrarKeys } from './registrar-keys.ts';
import type { TrustedKey } from './registrar-keys.ts';
import { serverProblems, serverSettings } from './server-settings.ts';
import { optional, withDefault } from './setting.ts';
import { limitProblems, limitSettings } from './limit-settings.ts';
import { telemetrySettings } from './telemetry-settings.ts';
import type { ConfigOf, Reading, Setting } from './setting.ts';
import { readWorkClock } from './work-clock.ts';

/** What one process of a node may do (design 2); all of them may run in one process or in many. */
export const ROLES = ['api', 'relay', 'ingest', 'projections', 'checkpoints'] as const;
export type GatewayRole = (typeof ROLES)[number];
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const A_DAY = 86_400_000;

const about = (en: string, vi: string, example: string) => ({ about: { en, vi }, example });
const reading =
  <T extends string>(is: (text: string) => text is T, en: string, vi: string) =>
  (value: string): Reading<T> =>
    is(value) ? { value } : { problem: { en: `holds something that is not ${en}`, vi: `có phần không phải ${vi}` } };
const agency = reading(isAgencyCode, 'an agency code', 'mã định danh cơ quan');
/** Stands in the origin of the log and so in the name of a key: no space, no plus. */
const isHost = (value: string): value is string => /^[a-z0-9.-]+(:\d+)?$/.test(value);

const isInstanceId = (value: string): value is string => /^[A-Za-z0-9._-]{1,64}$/.test(value);

const autoAccept: Setting<'all' | readonly AgencyCode[]> = {
  ...about(
    'Agencies that accept what is forwarded to them without a hand, or all',
    'Các cơ quan tự động nhận bàn giao, hoặc all',
    'H26.129,H26',
  ),
  secret: false,
  parse: (value) => (value === 'all' ? { value } : list(autoAccept, agency).parse(value)),
  print: (value) => (value === 'all' ? value : value.join(',')),
};

export const gatewaySchema = {
  nodeId: text<NodeId>(about('Id of this node', 'Mã của nút này', 'gialam-communes'), {
    is: isNodeId,
    what: { en: 'a node id', vi: 'mã nút' },
  }),
  instanceId: optional(
    text(
      about(
        'Name of this process, told by GET /ready beside NODE_ID; absent: one is made at each start',
        'Tên của tiến trình này, GET /ready trả về cùng với NODE_ID; bỏ trống: mỗi lần khởi động đặt một tên mới',
        'gialam-communes-1',
      ),
      { is: isInstanceId, what: { en: 'letters, digits, . _ - (at most 64)', vi: 'chữ, số, . _ - (tối đa 64)' } },
    ),
  ),
  roles: withDefault(
    list<GatewayRole>(about('What this process does', 'Việc của tiến trình này', 'api,relay'), (role) =>
      chosen(role, ROLES),
    ),
    ROLES,
  ),
  ...serverSettings,
  keysDir: text(
    about('Folder of the private keys of this node', 'Thư mục khoá riêng của nút', '/var/lib/lienthong/keys'),
  ),
  registrarKeys: {
    ...json(
      about(
        'Keys of registrars whose directory statements are trusted',
        'Khoá của cơ quan đăng ký danh bạ được tin cậy',
        '{"hanoi":[{"keyId":"hanoi#1","publicKey":"…"}]}',
      ),
      readRegistrarKeys,
    ),
    print: (keys: readonly TrustedKey[]) => keys.map(({ keyId }) => keyId).join(','),
  },
  httpHost: withDefault(text(about('Address the API listens on', 'Địa chỉ API lắng nghe', '0.0.0.0')), '127.0.0.1'),
  httpPort: withDefault(
    integer(about('Port of the API; 0: any free one', 'Cổng của API; 0: cổng trống bất kỳ', '8080'), [0, 65_535]),
    8080,
  ),
  jwtIssuer: text(about('Issuer of the bearer tokens', 'Nơi cấp thẻ truy cập', 'https://login.example/')),
  jwtAudience: withDefault(
    text(about('Audience the tokens must name', 'Đối tượng mà thẻ phải ghi', 'lienthong')),
    'lienthong',
  ),
  jwtJwks: text(
    about(
      'Keys of the issuer (JWKS): a file or an http(s) URL',
      'Khoá của nơi cấp (JWKS): tệp hoặc URL http(s)',
      'https://login.example/jwks.json',
    ),
  ),
  autoAccept: withDefault(autoAccept, []),
  referenceDir: withDefault(
    text(about('Folder of procedures and calendars', 'Thư mục thủ tục và lịch làm việc', 'reference')),
    'reference',
  ),
  logOriginHost: withDefault(
    text(about('Host in the origin of the log', 'Tên máy trong định danh nhật ký', 'lienthong.example'), {
      is: isHost,
      what: { en: 'a host name', vi: 'tên máy' },
    }),
    'lienthong.example',
  ),
  checkpointIntervalMs: withDefault(
    integer(about('Time between checkpoints', 'Khoảng cách giữa hai điểm kiểm', '1000'), [100, A_DAY]),
    1000,
  ),
  holdAskAfterMs: withDefault(
    integer(about('A gap older than this is asked for', 'Thiếu quá thời gian này thì hỏi lại', '10000'), [100, A_DAY]),
    10_000,
  ),
  retentionDays: withDefault(
    integer(
      about(
        'Personal data may be erased this long after the end of a dossier (archive law sets the period)',
        'Dữ liệu cá nhân được xoá sau khi hồ sơ kết thúc ngần này ngày (theo luật lưu trữ)',
        '3650',
      ),
      [0, 100_000],
    ),
    3650,
  ),
  stopNoticeMs: withDefault(
    integer(
      about(
        'Before a stop, so long is every request still served while `/ready` answers 503, so that a load balancer turns to another process',
        'Trước khi dừng, mọi yêu cầu vẫn được phục vụ trong thời gian này còn `/ready` trả lời 503, để bộ cân bằng tải chuyển sang tiến trình khác',
        '2000',
      ),
      [0, 600_000],
    ),
    2000,
  ),
  stopWithinMs: withDefault(
    integer(
      about(
        'A stop finishes what is in hand for at most this long; then the process ends with exit code 1 and logs what was unfinished',
        'Khi dừng, việc đang làm được hoàn tất trong tối đa thời gian này; quá hạn, tiến trình kết thúc với mã 1 và ghi nhật ký việc còn dở',
        '20000',
      ),
      [100, A_DAY],
    ),
    20_000,
  ),
  logLevel: withDefault(oneOf(about('How much is logged', 'Mức ghi nhật ký', 'info'), LOG_LEVELS), 'info'),
  ...limitSettings,
  ...telemetrySettings,
  workClock: optional(
    json(
      about(
        'Clock of work for a demonstration; absent: the real time',
        'Đồng hồ công việc cho trình diễn; bỏ trống: giờ thật',
        '{"wall":"2026-11-24T08:00:00.000Z","work":"2023-06-14T00:30:00.000Z","rate":240}',
      ),
      readWorkClock,
    ),
  ),
};
export type GatewayConfig = ConfigOf<typeof gatewaySchema>;

/** @throws DomainError `CONFIG_INVALID` with all problems */
export const readGatewayConfig = (env: Environment): GatewayConfig =>
  readConfig(gatewaySchema, env, (config) => [...serverProblems(config, env), ...limitProblems(config)]);
