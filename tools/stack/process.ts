/**
 * Server processes that outlive the one that started them. A pid alone proves nothing (the kernel gives it out again),
 * so a process is known by its pid and the moment the kernel started it; only a process that still carries both is ever
 * signalled. Proved by `process.spec.ts`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { waitUntil } from './wait.ts';

export interface ProcessMark {
  readonly pid: number;
  /** Opaque: start time as the kernel (Linux: clock ticks since boot) or `ps` tells it. */
  readonly startedAt: string;
}
export type StopStep = readonly [signal: NodeJS.Signals, graceMs: number];

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly account?: { readonly uid: number; readonly gid: number };
}

/** A zombie has ended: in a container nobody may ever reap it, and `kill(pid, 0)` would call it alive for ever. */
function linuxStartTime(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command name stands in parentheses and may hold spaces: count from the last one. State is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function startTime(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStartTime(pid);
    return execFileSync('/bin/ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function findMark(pid: number): ProcessMark | undefined {
  const startedAt = startTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(mark: ProcessMark): boolean {
  const now = startTime(mark.pid);
  return now !== undefined && now === mark.startedAt;
}

/** Whether the kernel still knows the pid, be it a zombie's or another process's by now. */
export function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Starts a server in a session of its own, so that Ctrl-C in the terminal reaches only the starter; output goes to `logFile`. */
export async function startServer(server: ServerCommand): Promise<ProcessMark> {
  const log = openSync(server.logFile, 'a', 0o600);
  try {
    const child = spawn(server.command, server.args, {
      cwd: server.cwd,
      env: server.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...server.account,
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return findMark(child.pid ?? -1) ?? { pid: child.pid ?? -1, startedAt: 'ended at once' };
  } finally {
    closeSync(log);
  }
}

/** Signals in turn, each with its grace, until the process is gone. Does nothing to a pid that is another process by now. */
export async function stopProcess(mark: ProcessMark, steps: readonly StopStep[]): Promise<boolean> {
  for (const [signal, graceMs] of steps) {
    if (!isRunning(mark)) return true;
    signalProcess(mark.pid, signal);
    const gone = await waitUntil(() => !isRunning(mark) || undefined, { deadlineMs: graceMs, everyMs: 20 });
    if (gone) return true;
  }
  return !isRunning(mark);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The last lines of a server's log, for a message that says why it did not start. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
