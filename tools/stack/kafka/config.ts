/** Files of the embedded broker: one KRaft node that is broker and controller, login and authorizer on. */
import { join } from 'node:path';
import type { KafkaState } from '../state-file.ts';

/** Users and passwords stand inside quotes in JAAS texts and brackets in format arguments: letters, digits, `.`, `_`, `-`. */
const SAFE = /^[A-Za-z0-9._-]{1,100}$/;
export function safe(word: string): string {
  if (SAFE.test(word)) return word;
  throw new Error(`not a name or password for the broker: ${word}`);
}

const jaas = (module: string, options: Readonly<Record<string, string>>): string => {
  const words = Object.entries(options).map(([name, value]) => `${name}="${safe(value)}"`);
  return `org.apache.kafka.common.security.${module} required ${words.join(' ')};`;
};

const passwordOf = ({ users, adminUser }: KafkaState): string => users[adminUser] ?? '';

export type BrokerSettings = Readonly<Record<string, string | number | boolean>>;

/** Text of `server.properties`. @param laidOver what stands in place of ours, or beside it: a test's further listeners */
export function serverProperties(
  state: KafkaState,
  logs: string,
  laidOver = (ours: BrokerSettings): BrokerSettings => ours,
): string {
  const lines = Object.entries(laidOver(settingsOf(state, logs))).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Both listeners are on 127.0.0.1; the controller's is announced to nobody and wants a login of its own (PLAIN: SCRAM users
 * live in the metadata that it is to load first).
 */
function settingsOf(state: KafkaState, logs: string): BrokerSettings {
  const client = `CLIENT://127.0.0.1:${state.port}`;
  const { controllerPassword } = state;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${state.controllerPort}`,
    listeners: `${client},CONTROLLER://127.0.0.1:${state.controllerPort}`,
    'advertised.listeners': client,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENT',
    'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.client.scram-sha-512.sasl.jaas.config': jaas('scram.ScramLoginModule', {
      username: state.adminUser,
      password: passwordOf(state),
    }),
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', {
      username: 'controller',
      password: controllerPassword,
      user_controller: controllerPassword,
    }),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${state.adminUser};User:controller`,
    'allow.everyone.if.no.acl.found': false,
    'log.dirs': logs,
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'default.replication.factor': 1,
    // One broker: three copies of the internal topics can be had nowhere, and 50 partitions of offsets that nobody commits only cost time.
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // After a kill the controller takes the same broker back only when its old session has run out; the default is 9 s.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 1_000,
    // The cleaner's default buffer is 128 MB, half of the heap we give; the directory is its one compacted topic.
    'log.cleaner.dedupe.buffer.size': 4_194_304,
  };
}

/** Login of a command-line tool of Kafka's, as the administrator. */
export function toolProperties(state: KafkaState): string {
  const login = jaas('scram.ScramLoginModule', { username: state.adminUser, password: passwordOf(state) });
  return `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${login}\n`;
}

/** Warnings to the standard output, which goes to `kafka.log`. */
export const LOG4J = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;

export interface KafkaPaths {
  readonly home: string;
  readonly logs: string;
  readonly properties: string;
  readonly log4j: string;
  readonly tool: string;
  readonly output: string;
}
export const pathsIn = (home: string): KafkaPaths => ({
  home,
  logs: join(home, 'logs'),
  properties: join(home, 'server.properties'),
  log4j: join(home, 'log4j2.properties'),
  tool: join(home, 'admin.properties'),
  output: join(home, 'kafka.log'),
});

/**
 * JVM of the broker and of its tools: about 160 MB resident when idle. One garbage-collector thread and the quick compiler
 * alone start in 2–3 s instead of 4, on a machine whose cores are wanted by the nodes.
 */
export const JVM = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'] as const;
