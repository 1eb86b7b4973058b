/** Settings of the generator as a program of its own; `npm start` calls {@link runDay} itself and needs none of them. */
import { gatewaySchema, integer, json, optional, readConfig, text, url, withDefault } from '#libs/config';
import type { ConfigOf, Environment, Reading } from '#libs/config';
import { isInstant, isJsonObject, type Instant } from '#libs/kernel';

const about = (en: string, vi: string, example: string) => ({ about: { en, vi }, example });
const address = url(about('Address of a node', 'Địa chỉ của một nút', 'http://127.0.0.1:8081'), ['http:', 'https:']);

function readNodes(value: unknown): Reading<Readonly<Record<string, string>>> {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  const fits = entries.every(([, base]) => typeof base === 'string' && 'value' in address.parse(base));
  if (entries.length > 0 && fits) return { value: Object.fromEntries(entries) as Record<string, string> };
  return {
    problem: { en: 'must name nodes with their addresses', vi: 'phải gồm tên nút và địa chỉ' },
  };
}

export const loadSchema = {
  loadNodes: json(
    about('Nodes and their addresses', 'Các nút và địa chỉ', '{"gialam-communes":"http://127.0.0.1:8081"}'),
    readNodes,
  ),
  loadSeed: withDefault(text(about('Seed of the day', 'Hạt giống của ngày', 'gia-lam')), 'gia-lam'),
  loadDossiers: optional(integer(about('Number of dossiers', 'Số hồ sơ', '396'), [1, 1_000_000])),
  loadDayStart: optional(
    text<Instant>(about('Work time at which the day begins', 'Giờ bắt đầu ngày', '2023-06-14T00:30:00.000Z'), {
      is: isInstant,
      what: { en: 'a UTC time with milliseconds', vi: 'thời điểm UTC có mili giây' },
    }),
  ),
  loadConcurrency: optional(integer(about('Requests at once', 'Số yêu cầu cùng lúc', '24'), [1, 1000])),
  jwtIssuer: gatewaySchema.jwtIssuer,
  jwtAudience: gatewaySchema.jwtAudience,
  jwtSigningKey: text(
    about('File with the private key (JWK) that signs tokens', 'Tệp khoá riêng (JWK) để ký thẻ', './issuer.jwk'),
  ),
  workClock: gatewaySchema.workClock,
  referenceDir: optional(text(about('Folder of the reference data', 'Thư mục dữ liệu tham chiếu', 'reference'))),
};
export type LoadConfig = ConfigOf<typeof loadSchema>;

/** @throws DomainError `CONFIG_INVALID` with all problems */
export const readLoadConfig = (env: Environment): LoadConfig => readConfig(loadSchema, env);
