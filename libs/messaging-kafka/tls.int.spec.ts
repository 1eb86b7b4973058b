/**
 * The way to a broker over TLS: one that asks for a password inside it (SASL_SSL), one that knows clients by certificate
 * (mTLS). What does not fit is refused at a start, with what to do; nothing is ever said in the clear instead.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseNodeId } from '#libs/kernel';
import type { CertificateFiles } from '../testing/certificates.ts';
import { startSecureKafka, type SecureKafka } from '../testing/secure-kafka.ts';
import {
  accessOfNode,
  CHECKPOINTS_TOPIC,
  checkpointsWanted,
  groupPrefix,
  type KafkaConnection,
  mailboxTopic,
  mailboxWanted,
  openAdmin,
  openConsumer,
  openSender,
  tryConnection,
} from './index.ts';

jest.setTimeout(90_000);

const NODE = parseNodeId('gialam-district');
const PEER = parseNodeId('gialam-communes');

describe('TLS to the broker', () => {
  let kafka: SecureKafka;
  let peer: CertificateFiles;
  beforeAll(async () => {
    kafka = await startSecureKafka([NODE]);
    peer = await kafka.authority.issue('peer', { name: PEER });
    const admin = await openAdmin(kafka.connection);
    await admin.ensureTopics([mailboxWanted(NODE), mailboxWanted(PEER), checkpointsWanted()]);
    await admin.grant([accessOfNode(NODE), accessOfNode(PEER)]);
    await admin.close();
  });
  afterAll(() => kafka.remove());

  const client = { clientId: 'spec' };
  const byPassword = async (): Promise<KafkaConnection> => ({
    ...client,
    brokers: [kafka.at.scram],
    sasl: await kafka.loginOf(NODE),
    tls: { ca: kafka.authority.ca },
  });
  const byCertificate = (files: Partial<CertificateFiles> = peer): KafkaConnection => {
    const { cert, key } = files;
    const own = cert !== undefined && key !== undefined ? { cert, key } : {};
    return { ...client, brokers: [kafka.at.mtls], tls: { ca: kafka.authority.ca, ...own } };
  };

  async function send(connection: KafkaConnection, topic: string): Promise<void> {
    const sender = openSender({ connection });
    try {
      await sender.send(topic, [{ key: 'a', value: Buffer.from('over TLS') }]);
    } finally {
      await sender.close();
    }
  }
  const refused = (why: RegExp) =>
    expect.objectContaining({ code: 'TLS_REFUSED', message: expect.stringMatching(why) });

  it('carries what a peer known by certificate sends to a node known by password', async () => {
    await tryConnection(byCertificate());
    await tryConnection(await byPassword());
    await send(byCertificate(), mailboxTopic(NODE));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const consumer = openConsumer({
      connection: await byPassword(),
      topic: mailboxTopic(NODE),
      groupId: `${groupPrefix(NODE)}mailbox`,
      findOffset: () => Promise.resolve(undefined),
      handle: ({ records }) => Promise.resolve(resolve(String(records[0]?.value))),
      onGap: () => Promise.resolve(),
      onTrouble: (trouble) => {
        if (trouble.kind === 'caller') reject(trouble.error);
      },
    });
    await consumer.start();
    await expect(promise.finally(() => consumer.stop())).resolves.toBe('over TLS');
  });

  it('knows a client by its certificate and gives it the rights of that name alone', async () => {
    const stranger = await kafka.authority.issue('stranger', { name: 'nobody-known' });
    await expect(send(byCertificate(stranger), CHECKPOINTS_TOPIC)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await send(byCertificate(), CHECKPOINTS_TOPIC);
  });

  it('uses a certificate that was replaced on disk from the next connection on', async () => {
    const files = await kafka.authority.issue('rotated', { name: PEER, days: -1 });
    const connection = byCertificate(files);
    await expect(tryConnection(connection)).rejects.toEqual(refused(/does not take the certificate of this client/));
    await kafka.authority.issue('rotated', { name: PEER });
    await tryConnection(connection);
  });

  describe('refuses at a start', () => {
    it.each([
      [
        'a broker by another authority',
        () => ({ ...byCertificate(), tls: { ...peer, ca: kafka.foreign.ca } }),
        /KAFKA_SSL_CA/,
      ],
      [
        'a broker by an authority that only this one trusts',
        () => ({ ...byCertificate(), tls: { cert: peer.cert, key: peer.key } }),
        /KAFKA_SSL_CA/,
      ],
      ['a certificate that has ended', () => ({ ...byCertificate(), brokers: [kafka.at.expired] }), /not valid now/],
      [
        'a certificate for another host',
        () => ({ ...byCertificate(), brokers: [kafka.at.mtls.replace('localhost', '127.0.0.1')] }),
        /another host name/,
      ],
      ['to come without a certificate where one is asked for', () => byCertificate({}), /KAFKA_SSL_CERT/],
      ['to speak in the clear at a port of TLS', () => ({ ...client, brokers: [kafka.at.scram] }), /KAFKA_SSL=true/],
      [
        'TLS at a port in the clear',
        () => ({ ...byCertificate(), brokers: kafka.connection.brokers }),
        /nothing is sent in the clear/,
      ],
    ])('%s', async (_, connection, why) => {
      await expect(tryConnection(connection())).rejects.toEqual(refused(why));
    });

    it('a client by another authority', async () => {
      const forged = await kafka.foreign.issue('forged', { name: PEER });
      await expect(tryConnection(byCertificate(forged))).rejects.toEqual(refused(/does not take the certificate/));
    });

    it('a wrong password inside TLS', async () => {
      const sasl = { username: NODE, password: 'wrong' };
      const failed = expect.objectContaining({ code: 'LOGIN_FAILED', message: expect.not.stringContaining('wrong') });
      await expect(tryConnection({ ...(await byPassword()), sasl })).rejects.toEqual(failed);
    });
  });

  it('is no obstacle to a start while the broker is away', async () => {
    await tryConnection({ ...byCertificate(), brokers: ['localhost:1'] });
  });
});
