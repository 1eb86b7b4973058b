/** The standard variables of OpenTelemetry that the gateway heeds. Without the address of a collector no span is made. */
import { ASTERISKS, list, oneOf, text, url } from './kinds.ts';
import { optional, withDefault, type Reading, type Setting } from './setting.ts';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
const about = (en: string, vi: string, example: string) => ({ about: { en, vi }, example });
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}=[\x21-\x2b\x2d-\x7e]{1,4096}$/;
const pair = (item: string): Reading<string> =>
  HEADER.test(item)
    ? { value: item }
    : {
        problem: {
          en: 'must be name=value pairs divided by commas',
          vi: 'phải là các cặp tên=giá_trị cách nhau bằng dấu phẩy',
        },
      };

/** They carry the collector's token. */
const headers: Setting<readonly string[]> = {
  ...list(
    about(
      'Headers for the collector, name=value',
      'Tiêu đề gửi tới bộ thu thập, tên=giá_trị',
      'Authorization=Bearer%20…',
    ),
    pair,
  ),
  secret: true,
  print: () => ASTERISKS,
};

export const telemetrySettings = {
  otelExporterOtlpEndpoint: optional(
    url(
      about(
        'Collector of traces (OTLP over HTTP); absent: no traces',
        'Bộ thu thập vết (OTLP qua HTTP); bỏ trống: không ghi vết',
        'http://localhost:4318',
      ),
      ['http:', 'https:'],
    ),
  ),
  otelExporterOtlpHeaders: optional(headers),
  otelServiceName: withDefault(
    text(about('Name of the service in traces', 'Tên dịch vụ trong vết', 'lienthong-gateway')),
    'lienthong-gateway',
  ),
  otelTracesSampler: withDefault(
    oneOf(
      about(
        'Which traces are kept; parentbased_ means the same here: a peer does not decide what this node keeps',
        'Giữ những vết nào; parentbased_ ở đây không khác: nút khác không quyết định nút này giữ gì',
        'traceidratio',
      ),
      SAMPLERS,
    ),
    'always_on',
  ),
  otelTracesSamplerArg: withDefault(
    text(about('Share of the dossiers whose traces are kept', 'Tỷ lệ hồ sơ được giữ vết', '0.1'), {
      is: (value): value is string => /^(0|1|0?\.\d{1,9}|1\.0+)$/.test(value),
      what: { en: 'a number from 0 to 1', vi: 'số từ 0 đến 1' },
    }),
    '1',
  ),
};
