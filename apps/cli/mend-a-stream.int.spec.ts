/** The commands of docs/guides/mend-a-stream.md, in its order, against a node in trouble; and what they say when there is none. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTroubleStore } from '#libs/event-store-postgres';
import { openStored, RedriveRunner, StopSwitches, type TroubleStore } from '#libs/use-cases';
import { eventually } from '../../libs/testing/eventually.ts';
import { arrive, forged, Stranger } from '../../libs/testing/strangers.ts';
import { openTestDoor, type TestDoor } from '../../libs/testing/test-door.ts';
import { openTestNode, type TestNode } from '../../libs/testing/test-node.ts';
import { shellBlocks } from '../../test/support/guides.ts';
import { commands } from './commands/index.ts';
import type { Io } from './output/io.ts';
import { runCli } from './run-cli.ts';

const GUIDE = 'docs/guides/mend-a-stream.md';
const AGENCY = 'H26.129.05';

describe('the guide for the night', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let door: TestDoor;
  let store: TroubleStore;
  let runner: RedriveRunner;
  let address: readonly string[];
  const variables = new Map<string, string>();
  const unknown = new Stranger('guide-1');
  beforeAll(async () => {
    node = await openTestNode();
    door = await openTestDoor(node);
    store = openTroubleStore({ url: node.ledgerDatabase.appUrl });
    runner = new RedriveRunner(node.services, store, { stops: new StopSwitches(store), owner: 'test' });
    const token = await door.issuer.token({ roles: ['operator', 'auditor'], agencies: [AGENCY], sub: 'operator-9' });
    address = ['--url', await door.app.getUrl(), '--token', token];
  });
  afterAll(async () => {
    await store.close();
    await door.close();
    await node.close();
  });

  interface Ran {
    readonly code: number;
    readonly said: string;
  }
  /** At the node of the test; acts are for its agency. */
  async function lienthong(words: readonly string[]): Promise<Ran> {
    const said: string[] = [];
    const io: Io = {
      out: (text) => void said.push(text),
      err: (text) => void said.push(text),
      isTerminal: false,
      env: {},
      onStop: () => () => undefined,
    };
    const command = commands.find(({ name }) => name === words[0]);
    const agency = command && 'agency' in command.options ? ['--agency', AGENCY] : [];
    const code = await runCli(commands, [...words, ...address, ...agency], io);
    return { code, said: said.join('\n') };
  }
  const inWords = (line: string): readonly string[] =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

  /** One line of the guide as its reader runs it. */
  async function runLine(line: string): Promise<Ran | undefined> {
    const assigned = /^([A-Z]+)=/.exec(line);
    if (assigned?.[1]) {
      variables.set(assigned[1], randomUUID());
      return undefined;
    }
    const filled = line.replaceAll(/\$([A-Z]+)/g, (_, name: string) => variables.get(name) ?? '');
    const [npx, program, ...words] = inWords(filled.replace(' --node gialam-communes', ''));
    expect([npx, program]).toEqual(['npx', 'lienthong']);
    return lienthong(words);
  }
  async function runUnder(heading: string): Promise<readonly Ran[]> {
    const blocks = shellBlocks(GUIDE).filter(({ under }) => under === heading);
    const lines = blocks.flatMap(({ text }) => text.split('\n').filter((line) => line !== ''));
    expect(lines.length).toBeGreaterThan(0);
    const ran: Ran[] = [];
    for (const line of lines) {
      const one = await runLine(line);
      if (one) ran.push(one);
      if (line.includes('redrive start --job')) await runner.turn();
      if (line.includes('redrive list')) await finished();
    }
    return ran;
  }
  const finished = () =>
    eventually(async () => {
      await runner.turn();
      expect((await store.findJob(variables.get('JOB') as never))?.finishedAt).toBeDefined();
    });
  const codes = (ran: readonly Ran[]) => ran.map(({ code }) => code);

  it('has nothing to say while nothing is wrong', async () => {
    expect(await lienthong(['trouble'])).toEqual({ code: 0, said: expect.stringContaining('nothing is in trouble') });
    expect(await lienthong(['trouble', 'limbo'])).toEqual({ code: 0, said: expect.stringContaining('none') });
    expect(await lienthong(['park', 'list'])).toEqual({ code: 0, said: expect.stringContaining('no parked dossiers') });
    expect(await lienthong(['redrive', 'list'])).toEqual({ code: 0, said: expect.stringContaining('no redrives') });
    expect(await lienthong(['loops', 'list'])).toEqual({ code: 0, said: expect.stringContaining('every loop runs') });
    expect(await lienthong(['redrive', 'start', '--dry-run'])).toMatchObject({
      code: 0,
      said: expect.stringContaining('nothing is selected'),
    });
  });

  it('counts what could be tried again', async () => {
    expect(await runUnder('Try again')).toEqual([{ code: 0, said: expect.stringContaining('nothing is selected') }]);
  });

  it('shows the red light, and what is behind it', async () => {
    const known = new Stranger('guide-2');
    await known.becomesKnown(node);
    const parked = known.files();
    await arrive(node, unknown.files(), unknown.files(), unknown.files(), forged(known.files(), known.files()), parked);
    await door.fold();
    const [light] = await runUnder('One red light');
    expect(light?.code).toBe(1);
    expect(light?.said).toMatch(/KEY_UNKNOWN +3 [^]*SIGNATURE +1 [^]*NOT_UNDERSTOOD +1 [^]*redrive start/);
    const closer = await runUnder('Look closer');
    expect(codes(closer)).toEqual([1, 0, 1]);
    expect(closer[0]?.said).toMatch(/4 +SIGNATURE[^]*dossier\/H26\.129/);
    const shown = await lienthong(['park', 'show', parked.message.subject.slice('dossier/'.length)]);
    expect(shown.code).toBe(1);
    expect(shown.said).toMatch(/why: NOT_UNDERSTOOD[^]*since: [^]*upgrade/);
    expect(await lienthong(['park', 'show', `H26.129/${randomUUID()}`])).toMatchObject({
      code: 0,
      said: expect.stringContaining('is not parked'),
    });
    const json = await lienthong(['trouble', 'parked', '--json']);
    expect(JSON.parse(json.said)).toMatchObject([
      { items: [{ hash: parked.hash, advice: { en: expect.any(String) } }] },
    ]);
  });

  it('judges again as a job, paused and resumed, with its end in figures', async () => {
    await unknown.becomesKnown(node);
    const ran = await runUnder('Judge quarantined messages again');
    expect(codes(ran)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(ran[0]?.said).toContain('3 thông điệp');
    expect(ran[2]?.said).toMatch(/paused[^]*left: 1[^]*redrive-paused \(operator-9, load\)/);
    expect(ran[3]?.said).toContain('running');
    expect(ran[5]?.said).toMatch(/finished[^]*recorded: 3[^]*failed again: 0/);
    const late = await lienthong(['redrive', 'cancel', variables.get('JOB') ?? '', '--reason', 'mistake']);
    expect(late).toMatchObject({ code: 1, said: expect.stringContaining('REDRIVE_OVER') });
  });

  it('discards what can never be believed, on record', async () => {
    variables.set('NUMBER', '4');
    const ran = await runUnder('What can never be believed');
    expect(codes(ran)).toEqual([0, 0]);
    expect(ran[0]?.said).toContain('SIGNATURE');
    expect(ran[1]?.said).toContain('recorded as');
    expect(await lienthong(['trouble', 'quarantined'])).toMatchObject({ code: 0 });
  });

  it('stops deliveries to a peer and takes it back', async () => {
    const ran = await runUnder('A peer that does harm, or is harmed');
    expect(codes(ran)).toEqual([0, 1, 0]);
    expect(ran[1]?.said).toMatch(/stopped: deliveries → gialam-district \([^)]*operator-9, peer-asks\)/);
    expect(ran[2]?.said).toContain('every loop runs');
    const names = (await node.services.store.readLog(-1, 10_000))
      .map((stored) => openStored(stored).message)
      .filter(({ subject, authid }) => subject.startsWith('operation/') && authid === 'operator-9')
      .map(({ type }) => type.split('.').at(-2));
    expect(names).toEqual([
      'redrive-started',
      'redrive-paused',
      'redrive-resumed',
      'quarantine-discarded',
      'loop-stopped',
      'loop-resumed',
    ]);
  });

  it.each([
    [['trouble', 'sorrow'], 2],
    [['park', 'show'], 2],
    [['redrive', 'show'], 2],
    [['redrive', 'start'], 2],
    [['redrive', 'start', '--reason', 'other', '--batch', '0'], 2],
    [['redrive', 'show', randomUUID()], 1],
    [['loops', 'stop'], 2],
    [['loops', 'stop', 'api', '--reason', 'load'], 1],
    [['quarantine', 'discard', '4', '--reason', 'forged'], 1],
    [['quarantine', 'discard'], 2],
  ])('%j ends with exit code %s', async (words, code) => {
    const ran = await lienthong(words);
    expect(ran).toEqual({ code, said: expect.stringContaining(' · ') });
  });
});
