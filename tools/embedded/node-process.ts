/**
 * One process of a node. States: absent → started → ready → (stopped as asked | ended by itself). Promises: it runs in a
 * session of its own, so that Ctrl-C in the terminal reaches only the starter, which stops things in order; it is
 * signalled by its own handle; ready is only this very process, never another that answers at its address; an end nobody
 * asked for is told with the last lines of its log. Proved by `node-process.spec.ts`.
 */
import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodeId } from '#libs/kernel';
import { findMark, tailOf, type ProcessMark } from '../stack/process.ts';
import { waitUntil } from '../stack/wait.ts';
import type { Variables } from './gateway-environment.ts';

export interface NodeEnd {
  readonly node: NodeId;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last lines of the log. */
  readonly tail: string;
}
export interface NodeStart {
  readonly node: NodeId;
  readonly url: string;
  readonly projectRoot: string;
  readonly logFile: string;
  readonly env: Variables;
  /** It signs nothing before `lienthong recover` was run: it is waited for as long as that takes. */
  onRecovering?(node: NodeId): void;
  /** Ended although nobody asked. */
  onEnd(end: NodeEnd, wasReady: boolean): void;
}

export class NodeFailed extends Error {
  readonly end: NodeEnd;

  constructor(end: NodeEnd, what: string) {
    super(`${end.node}: ${what}\n${end.tail}`);
    this.name = 'NodeFailed';
    this.end = end;
  }
}

interface Seen {
  /** Another process that answers at the address. */
  stranger?: string | undefined;
}

const READY_DEADLINE_MS = 90_000;
/** Longer than a node's own time-out for a stop (STOP_WITHIN_MS, 20 s): it ends by itself, unless it hangs altogether. */
const STOP_GRACE_MS = 30_000;
const ENTRY = 'dist/apps/gateway/main.js';
/** A young generation of 4 MB in place of 16 keeps an idle node some forty megabytes smaller (docs/adr/0024). */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=4'];

export class NodeProcess {
  private readonly start: NodeStart;
  private readonly child: ChildProcess;
  private readonly ended: Promise<NodeEnd>;
  private over: NodeEnd | undefined;
  private asked = false;
  private wasReady = false;
  private recovering = false;
  /** Name of this very process, which its `/ready` tells. */
  private readonly instance = randomUUID();

  constructor(start: NodeStart) {
    this.start = start;
    this.child = launch(start, this.instance);
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, error?: Error): void => {
        const said = error ? [String(error)] : [];
        this.over = { node: start.node, code, signal, tail: [tailOf(start.logFile), ...said].join('\n') };
        if (!this.asked) start.onEnd(this.over, this.wasReady);
        resolve(this.over);
      };
      this.child.once('exit', (code, signal) => end(code, signal));
      this.child.once('error', (error) => end(null, null, error));
    });
  }

  get mark(): ProcessMark | undefined {
    return findMark(this.child.pid ?? -1);
  }
  get url(): string {
    return this.start.url;
  }
  get running(): boolean {
    return this.over === undefined;
  }

  /** Resolves when this process answers 200 to `GET /ready`. Rejects with {@link NodeFailed}. */
  async ready(deadlineMs = READY_DEADLINE_MS): Promise<void> {
    const { url, node, logFile } = this.start;
    const seen: Seen = {};
    const look = (): Promise<NodeEnd | true | undefined> =>
      waitUntil<NodeEnd | true>(async () => this.over ?? this.lookReady(seen), { deadlineMs, everyMs: 100 });
    let answered = await look();
    while (answered === undefined && this.recovering) answered = await look();
    if (answered === true) {
      this.wasReady = true;
      return;
    }
    const end = this.over ?? { node, code: null, signal: null, tail: tailOf(logFile) };
    const what = this.over ? `ended at its start (${endText(end)})` : 'did not become ready';
    throw new NodeFailed(
      end,
      seen.stranger === undefined ? what : `${what}; another process (${seen.stranger}) answers at ${url}`,
    );
  }

  private async lookReady(seen: Seen): Promise<true | undefined> {
    const { url, node } = this.start;
    const found = await askReady(url);
    const isThis = found?.node === node && found.instance === this.instance;
    seen.stranger = found && !isThis ? (found.node ?? '?') : undefined;
    if (!isThis) return undefined;
    this.noteRecovering(found.waitsFor?.includes('recovery') === true);
    return found.ready === true ? true : undefined;
  }

  private noteRecovering(recovering: boolean): void {
    if (recovering && !this.recovering) this.start.onRecovering?.(this.start.node);
    this.recovering = recovering;
  }

  /** SIGTERM, and SIGKILL when it does not end within its grace. */
  async stop(): Promise<NodeEnd> {
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), STOP_GRACE_MS);
    const end = await this.ended;
    clearTimeout(late);
    return end;
  }

  /** This very signal, and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<NodeEnd> {
    this.signal(signal);
    return this.ended;
  }

  /** For a pause (SIGSTOP, SIGCONT): does not wait. */
  signal(signal: NodeJS.Signals): void {
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.asked = true;
    if (this.running) this.child.kill(signal);
  }
}

export const endText = ({ code, signal }: NodeEnd): string => (signal ? `signal ${signal}` : `exit code ${code}`);

function launch({ projectRoot, logFile, env }: NodeStart, instance: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [...NODE_FLAGS, join(projectRoot, ENTRY)], {
      cwd: projectRoot,
      env: { ...env, INSTANCE_ID: instance },
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

interface Found {
  readonly node?: string;
  readonly instance?: string;
  readonly ready?: boolean;
  readonly waitsFor?: readonly string[];
}

/** Whoever answers there; undefined: nobody, or nobody who answers as a node does. */
async function askReady(url: string): Promise<Found | undefined> {
  try {
    const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(2_000) });
    return (await response.json()) as Found;
  } catch {
    return undefined;
  }
}
