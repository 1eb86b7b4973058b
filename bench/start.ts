/**
 * `npm start` as anybody runs it, on servers' data that are there already (warm): from the command to the first dossier that is
 * filed at a commune, forwarded, and accepted by the district; and the memory of its nodes when nothing happens any more.
 *
 *   npm run bench -- start [--rounds 5]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { findContract } from '#libs/contracts';
import type { AgencyCode } from '#libs/kernel';
import { DataFolder, issueToken, projectRootOf, type NodeRecord } from '#tools/embedded';
import { reportRows, rowOf } from './support/targets.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const COMMUNE = 'H26.129.05' as AgencyCode;
const DISTRICT = 'H26.129' as AgencyCode;
const PATIENCE_MS = 120_000;
const QUIET_MS = 8_000;

interface Round {
  readonly seconds: number;
  readonly rssMb: number;
}

/** Until it gives something; what fails meanwhile is what is waited for. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('npm start did not get that far within two minutes');
    await pause(25);
  }
}

class Started {
  readonly folder: DataFolder;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(dataDir: string) {
    this.folder = new DataFolder(dataDir);
    const args = ['start', '--', '--no-load', '--data-dir', dataDir];
    this.child = spawn('npm', args, { cwd: projectRootOf(), detached: true, stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** As Ctrl-C does: the whole group of the terminal hears it. */
  async stop(): Promise<void> {
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
    await this.ended;
  }

  nodeOf(agency: AgencyCode): NodeRecord | undefined {
    return this.folder.findRecord()?.nodes.find(({ agencies }) => agencies.includes(agency));
  }

  async ready(agency: AgencyCode): Promise<NodeRecord> {
    return eventually(async () => {
      const node = this.nodeOf(agency);
      if (!node?.process) return undefined;
      const { ok } = await fetch(`${node.url}/ready`);
      return ok ? node : undefined;
    });
  }

  async ask<T>(node: NodeRecord, agency: AgencyCode, { path, body }: { path: string; body?: object }): Promise<T> {
    const token = await issueToken(this.folder, { roles: ['clerk'], agencies: [agency] });
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    };
    const posted = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${node.url}/v1${path}`, { headers, ...posted });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

interface Shown {
  readonly custodian?: string;
  readonly situation?: string;
}

/** Filed, forwarded, and accepted above. */
async function settleOne(started: Started): Promise<void> {
  const commune = await started.ready(COMMUNE);
  const id = randomUUID();
  const exampleOf = (command: string) => findContract('command', command, 1)?.example;
  await started.ask(commune, COMMUNE, {
    path: '/dossiers',
    body: { id, receivingAgency: COMMUNE, data: exampleOf('file-dossier') },
  });
  const leg = {
    ...exampleOf('forward'),
    to: DISTRICT,
    reason: 'route',
    step: 'appraise',
    legDueAt: '2029-06-20T10:00:00.000Z',
  };
  await started.ask(commune, COMMUNE, { path: `/dossiers/${COMMUNE}/${id}/forward`, body: { data: leg } });
  const district = await started.ready(DISTRICT);
  await eventually(async () => {
    const shown = await started.ask<Shown>(district, DISTRICT, { path: `/dossiers/${COMMUNE}/${id}` });
    return shown.situation !== undefined && shown.situation !== 'InTransit' ? shown : undefined;
  });
}

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

async function runOnce(dataDir: string): Promise<Round> {
  const start = performance.now();
  const started = new Started(dataDir);
  try {
    await settleOne(started);
    const seconds = (performance.now() - start) / 1_000;
    await pause(QUIET_MS);
    const pids = started.folder.findRecord()?.nodes.flatMap((node) => node.process?.pid ?? []) ?? [];
    return { seconds, rssMb: Math.max(...pids.map(rssOf)) };
  } finally {
    await started.stop();
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
try {
  const cold = await runOnce(dataDir);
  const rounds: Round[] = [];
  for (let at = 1; at <= Number(values.rounds); at += 1) rounds.push(await runOnce(dataDir));
  reportRows([
    rowOf({ bench: 'start', name: 'npm start, nothing there, to a dossier settled above', unit: 's' }, [cold.seconds]),
    rowOf(
      { bench: 'start', name: 'npm start, warm, to a dossier settled above', unit: 's', target: { atMost: 20 } },
      rounds.map(({ seconds }) => seconds),
    ),
    rowOf(
      { bench: 'idle', name: 'memory of the largest of three idle nodes', unit: 'MB', target: { atMost: 200 } },
      rounds.map(({ rssMb }) => rssMb),
    ),
  ]);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
