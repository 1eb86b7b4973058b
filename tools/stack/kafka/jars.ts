/**
 * The jars of the broker, kept in `.cache/kafka/<hash of pom.xml>` of the checkout: fetched once per version by Maven,
 * into a folder beside that is moved into place when it is whole.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findMaven } from './java.ts';
import { type Say, StackError } from '../messages.ts';
import { findProjectRoot } from '../project.ts';

const DOWNLOADED = /Downloaded from \S+ \S*\/([^/\s]+\.jar) \(([^)]*?) at /;

/** Last lines of Maven's output; rejects with them when it ends badly. */
async function runMaven(maven: string, args: readonly string[], say: Say): Promise<void> {
  const child = spawn(maven, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const note = (line: string): void => {
    lines.push(line);
    const [, name, size] = DOWNLOADED.exec(line) ?? [];
    if (name) say({ vi: `Đã tải ${name} (${size}).`, en: `Fetched ${name} (${size}).` });
  };
  createInterface(child.stdout).on('line', note);
  createInterface(child.stderr).on('line', note);
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code === 0) return;
  const told =
    lines
      .filter((line) => line.includes('ERROR'))
      .slice(0, 8)
      .join('\n') || lines.slice(-8).join('\n');
  throw new StackError('JARS_FAILED', {
    vi: `Maven không tải được Kafka. Hãy kiểm tra mạng (hoặc proxy, mirror trong ~/.m2/settings.xml):\n${told}`,
    en: `Maven could not fetch Kafka. Check the network (or proxy and mirror in ~/.m2/settings.xml):\n${told}`,
  });
}

/** Folder with all jars. Throws `MAVEN_MISSING`, `JARS_FAILED`. */
export async function ensureJars(say: Say): Promise<string> {
  const root = findProjectRoot();
  const pom = join(root, 'tools/stack/kafka/pom.xml');
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  const folder = join(root, '.cache/kafka', hash);
  if (existsSync(folder)) return folder;

  const maven = await findMaven();
  say({
    vi: 'Đang lấy Apache Kafka bằng Maven (44 MB, chỉ lần đầu)…',
    en: 'Fetching Apache Kafka with Maven (44 MB, once)…',
  });
  const beside = `${folder}.${process.pid}.tmp`;
  mkdirSync(beside, { recursive: true });
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${beside}`];
    await runMaven(maven, ['-B', '-f', pom, ...goal], say);
    moveInPlace(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}

/** Two starts may fetch at once; the second finds the folder full, and the jars are the same. */
function moveInPlace(beside: string, folder: string): void {
  try {
    renameSync(beside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
