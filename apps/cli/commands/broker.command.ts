/** Topics and rights at a broker, for its administrator: shown as commands of Kafka's own tool, or set at once. */
import { parseNodeId, type NodeId } from '#libs/kernel';
import {
  type Access,
  accessOfNode,
  accessOfRegistrar,
  checkpointsWanted,
  directoryWanted,
  type KafkaConnection,
  mailboxWanted,
  openAdmin,
  toolLines,
} from '#libs/messaging-kafka';
import type { Command, Given } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { type Io, printResult } from '../output/io.ts';

export const brokerCommand: Command = {
  name: 'broker',
  usage: '--node NODE[=LOGIN],… [--registrar LOGIN] [--apply]',
  summary: { vi: 'Topic và quyền ở Kafka', en: 'Topics and rights at the broker' },
  options: {
    node: {
      type: 'string',
      multiple: true,
      value: 'NODE[=LOGIN]',
      about: {
        vi: 'Nút và tên đăng nhập của nút (bỏ trống: như mã nút)',
        en: 'Nodes, each with its login (absent: named like the node); divided by commas',
      },
    },
    registrar: {
      type: 'string',
      value: 'LOGIN',
      about: { vi: 'Ai được ghi danh bạ', en: 'Login that writes the directory' },
    },
    apply: {
      type: 'boolean',
      about: { vi: 'Tạo topic và đặt quyền ngay', en: 'Makes the topics and sets the rights now' },
    },
  },
  more: `  Không có --apply: in lệnh kafka-acls.sh · without --apply: prints commands of kafka-acls.sh
  --apply: KAFKA_BROKERS, KAFKA_ADMIN_USERNAME, KAFKA_ADMIN_PASSWORD; KAFKA_SSL_CA (PEM), TLS`,
  async run(given, io) {
    const nodes = given.list('node').map(readNode);
    const registrar = given.find('registrar');
    if (nodes.length === 0 && registrar === undefined) throw new UsageError('--node, --registrar');
    const access = [
      ...nodes.map(({ node, login }) => accessOfNode(node, login)),
      ...(registrar === undefined ? [] : [accessOfRegistrar(registrar)]),
    ];
    if (given.has('apply'))
      await apply(
        connectionFrom(io),
        nodes.map(({ node }) => node),
        access,
      );
    const lines = access.flatMap(toolLines);
    printResult(io, given.has('json'), { applied: given.has('apply'), access }, () => textOf(given, lines));
    return EXIT.ok;
  },
};

function readNode(text: string): { readonly node: NodeId; readonly login: string } {
  const [node = '', login = node] = text.split('=');
  return { node: parseNodeId(node), login };
}

const textOf = (given: Given, lines: readonly string[]): string =>
  given.has('apply') ? `đã đặt · set: ${lines.length}` : lines.join('\n');

function connectionFrom({ env }: Io): KafkaConnection {
  const { KAFKA_BROKERS: brokers, KAFKA_SSL: ssl, KAFKA_SSL_CA: ca } = env;
  const { KAFKA_ADMIN_USERNAME: username, KAFKA_ADMIN_PASSWORD: password } = env;
  if (!brokers) throw new UsageError('--apply: KAFKA_BROKERS');
  return {
    brokers: brokers.split(',').map((broker) => broker.trim()),
    clientId: 'lienthong-broker',
    ...(username && password && { sasl: { username, password } }),
    ...((ca || ssl === 'true') && { tls: ca ? { ca } : {} }),
  };
}

async function apply(connection: KafkaConnection, nodes: readonly NodeId[], access: readonly Access[]): Promise<void> {
  const admin = await openAdmin(connection);
  try {
    await admin.ensureTopics([...nodes.map((node) => mailboxWanted(node)), directoryWanted(), checkpointsWanted()]);
    await admin.grant(access);
  } finally {
    await admin.close();
  }
}
