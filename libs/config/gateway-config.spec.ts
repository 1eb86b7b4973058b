import { describe, expect, it } from '@jest/globals';
import { encodeBase64Url } from '#libs/kernel';
import type { Instant } from '#libs/kernel';
import { describeConfig, gatewaySchema, readGatewayConfig, ROLES, toEnvExample, workClock } from './index.ts';

const publicKey = encodeBase64Url(new Uint8Array(32).fill(7));
const whole = {
  NODE_ID: 'gialam-communes',
  DATABASE_URL: 'postgres://ledger:pw@localhost:5432/ledger',
  VAULT_DATABASE_URL: 'postgres://vault:pw@localhost:5432/vault',
  KAFKA_BROKERS: 'localhost:9092, 10.0.0.7:9093',
  KEYS_DIR: '/keys',
  REGISTRAR_KEYS: JSON.stringify({
    hanoi: [
      { keyId: 'hanoi#1', publicKey },
      { keyId: 'hanoi#service-1', publicKey, only: 'encryptionKeys', validFrom: '2023-01-01T00:00:00.000Z' },
    ],
  }),
  JWT_ISSUER: 'https://login.example/',
  JWT_JWKS: 'keys.json',
};

describe('the configuration of the gateway', () => {
  it('asks for little', () => {
    expect(readGatewayConfig(whole)).toMatchObject({
      nodeId: 'gialam-communes',
      roles: [...ROLES],
      kafkaBrokers: ['localhost:9092', '10.0.0.7:9093'],
      kafkaSsl: false,
      autoAccept: [],
      logOriginHost: 'lienthong.example',
      holdAskAfterMs: 10_000,
      workClock: undefined,
      registrarKeys: [
        { keyId: 'hanoi#1', publicKey: new Uint8Array(32).fill(7) },
        { keyId: 'hanoi#service-1', only: 'encryptionKeys', validFrom: '2023-01-01T00:00:00.000Z' },
      ],
    });
  });

  it('reads who accepts without a hand', () => {
    expect(readGatewayConfig({ ...whole, AUTO_ACCEPT: 'all' }).autoAccept).toBe('all');
    expect(readGatewayConfig({ ...whole, AUTO_ACCEPT: 'H26,H26.129' }).autoAccept).toEqual(['H26', 'H26.129']);
  });

  it('asks for no collector of traces, and takes one by the standard variables', () => {
    expect(readGatewayConfig(whole).otelExporterOtlpEndpoint).toBeUndefined();
    const told = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    };
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x,tenant=7' };
    const config = readGatewayConfig({ ...whole, ...told, ...headers, OTEL_TRACES_SAMPLER_ARG: '0.25' });
    expect(config).toMatchObject({
      otelExporterOtlpHeaders: ['authorization=Bearer%20x', 'tenant=7'],
      otelServiceName: 'lienthong-gateway',
      otelTracesSamplerArg: '0.25',
    });
    expect(describeConfig(gatewaySchema, config).join('\n')).not.toContain('Bearer');
  });

  const keys = (change: object): string => JSON.stringify({ hanoi: [{ keyId: 'hanoi#1', publicKey, ...change }] });
  it.each([
    ['NODE_ID', 'Gia Lâm', /not a node id/],
    ['ROLES', 'api,cook', /one of api, relay/],
    ['AUTO_ACCEPT', 'H26.129.01;H26', /not an agency code/],
    ['KAFKA_BROKERS', 'localhost', /not host:port/],
    ['KAFKA_USERNAME', 'somebody', /both or not at all/],
    ['KAFKA_PASSWORD', 'pw', /both or not at all/],
    ['KAFKA_SSL_CA', '/nowhere/ca.pem', /cannot be read \(ENOENT\)/],
    ['KAFKA_SSL_CA', import.meta.filename, /no certificate in PEM/],
    ['KAFKA_SSL_KEY', import.meta.filename, /no private key in PEM/],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', /turns off every check/],
    ['DATABASE_URL', `${whole.DATABASE_URL}?sslmode=require`, /sslmode=verify-full/],
    ['DATABASE_URL', `${whole.DATABASE_URL}?sslmode=no-verify`, /sslmode=verify-full/],
    ['DATABASE_URL', `${whole.DATABASE_URL}?ssl=true`, /sslmode=verify-full/],
    ['DATABASE_URL', `${whole.DATABASE_URL}?sslrootcert=/ca.pem`, /names files only with the first/],
    ['DATABASE_URL', `${whole.DATABASE_URL}?sslmode=verify-full&sslcert=/c.pem`, /sslcert and sslkey both/],
    [
      'VAULT_DATABASE_URL',
      `${whole.VAULT_DATABASE_URL}?sslmode=verify-full&sslrootcert=/ca.pem`,
      /sslrootcert: .*ENOENT/,
    ],
    ['VAULT_DATABASE_URL', whole.DATABASE_URL, /another database/],
    ['LOG_ORIGIN_HOST', 'a+b', /not a host name/],
    ['REGISTRAR_KEYS', '[]', /must name for each registrar/],
    ['REGISTRAR_KEYS', '{"hanoi":{}}', /must name/],
    ['REGISTRAR_KEYS', keys({ keyId: 'hue#1' }), /must name/],
    ['REGISTRAR_KEYS', keys({ keyId: 'hanoi#' }), /must name/],
    ['REGISTRAR_KEYS', keys({ publicKey: publicKey.slice(1) }), /must name/],
    ['REGISTRAR_KEYS', keys({ only: 'everything' }), /must name/],
    ['REGISTRAR_KEYS', keys({ only: 'encryptionKeys' }), /one at least without/],
    ['REGISTRAR_KEYS', keys({ validTo: '2023-01-01' }), /must name/],
    ['REGISTRAR_KEYS', keys({ note: '' }), /must name/],
    ['WORK_CLOCK', '{"wall":"2026-01-01T00:00:00.000Z","work":"2023-06-14T00:30:00.000Z","rate":0}', /rate/],
    ['WORK_CLOCK', '{"wall":"2026-01-01","work":"2023-06-14T00:30:00.000Z","rate":1}', /wall/],
    ['WORK_CLOCK', '240', /wall/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /begins with http:/],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'Bearer x', /name=value/],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', /one of always_on/],
    ['OTEL_TRACES_SAMPLER_ARG', '2', /number from 0 to 1/],
  ])('refuses %s=%s', (variable, value, problem) => {
    const failed = expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(problem) });
    expect(() => readGatewayConfig({ ...whole, [variable]: value })).toThrow(failed);
  });

  it('is shown without a password', () => {
    const shown = describeConfig(
      gatewaySchema,
      readGatewayConfig({ ...whole, KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'pw' }),
    );
    expect(shown).toContain('KAFKA_PASSWORD=********');
    expect(shown).toContain('DATABASE_URL=postgres://ledger:********@localhost:5432/ledger');
    expect(shown).toContain('REGISTRAR_KEYS=hanoi#1,hanoi#service-1');
    expect(shown.join('\n')).not.toMatch(/\bpw\b/);
  });

  it('has an example for every setting', () => {
    const example = toEnvExample(gatewaySchema);
    for (const variable of ['NODE_ID', 'HOLD_ASK_AFTER_MS', 'JWT_JWKS', 'WORK_CLOCK'])
      expect(example).toMatch(new RegExp(`^(# )?${variable}=.`, 'm'));
  });
});

describe('the clock of work', () => {
  const setting = {
    wall: '2026-11-24T08:00:00.000Z' as Instant,
    work: '2023-06-14T00:30:00.000Z' as Instant,
    rate: 240,
  };
  it('runs at its rate from its start, before it too', () => {
    const at = (wall: string) => workClock(setting, () => Date.parse(wall)).now();
    expect(at('2026-11-24T08:00:00.000Z')).toBe('2023-06-14T00:30:00.000Z');
    expect(at('2026-11-24T08:01:00.000Z')).toBe('2023-06-14T04:30:00.000Z');
    expect(at('2026-11-24T07:59:59.500Z')).toBe('2023-06-14T00:28:00.000Z');
  });

  it('is the real time without a setting', () => {
    expect(workClock(undefined, () => 0).now()).toBe('1970-01-01T00:00:00.000Z');
  });
});
