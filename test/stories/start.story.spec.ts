/** README: `npm start` and `npm run reset`, as typed. Two that begin at once, and one of whose nodes is killed by somebody. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedRecord } from '#tools/embedded';
import { eventually } from '../../libs/testing/eventually.ts';
import { root } from '../support/guides.ts';
import { DISTRICT } from '../support/story.ts';

interface Npm {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Everything it has said, results and progress. */
  said(): string;
}

const runs: Npm[] = [];
let folder: string;
let calm: Npm;
let struck: Npm;
const at = (name: string): string => join(folder, name);

function npm(...args: readonly string[]): Npm {
  const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = { child, ended, said: () => text };
  runs.push(run);
  return run;
}
const start = (name: string): Npm =>
  npm('start', '--', '--once', '--dossiers', '6', '--speed', '1500', '--data-dir', at(name));
const recordOf = (name: string): EmbeddedRecord =>
  JSON.parse(readFileSync(join(at(name), 'embedded.json'), 'utf8')) as EmbeddedRecord;
const portsOf = (name: string): readonly number[] => recordOf(name).nodes.map(({ port }) => port);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-start-'));
  [calm, struck] = [start('calm'), start('struck')];
});
afterAll(async () => {
  // npm passes the signal on; an end of its own needs none.
  for (const { child } of runs) child.kill('SIGTERM');
  await Promise.all(runs.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
}, 90_000);

describe('two starts in the same second', () => {
  it('both come up, on ports of their own', async () => {
    const isUp = async (run: Npm): Promise<void> => {
      if (run.child.exitCode !== null) throw new Error(run.said());
      expect(run.said()).toContain('work clock');
    };
    await eventually(() => isUp(struck), { withinMs: 120_000 });
    const { process: mark } = recordOf('struck').nodes.find(({ node }) => node === DISTRICT) ?? {};
    process.kill(mark?.pid ?? 0, 'SIGKILL');
    await eventually(() => isUp(calm), { withinMs: 120_000 });
    expect(new Set([...portsOf('calm'), ...portsOf('struck')]).size).toBe(6);
  }, 150_000);

  it('end well where nothing happens: whole, exit code 0, and no warning on the way', async () => {
    expect([await calm.ended, calm.said()]).toEqual([0, expect.stringMatching(/\nNguyên vẹn · whole\n[^]*stopped/)]);
    expect(calm.said()).not.toMatch(/warning|✗/i);
  }, 150_000);

  it('start a node again that somebody killed, say so, lose nothing, and do not call the day good', async () => {
    expect([await struck.ended, struck.said()]).toEqual([1, expect.stringContaining('ENDED BY ITSELF')]);
    expect(struck.said()).toMatch(
      /gialam-district DỪNG ĐỘT NGỘT.*signal SIGKILL.*once more[^]*gialam-district chạy lại/,
    );
    expect(struck.said()).toMatch(/gialam-district +signal SIGKILL +đã chạy lại · runs again/);
    expect(struck.said()).toMatch(/byte-identical[^]*whole, but something unexpected happened/);
  }, 150_000);

  it('are forgotten by a reset', async () => {
    const reset = npm('run', 'reset', '--', '--data-dir', at('calm'));
    expect([await reset.ended, reset.said()]).toEqual([0, expect.stringContaining('deleted')]);
    expect(existsSync(at('calm'))).toBe(false);
  }, 60_000);
});
