/** Where the broker is and under which login each part of the stack works; topics and ACLs of the stack. */
import {
  accessOfNode,
  accessOfRegistrar,
  checkpointsWanted,
  DIRECTORY_TOPIC,
  directoryWanted,
  mailboxWanted,
  openAdmin,
  type KafkaConnection,
} from '#libs/messaging-kafka';
import type { NodeId } from '#libs/kernel';
import type { KafkaServer } from '#tools/stack';
import { REGISTRAR_LOGIN } from './topology.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}
export interface KafkaGiven {
  readonly brokers: readonly string[];
  readonly ssl?: boolean;
  /** PEM file of the authority of the brokers' certificates. */
  readonly sslCa?: string;
  /** Makes topics and ACLs; absent with `logins`: they are there already. */
  readonly admin?: Login;
  /** By node id, and `registrar-hanoi`; empty: the broker asks for no login. */
  readonly logins: ReadonlyMap<string, Login>;
}
export interface KafkaPlace {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sslCa?: string;
  readonly admin?: Login;
  loginOf(user: string): Promise<Login | undefined>;
}

export const embeddedKafka = (server: KafkaServer): KafkaPlace => ({
  brokers: server.brokers,
  ssl: false,
  admin: server.admin,
  loginOf: (user) => server.ensureUser(user),
});

export const givenKafka = ({ brokers, ssl = false, sslCa, admin, logins }: KafkaGiven): KafkaPlace => ({
  brokers,
  ssl,
  ...(sslCa !== undefined && { sslCa }),
  ...(admin && { admin }),
  loginOf: async (user) => logins.get(user),
});

export const connectionTo = (
  { brokers, ssl, sslCa: ca }: Pick<KafkaPlace, 'brokers' | 'ssl' | 'sslCa'>,
  login: Login | undefined,
): KafkaConnection => ({
  brokers,
  clientId: 'lienthong-stack',
  ...(login && { sasl: login }),
  ...(ssl && { tls: ca === undefined ? {} : { ca } }),
});

/** As the record of the stack keeps it. */
export const recordOf = ({ brokers, ssl, sslCa }: KafkaPlace) => ({
  brokers,
  kafkaSsl: ssl,
  ...(sslCa !== undefined && { kafkaSslCa: sslCa }),
});

/** Topics, and rights of the nodes' and the registrar's logins. Leaves both alone on a broker without our administrator. */
export async function prepareBroker(place: KafkaPlace, nodes: readonly NodeId[]): Promise<void> {
  const registrar = await place.loginOf(REGISTRAR_LOGIN);
  if (!place.admin && registrar) return;
  const admin = await openAdmin(connectionTo(place, place.admin));
  try {
    await admin.ensureTopics([...nodes.map((node) => mailboxWanted(node)), directoryWanted(), checkpointsWanted()]);
    if (!registrar) return;
    const access = await Promise.all(
      nodes.map(async (node) => accessOfNode(node, (await place.loginOf(node))?.username ?? node)),
    );
    await admin.grant([...access, accessOfRegistrar(registrar.username)]);
  } finally {
    await admin.close();
  }
}

/** What the directory topic holds: nothing after it, or its cluster, was made anew. */
export async function findDirectoryTopic(
  place: KafkaPlace,
): Promise<{ readonly clusterId: string; readonly isEmpty: boolean }> {
  const admin = await openAdmin(connectionTo(place, place.admin ?? (await place.loginOf(REGISTRAR_LOGIN))));
  try {
    const [range] = await admin.ranges(DIRECTORY_TOPIC);
    return { clusterId: await admin.clusterId(), isEmpty: range === undefined || range.high === '0' };
  } finally {
    await admin.close();
  }
}
