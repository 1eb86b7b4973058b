/** Full statements of a registrar (wire format 7): the last one about a code is enough. */
import {
  agency,
  anyTerritory,
  code,
  dateOrInstant,
  instant,
  integer,
  label,
  legalBasis,
  line,
  list,
  matching,
  node,
  object,
  openCode,
  optional,
  stream,
  titled,
} from '../build.ts';
import { written } from './event.ts';

const from = dateOrInstant('Từ', 'From');
/** The first moment no longer valid. */
const to = optional(dateOrInstant('Đến', 'To'));
const reference = 'part of the public organisation directory';
const origin = matching('Nguồn nhật ký', 'Log origin', {
  pattern: '^[^\\u0000-\\u0020+]+$',
  maxLength: 200,
  reason: 'names a log',
});
const vkey = matching('Khoá kiểm tra', 'Verifier key', {
  pattern: '^[^\\u0000-\\u0020+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+$',
  maxLength: 400,
  reason: 'a public key',
});

const revocation = titled(
  'Thu hồi',
  'Revocation',
  object(
    {
      at: instant('Thời điểm', 'At'),
      believed: list(
        'Nhật ký được tin',
        'Logs believed',
        object({ origin, size: integer('Kích thước', 'Size') }, { name: 'BelievedLog' }),
      ),
    },
    { name: 'Revocation' },
  ),
);
const key = (alg: 'Ed25519' | 'X25519') =>
  object(
    {
      label: label('Nhãn', 'Label'),
      alg: openCode('Thuật toán', 'Algorithm', [alg]),
      publicKey: matching('Khoá công khai', 'Public key', { pattern: '^[A-Za-z0-9_-]{43}$', reason: 'a public key' }),
      validFrom: instant('Có hiệu lực từ', 'Valid from'),
      validTo: optional(instant('Hết hiệu lực', 'Valid to')),
      revoked: optional(revocation),
    },
    { name: alg === 'Ed25519' ? 'SigningKey' : 'EncryptionKey' },
  );
const signingKeys = list('Khoá ký', 'Signing keys', key('Ed25519'), { max: 1000 });

const interval = object(
  {
    from,
    to,
    name: line('Tên', 'Name', { max: 300, reason: 'name of an agency' }),
    level: openCode('Cấp', 'Level', ['ministry', 'province', 'city', 'district', 'commune', 'department', 'service']),
    parent: optional(agency('Cơ quan cấp trên', 'Parent')),
    node: optional(node('Nút', 'Node')),
    territories: list(
      'Địa bàn',
      'Territories',
      object({ code: anyTerritory('Mã', 'Code'), from, to }, { name: 'AgencyTerritory' }),
      { max: 1000 },
    ),
    services: optional(list('Dịch vụ', 'Services', label('Dịch vụ', 'Service'))),
  },
  { name: 'AgencyInterval' },
);
const selector = titled(
  'Tiêu chí chia',
  'Selector',
  object(
    {
      by: openCode('Theo', 'By', ['all', 'address', 'competence', 'hand']),
      residents: optional(openCode('Dân cư', 'Residents', ['all', 'some', 'rest', 'none'])),
      land: optional(openCode('Đất đai', 'Land', ['all', 'some', 'rest', 'none'])),
      territories: optional(list('Địa bàn', 'Territories', anyTerritory('Mã', 'Code'), { max: 1000 })),
      areas: optional(list('Tổ dân phố, thôn, khu thửa đất', 'Areas', label('Khu', 'Area'), { max: 1000 })),
      procedures: optional(
        list('Thủ tục', 'Procedures', line('Mã', 'Code', { max: 40, reason: 'names an administrative procedure' }), {
          max: 3000,
        }),
      ),
      note: optional(line('Ghi chú', 'Note', { max: 1000, reason: reference })),
    },
    { name: 'SuccessionSelector' },
  ),
);
const succession = object(
  {
    to: agency('Cơ quan kế thừa', 'Successor'),
    kind: code('Hình thức', 'Kind', ['whole', 'part']),
    selector: optional(selector),
    rehomer: agency('Cơ quan chuyển hồ sơ dở dang', 'Rehomer'),
    legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
    effective: dateOrInstant('Có hiệu lực từ', 'Effective'),
  },
  { name: 'Succession' },
);
const suspension = object(
  {
    from,
    to,
    streams: optional(list('Chỉ các hồ sơ', 'These streams only', stream('Chuỗi', 'Stream'), { min: 1, max: 1000 })),
    rehomer: agency('Cơ quan chuyển hồ sơ dở dang', 'Rehomer'),
    legalBasis: legalBasis('Căn cứ pháp lý', 'Legal basis'),
  },
  { name: 'Suspension' },
);
const log = object(
  {
    life: integer('Đời', 'Life', { min: 1 }),
    origin,
    vkey,
    from,
    to,
    lastSize: optional(integer('Kích thước cuối', 'Last size')),
  },
  { name: 'NodeLog' },
);
const witness = titled('Nhân chứng', 'Witness', object({ name: origin, vkey }, { name: 'Witness' }));

