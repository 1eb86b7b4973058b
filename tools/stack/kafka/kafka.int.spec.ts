import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNodeId } from '#libs/kernel';
import { mailboxWanted, openAdmin, type KafkaConnection } from '#libs/messaging-kafka';
import { type KafkaServer, openStack, removeStack, type Stack } from '#tools/stack';
import { isRunning } from '../process.ts';
import { findJava, findMaven } from './java.ts';

jest.setTimeout(120_000);

const connect = ({ brokers, admin }: KafkaServer): KafkaConnection => ({ brokers, clientId: 'spec', sasl: admin });

describe('embedded Kafka', () => {
  let stack: Stack;
  let kafka: KafkaServer;
  beforeAll(async () => {
    stack = openStack(mkdtempSync(join(tmpdir(), 'lienthong-test-kafka-')));
    kafka = await stack.startKafka({ users: ['node-a'] });
  });
  afterAll(async () => {
    await stack.stopAll();
    await removeStack(stack.dataDir);
  });

  it('keeps topics, port, users and cluster over a stop and a start; is another cluster when its data are gone', async () => {
    const topic = mailboxWanted(parseNodeId('kept'));
    const admin = await openAdmin(connect(kafka));
    await admin.ensureTopics([topic]);
    await admin.ensureTopics([topic]);
    const clusterId = await admin.clusterId();
    await admin.close();
    const login = await kafka.ensureUser('node-a');
    await stack.stopKafka();
    expect(isRunning(kafka.process)).toBe(false);

    const again = await stack.startKafka({ users: ['node-a'] });
    expect(again.brokers).toEqual(kafka.brokers);
    expect(await again.ensureUser('node-a')).toEqual(login);
    const after = await openAdmin(connect(again));
    expect(await after.listTopics()).toContain(topic.topic);
    expect(await after.clusterId()).toBe(clusterId);
    await after.close();

    await stack.stopKafka();
    rmSync(join(stack.dataDir, 'kafka/logs'), { recursive: true });
    kafka = await stack.startKafka();
    const wiped = await openAdmin(connect(kafka));
    expect(await wiped.listTopics()).not.toContain(topic.topic);
    expect(await wiped.clusterId()).not.toBe(clusterId);
    await wiped.close();
    const sasl = await kafka.ensureUser('node-a');
    await (await openAdmin({ ...connect(kafka), sasl })).close();
  });

  it('takes over the broker that runs already', async () => {
    expect((await stack.startKafka()).process).toEqual(kafka.process);
  });

  it('holds its secrets in files that nobody else reads, and in no argument', () => {
    for (const file of ['stack.json', 'kafka/server.properties']) {
      expect(statSync(join(stack.dataDir, file)).mode & 0o077).toBe(0);
    }
    if (process.platform !== 'linux') return;
    const args = readFileSync(`/proc/${kafka.process.pid}/cmdline`, 'utf8');
    expect(args).not.toContain(kafka.admin.password);
  });

  it('lets nobody speak on the listener of its controller without a login', async () => {
    const state = JSON.parse(readFileSync(join(stack.dataDir, 'stack.json'), 'utf8')) as {
      kafka: { controllerPort: number };
    };
    const brokers = [`127.0.0.1:${state.kafka.controllerPort}`];
    await expect(openAdmin({ brokers, clientId: 'stranger' }).then((admin) => admin.listTopics())).rejects.toThrow();
    await new Promise<void>((resolve, reject) => {
      createConnection(state.kafka.controllerPort, '127.0.0.1')
        .once('error', reject)
        .once('connect', function (this: { destroy(): void }) {
          this.destroy();
          resolve();
        });
    });
  });
});

describe('what the machine lacks', () => {
  const withVariable = async (name: string, value: string, work: () => Promise<unknown>): Promise<void> => {
    const before = process.env[name];
    process.env[name] = value;
    try {
      await work();
    } finally {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    }
  };

  it('is said with what to install and which variable to set', async () => {
    await withVariable('JAVA_HOME', '/nowhere', () =>
      expect(findJava()).rejects.toMatchObject({
        code: 'JAVA_MISSING',
        message: expect.stringMatching(/cài đặt[^]*JAVA_HOME[^]*KAFKA_BROKERS/),
      }),
    );
    await withVariable('MAVEN', '/nowhere/mvn', () =>
      expect(findMaven()).rejects.toMatchObject({
        code: 'MAVEN_MISSING',
        message: expect.stringMatching(/\/nowhere\/mvn[^]*MAVEN/),
      }),
    );
  });
});
