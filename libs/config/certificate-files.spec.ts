import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateFiles, makeAuthority } from '../testing/certificates.ts';
import { pemProblem, postgresUrlProblem, readGatewayConfig } from './index.ts';

describe('files of certificates', () => {
  let folder: string;
  let ca: string;
  let good: CertificateFiles;
  let ended: CertificateFiles;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-test-pem-'));
    const authority = await makeAuthority(folder, 'authority');
    ca = authority.ca;
    good = await authority.issue('good', { name: 'node' });
    ended = await authority.issue('ended', { name: 'node', days: -1 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are looked into at the start', () => {
    expect(pemProblem(good.cert, 'CERTIFICATE')).toBeUndefined();
    expect(pemProblem(good.key, 'PRIVATE KEY')).toBeUndefined();
    expect(pemProblem(good.key, 'CERTIFICATE')?.en).toMatch(/no certificate/);
    expect(pemProblem(good.cert, 'PRIVATE KEY')?.en).toMatch(/no private key/);
    expect(pemProblem(ended.cert, 'CERTIFICATE')?.en).toMatch(/which is not now: replace it/);
  });

  it('stand in the URL of a database that is checked in full', () => {
    const files = `sslrootcert=${ca}&sslcert=${good.cert}&sslkey=${good.key}`;
    expect(postgresUrlProblem(`postgres://u@db/x?sslmode=verify-full&${files}`)).toBeUndefined();
    expect(postgresUrlProblem(`postgres://u@db/x?sslmode=disable`)).toBeUndefined();
    expect(postgresUrlProblem(`postgres://u@db/x?sslmode=verify-ca&${files}`)?.en).toMatch(/verify-full/);
  });

  it('for Kafka mean nothing without TLS, and a certificate nothing without its key', () => {
    const problems = (env: Readonly<Record<string, string>>): string => {
      try {
        readGatewayConfig({ ...NODE, ...env });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(problems({ KAFKA_SSL_CA: ca })).toMatch(/KAFKA_SSL must be true/);
    expect(problems({ KAFKA_SSL: 'true', KAFKA_SSL_CERT: good.cert })).toMatch(/both or not at all/);
    expect(problems({ KAFKA_SSL: 'true', KAFKA_SSL_CERT: good.cert, KAFKA_SSL_KEY: ended.key })).toMatch(/not the key/);
    expect(problems({ KAFKA_SSL: 'true', KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: good.cert, KAFKA_SSL_KEY: good.key })).toBe(
      '',
    );
  });
});

const NODE = {
  NODE_ID: 'gialam-communes',
  DATABASE_URL: 'postgres://ledger@localhost/ledger',
  VAULT_DATABASE_URL: 'postgres://vault@localhost/vault',
  KAFKA_BROKERS: 'localhost:9093',
  KEYS_DIR: '/keys',
  REGISTRAR_KEYS: JSON.stringify({ hanoi: [{ keyId: 'hanoi#1', publicKey: `${'a'.repeat(42)}A` }] }),
  JWT_ISSUER: 'https://login.example/',
  JWT_JWKS: 'keys.json',
};
