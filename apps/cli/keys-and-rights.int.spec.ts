/** The commands of docs/guides/keys-and-rights.md, in its order, on a folder of keys and a broker. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailboxTopic, openAdmin } from '#libs/messaging-kafka';
import { adminConnection, anyNode } from '../../libs/testing/test-kafka.ts';
import { shellBlocks } from '../../test/support/guides.ts';
import { commands } from './commands/index.ts';
import { runCli } from './run-cli.ts';

const GUIDE = 'docs/guides/keys-and-rights.md';

describe('keys and rights', () => {
  jest.setTimeout(30_000);
  let keys: string;
  beforeAll(() => {
    keys = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
  });
  afterAll(() => rmSync(keys, { recursive: true, force: true }));

  async function lienthong(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    const code = await runCli(commands, words, {
      out: say,
      err: say,
      isTerminal: false,
      env,
      onStop: () => () => undefined,
    });
    return { code, said: said.join('\n') };
  }
  async function runUnder(heading: string) {
    const lines = shellBlocks(GUIDE).flatMap(({ under, text }) => (under === heading ? text.trim().split('\n') : []));
    expect(lines.length).toBeGreaterThan(0);
    const ran: Awaited<ReturnType<typeof lienthong>>[] = [];
    for (const line of lines) {
      const [npx, program, ...words] = line.replaceAll('$KEYS', keys).split(' ');
      expect([npx, program]).toEqual(['npx', 'lienthong']);
      ran.push(await lienthong(words));
    }
    return ran;
  }

  it('at the broker are shown as commands', async () => {
    const [shown] = await runUnder('Rights at the broker');
    expect(shown?.code).toBe(0);
    const lines = shown?.said.split('\n') ?? [];
    expect(lines).toContain(
      `kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add --allow-principal 'User:gialam-communes' --operation Read --operation Describe --topic 'lienthong.mailbox.v1.gialam-communes'`,
    );
    const writers = lines.filter((line) => /Write .*--topic 'lienthong\.directory\.v1'/.test(line));
    expect(writers).toEqual([expect.stringContaining('User:registrar-hanoi')]);
  });

  it('at the broker are set at once where that is asked for', async () => {
    const { brokers, sasl } = adminConnection();
    const env = {
      KAFKA_BROKERS: brokers.join(','),
      ...(sasl && { KAFKA_ADMIN_USERNAME: sasl.username, KAFKA_ADMIN_PASSWORD: sasl.password }),
    };
    const node = anyNode();
    expect(await lienthong(['broker', '--node', `${node}=certificate-of-${node}`, '--apply'], env)).toMatchObject({
      code: 0,
    });
    const admin = await openAdmin(adminConnection());
    expect(await admin.listTopics()).toContain(mailboxTopic(node));
    await admin.close();
    expect(await lienthong(['broker', '--node', node, '--apply'])).toMatchObject({ code: 2 });
    const wrong = { ...env, KAFKA_ADMIN_USERNAME: 'nobody', KAFKA_ADMIN_PASSWORD: 'planted-secret' };
    const refused = await lienthong(['broker', '--node', node, '--apply'], wrong);
    expect(refused.code).not.toBe(0);
    expect(refused.said).not.toContain('planted-secret');
  });

  it('are replaced, told to the registrar, and listed', async () => {
    const make = ['--node', 'gialam-communes', '--dir', keys, '--agency', 'H26.129.05', '--label', '2026-1'];
    expect(await lienthong(['keys', 'create', ...make])).toMatchObject({ code: 0 });
    const [rotated, told, listed] = await runUnder('Replace signing and encryption keys');
    expect([rotated?.code, told?.code, listed?.code]).toEqual([0, 0, 0]);
    expect(rotated?.said).toContain('send what keys public prints');
    const { signingKeys } = JSON.parse(told?.said ?? '{}') as { signingKeys: { keyId: string; validTo?: string }[] };
    expect(signingKeys.map(({ keyId, validTo }) => [keyId, validTo])).toEqual(
      expect.arrayContaining([
        ['H26.129.05#2026-1', '2026-12-01T00:10:00.000Z'],
        ['H26.129.05#2026-2', undefined],
      ]),
    );
    expect(listed?.said).toContain('gialam-communes#enc-2026-2');
    expect(told?.said).not.toContain('"d"');
  });
});
