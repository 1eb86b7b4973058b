/** The environment of a node's process: exactly what `libs/config/gateway-config.ts` reads, and nothing of the starter's own but `OTEL_…`. */
import { join } from 'node:path';
import type { WorkClock } from '#libs/config';
import { trustedKeyOf, type DataFolder, type EmbeddedRecord, type NodeRecord } from './data-folder.ts';
import { JWT_AUDIENCE, JWT_ISSUER } from './issuer.ts';
import { encodeBase64Url } from '#libs/kernel';

export type Variables = Readonly<Record<string, string>>;

export interface EnvironmentOf {
  readonly folder: DataFolder;
  readonly record: EmbeddedRecord;
  readonly node: NodeRecord;
  readonly projectRoot: string;
  readonly workClock?: WorkClock;
}

export function gatewayEnvironment({ folder, record, node, projectRoot, workClock }: EnvironmentOf): Variables {
  return {
    PATH: process.env['PATH'] ?? '',
    ...telemetryOf(process.env),
    NODE_ID: node.node,
    DATABASE_URL: node.databases.ledger.appUrl,
    VAULT_DATABASE_URL: node.databases.vault.appUrl,
    KAFKA_BROKERS: record.brokers.join(','),
    KAFKA_SSL: String(record.kafkaSsl),
    ...(record.kafkaSslCa !== undefined && { KAFKA_SSL_CA: record.kafkaSslCa }),
    ...(node.kafka && { KAFKA_USERNAME: node.kafka.username, KAFKA_PASSWORD: node.kafka.password }),
    KEYS_DIR: folder.keysOf(node.node),
    REGISTRAR_KEYS: registrarKeysText(record),
    HTTP_PORT: String(node.port),
    JWT_ISSUER,
    JWT_AUDIENCE,
    JWT_JWKS: folder.jwks,
    AUTO_ACCEPT: 'all',
    // Nothing stands before these nodes that could turn to another process.
    STOP_NOTICE_MS: '0',
    DATABASE_VOLUME: folder.dir,
    REFERENCE_DIR: join(projectRoot, 'reference'),
    ...(workClock && { WORK_CLOCK: JSON.stringify(workClock) }),
  };
}

/** Whoever starts the stack with a collector at hand sees the traces of all its nodes. */
const telemetryOf = (env: NodeJS.ProcessEnv): Variables =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value = '']) => (name.startsWith('OTEL_') ? [[name, value]] : [])),
  );

/** As the variable REGISTRAR_KEYS has it. */
export function registrarKeysText(record: Pick<EmbeddedRecord, 'registrar'>): string {
  const { keyId, publicKey } = trustedKeyOf(record);
  const [registrar = ''] = keyId.split('#');
  return JSON.stringify({ [registrar]: [{ keyId, publicKey: encodeBase64Url(publicKey) }] });
}
