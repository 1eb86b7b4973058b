/** Runs the blocks of a document as a reader does: one after the other in one shell, in a folder in which a stack was started. */
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, type Block } from './guides.ts';

export interface Ran {
  readonly block: Block;
  readonly exitCode: number;
  readonly out: string;
}

/** Between blocks on the standard output; no program prints them. */
const [CODE, END] = ['\u0001', '\u0002'];

/** In `folder` the command `npx lienthong` is that of the checkout, as in the checkout itself. */
export function prepareFolder(folder: string): void {
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(root, 'tools/bin/lienthong.mjs'), join(folder, 'node_modules/.bin/lienthong'));
}

/** All in one shell, as typed: what a block sets the next one has. A block's exit code is that of its last command. */
export async function runBlocks(folder: string, blocks: readonly Block[]): Promise<readonly Ran[]> {
  const script = blocks.map(({ text }) => `${text}\nprintf '${CODE}%s${END}' $?`).join('\n');
  const child = spawn('bash', ['-uc', script], {
    cwd: folder,
    env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  const parts = said.split(END);
  return blocks.map((block, index) => {
    const [out = '', code = ''] = (parts[index] ?? '').split(CODE);
    return { block, out, exitCode: code === '' ? -1 : Number(code) };
  });
}