export const organisationStatements = [
  written('directory', 'agency', {
    vi: 'Khai báo cơ quan',
    en: 'Statement about an agency',
    data: object({
      code: agency('Mã cơ quan', 'Agency code'),
      intervals: list('Thời kỳ', 'Intervals', interval, { min: 1 }),
      keys: signingKeys,
      successions: list('Kế thừa', 'Successions', succession, { max: 1000 }),
      suspensions: list('Tạm ngưng', 'Suspensions', suspension, { max: 1000 }),
    }),
    example: {
      code: 'H26.129.05',
      intervals: [
        {
          from: '2023-01-01',
          to: '2025-07-01',
          name: 'UBND xã Yên Viên (ví dụ)',
          level: 'commune',
          parent: 'H26.129',
          node: 'gialam-communes',
          territories: [{ code: '00532', from: '2023-01-01' }],
        },
      ],
      keys: [
        {
          alg: 'Ed25519',
          label: '2023-1',
          publicKey: 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w',
          validFrom: '2023-01-01T00:00:00.000Z',
        },
      ],
      successions: [
        {
          to: 'H26.301',
          kind: 'whole',
          selector: { by: 'all', residents: 'all', land: 'all' },
          rehomer: 'H26',
          legalBasis: 'Nghị quyết 1656/NQ-UBTVQH15',
          effective: '2025-07-01',
        },
      ],
      suspensions: [],
    },
  }),
  written('directory', 'node', {
    vi: 'Khai báo nút',
    en: 'Statement about a node',
    data: object({
      node: node('Nút', 'Node'),
      baseUrl: matching('Địa chỉ', 'Base URL', {
        pattern: '^https?://[^\\s]+$',
        maxLength: 300,
        reason: 'address of a node',
      }),
      signingKeys,
      encryptionKeys: list('Khoá mã hoá', 'Encryption keys', key('X25519'), { max: 1000 }),
      logs: list('Nhật ký', 'Logs', log),
      witness: optional(witness),
    }),
    example: {
      node: 'gialam-district',
      baseUrl: 'https://district.example',
      signingKeys: [
        {
          alg: 'Ed25519',
          label: '1',
          publicKey: 'iodf_x6zhFFXes1a_uQFRWVo3XyJ4JCGOgVXvHr0nxc',
          validFrom: '2023-01-01T00:00:00.000Z',
        },
      ],
      encryptionKeys: [
        {
          alg: 'X25519',
          label: 'enc-1',
          publicKey: 'fTSkgV-muYJTXmCvO9m0lVaBYIDxZB_4HSt8iugmikQ',
          validFrom: '2023-06-01T00:00:00.000Z',
        },
      ],
      logs: [
        {
          from: '2023-01-01',
          life: 1,
          origin: 'lienthong.example/gialam-district/1',
          vkey: 'lienthong.example/gialam-district/1+3bffc882+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR',
        },
      ],
    },
  }),
];
