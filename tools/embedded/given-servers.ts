/**
 * Servers that are there already, named in the environment. What is expected of each variable stands in `EXPECTED`, which
 * `lienthong start --help` prints. All that is missing is said at once.
 */
import { DomainError, type NodeId } from '#libs/kernel';
import type { KafkaGiven, Login } from './kafka-place.ts';
import type { NodeDatabases, PostgresGiven } from './postgres-place.ts';
import { inVariable, REGISTRAR_LOGIN } from './topology.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const EXPECTED = `DATABASE_URL_<NODE>, VAULT_DATABASE_URL_<NODE>
    ledger and vault of each node (<NODE>: GIALAM_COMMUNES, GIALAM_DISTRICT, HANOI_CITY), PostgreSQL 15 or later, under the
    role the program works as; a vault is never in the database of a ledger
DATABASE_OWNER_URL_<NODE>, VAULT_DATABASE_OWNER_URL_<NODE>
    the same databases under the role that owns and migrates them; without it they must be migrated already
DATABASE_URL_ADMIN
    instead of all these: a server's administrator, who makes databases and roles
KAFKA_BROKERS, KAFKA_SSL, KAFKA_SSL_CA
    host:port, divided by commas; true for TLS; PEM file of the authority of the brokers' certificates
KAFKA_ADMIN_USERNAME, KAFKA_ADMIN_PASSWORD
    who makes topics and ACLs; without it they must be there (docs: wire format 5)
KAFKA_USERNAME_<NODE>, KAFKA_PASSWORD_<NODE>, KAFKA_USERNAME_REGISTRAR, KAFKA_PASSWORD_REGISTRAR
    SCRAM-SHA-512 logins of the nodes and of the registrar; none at all: the broker asks for no login`;

/** Servers of the environment; absent: the embedded ones. @throws DomainError `CONFIG_INVALID` with every variable missing */
export function readGivenServers(
  env: Environment,
  nodes: readonly NodeId[],
): { readonly postgres?: PostgresGiven; readonly kafka?: KafkaGiven } {
  const missing: string[] = [];
  const postgres = readPostgres(env, nodes, missing);
  const kafka = readKafka(env, nodes, missing);
  if (missing.length > 0) {
    const list = missing.join(', ');
    throw new DomainError('CONFIG_INVALID', `Thiếu biến môi trường: ${list} · These variables are missing: ${list}`, {
      missing,
    });
  }
  return { ...(postgres && { postgres }), ...(kafka && { kafka }) };
}

/** Reads variables and notes those that are not there. */
function reader(env: Environment, missing: string[]) {
  const find = (name: string): string | undefined => env[name] || undefined;
  const get = (name: string): string => {
    const value = find(name);
    if (value === undefined) missing.push(name);
    return value ?? '';
  };
  const login = (suffix: string): Login => ({
    username: get(`KAFKA_USERNAME_${suffix}`),
    password: get(`KAFKA_PASSWORD_${suffix}`),
  });
  return { find, get, login };
}

function readPostgres(env: Environment, nodes: readonly NodeId[], missing: string[]): PostgresGiven | undefined {
  const { find, get } = reader(env, missing);
  const adminUrl = find('DATABASE_URL_ADMIN');
  if (adminUrl !== undefined) return { adminUrl };
  if (!nodes.some((node) => find(`DATABASE_URL_${inVariable(node)}`))) return undefined;
  const placeOf = (variable: string, node: NodeId): NodeDatabases['ledger'] => {
    const ownerUrl = find(`${variable}_OWNER_URL_${inVariable(node)}`);
    return { appUrl: get(`${variable}_URL_${inVariable(node)}`), ...(ownerUrl !== undefined && { ownerUrl }) };
  };
  const urls = nodes.map((node): [NodeId, NodeDatabases] => [
    node,
    { ledger: placeOf('DATABASE', node), vault: placeOf('VAULT_DATABASE', node) },
  ]);
  return { urls: new Map(urls) };
}

function readKafka(env: Environment, nodes: readonly NodeId[], missing: string[]): KafkaGiven | undefined {
  const { find, get, login } = reader(env, missing);
  const brokers = find('KAFKA_BROKERS');
  if (brokers === undefined) return undefined;
  const suffixes: [string, string][] = [
    ...nodes.map((node): [string, string] => [node, inVariable(node)]),
    [REGISTRAR_LOGIN, 'REGISTRAR'],
  ];
  const anyLogin = suffixes.some(([, suffix]) => find(`KAFKA_USERNAME_${suffix}`));
  const username = find('KAFKA_ADMIN_USERNAME');
  const sslCa = find('KAFKA_SSL_CA');
  return {
    brokers: brokers.split(',').map((broker) => broker.trim()),
    ssl: find('KAFKA_SSL') === 'true',
    ...(sslCa !== undefined && { sslCa }),
    ...(username !== undefined && { admin: { username, password: get('KAFKA_ADMIN_PASSWORD') } }),
    logins: new Map(anyLogin ? suffixes.map(([user, suffix]) => [user, login(suffix)]) : []),
  };
}
