/** Where database and broker are, and how both are known for what they say they are. */
import { areOnePair, pemFile } from './certificate-files.ts';
import { flag, list, secret, text } from './kinds.ts';
import { postgresUrl } from './postgres-url.ts';
import type { ConfigProblem, Environment } from './read-config.ts';
import { type ConfigOf, optional, type Reading, withDefault } from './setting.ts';

const about = (en: string, vi: string, example: string) => ({ about: { en, vi }, example });
const BROKER = /^[^\s,:]+:\d{1,5}$/;
const broker = (value: string): Reading<string> =>
  BROKER.test(value)
    ? { value }
    : { problem: { en: 'holds something that is not host:port', vi: 'có phần không phải máy:cổng' } };

export const serverSettings = {
  databaseUrl: postgresUrl(
    about(
      'Ledger database; on another machine with ?sslmode=verify-full&sslrootcert=FILE, and sslcert=FILE&sslkey=FILE for a login by certificate',
      'Cơ sở dữ liệu sổ cái; ở máy khác thì thêm ?sslmode=verify-full&sslrootcert=TỆP, và sslcert=TỆP&sslkey=TỆP nếu đăng nhập bằng chứng thư',
      'postgres://ledger:…@localhost:5432/gialam_communes',
    ),
  ),
  vaultDatabaseUrl: postgresUrl(
    about(
      'Vault database (personal data), apart from the ledger',
      'Cơ sở dữ liệu kho dữ liệu cá nhân, tách khỏi sổ cái',
      'postgres://vault:…@localhost:5432/gialam_communes_vault',
    ),
  ),
  databaseOwnerUrl: optional(
    postgresUrl(
      about(
        'Owner of the ledger database: given, this process brings the database up to date at its start',
        'Chủ của cơ sở dữ liệu sổ cái: nếu có, tiến trình tự nâng cấp cơ sở dữ liệu khi khởi động',
        'postgres://owner:…@localhost:5432/gialam_communes',
      ),
    ),
  ),
  vaultDatabaseOwnerUrl: optional(
    postgresUrl(
      about(
        'Owner of the vault database, likewise',
        'Chủ của cơ sở dữ liệu kho dữ liệu cá nhân, tương tự',
        'postgres://owner:…@localhost:5432/gialam_communes_vault',
      ),
    ),
  ),
  kafkaBrokers: list(about('Kafka brokers', 'Các máy chủ Kafka', 'localhost:9092'), broker),
  kafkaUsername: optional(
    text(about('Kafka user (SCRAM-SHA-512)', 'Người dùng Kafka (SCRAM-SHA-512)', 'gialam-communes')),
  ),
  kafkaPassword: optional(secret(about('Password of the Kafka user', 'Mật khẩu của người dùng Kafka', 'change-me'))),
  kafkaSsl: withDefault(
    flag(
      about(
        'TLS to Kafka; certificate and host name of the broker are always checked',
        'Dùng TLS với Kafka; luôn kiểm tra chứng thư và tên máy của máy chủ',
        'true',
      ),
    ),
    false,
  ),
  kafkaSslCa: optional(
    pemFile(
      about(
        'Authority of the brokers’ certificates (PEM file); absent: those that Node trusts',
        'Cơ quan cấp chứng thư cho máy chủ Kafka (tệp PEM); bỏ trống: những nơi Node tin cậy',
        '/etc/lienthong/kafka-ca.pem',
      ),
      'CERTIFICATE',
    ),
  ),
  kafkaSslCert: optional(
    pemFile(
      about(
        'Certificate of this node for brokers that know clients by certificate (PEM file)',
        'Chứng thư của nút này, khi máy chủ Kafka nhận khách bằng chứng thư (tệp PEM)',
        '/etc/lienthong/kafka.cert.pem',
      ),
      'CERTIFICATE',
    ),
  ),
  kafkaSslKey: optional(
    pemFile(
      about(
        'Private key of that certificate (PEM file)',
        'Khoá riêng của chứng thư đó (tệp PEM)',
        '/etc/lienthong/kafka.key.pem',
      ),
      'PRIVATE KEY',
    ),
  ),
};

const both = (variable: string, other: string): ConfigProblem => ({
  variable,
  en: `and ${other} are given both or not at all`,
  vi: `và ${other} phải có cả hai hoặc không có cả hai`,
});
const isOne = (one: unknown, other: unknown): boolean => (one === undefined) !== (other === undefined);

/** What only two settings together can get wrong. */
export const serverProblems = (config: ServerConfig, env: Environment): readonly ConfigProblem[] =>
  [...loginProblems(config), ...tlsProblems(config), ...databaseProblems(config), ...environmentProblems(env)].filter(
    (problem) => problem !== false,
  );

type ServerConfig = ConfigOf<typeof serverSettings>;
type Found = readonly (ConfigProblem | false)[];

const loginProblems = (config: ServerConfig): Found => [
  isOne(config.kafkaUsername, config.kafkaPassword) && both('KAFKA_USERNAME', 'KAFKA_PASSWORD'),
  isOne(config.kafkaSslCert, config.kafkaSslKey) && both('KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'),
];

const tlsProblems = ({ kafkaSsl, kafkaSslCa: ca, kafkaSslCert: cert, kafkaSslKey: key }: ServerConfig): Found => [
  cert !== undefined &&
    key !== undefined &&
    !areOnePair(cert, key) && {
      variable: 'KAFKA_SSL_KEY',
      en: 'is not the key of the certificate in KAFKA_SSL_CERT',
      vi: 'không phải khoá của chứng thư trong KAFKA_SSL_CERT',
    },
  !kafkaSsl &&
    (ca ?? cert ?? key) !== undefined && {
      variable: 'KAFKA_SSL',
      en: 'must be true: files for TLS to Kafka are named, and without it everything would go in the clear',
      vi: 'phải là true: đã chỉ định tệp TLS cho Kafka, nếu không mọi thứ sẽ đi không mã hoá',
    },
];

const databaseProblems = ({ databaseUrl, vaultDatabaseUrl }: ServerConfig): Found => [
  databaseUrl === vaultDatabaseUrl && {
    variable: 'VAULT_DATABASE_URL',
    en: 'must be another database than DATABASE_URL: the vault stays out of the backups of the ledger',
    vi: 'phải khác DATABASE_URL: kho dữ liệu cá nhân không nằm trong bản sao lưu của sổ cái',
  },
];

const environmentProblems = (env: Environment): Found => [
  env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' && {
    variable: 'NODE_TLS_REJECT_UNAUTHORIZED',
    en: 'must not be 0: it turns off every check of whom one speaks to; name the right authority instead',
    vi: 'không được là 0: biến này tắt mọi kiểm tra bên kia là ai; hãy chỉ định đúng cơ quan cấp chứng thư',
  },
];
