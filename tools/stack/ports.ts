/**
 * Ports of one stack, on 127.0.0.1. Between choosing a port and the server's listening on it lie seconds (and for a node
 * half a minute), in which another start would find it free too: so each chosen port is reserved by a lock in a folder
 * that all starts of this user share, until `release` or the end of the process. What is no start of ours may still take
 * it: then the server fails, and `startOn` chooses again or names the variable. Proved by `ports.spec.ts`.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLockFile, type StackLock } from './lock.ts';
import { StackError } from './messages.ts';

const HOST = '127.0.0.1';
/** Free ports of the kernel's choice that other starts had reserved, before we give up. */
const MOST_TRIES = 50;
/** How often a server is started on other ports, after somebody else took the ones chosen. */
const MOST_STARTS = 3;
const HIGHEST = 65_535;

/** Ports wanted, by the variable that may demand one: the port used last time, if any. */
export type PortsWanted = Readonly<Record<string, number | undefined>>;
export type PortsChosen = Readonly<Record<string, number>>;

export interface Ports {
  /**
   * The port that the variable demands (taken: `PORT_IN_USE`, which names the variable), else the one used last time, else
   * a free one; no other start is given it.
   */
  choose(variable: string, lastPort?: number): Promise<number>;
  /** Starts a server on chosen ports, and on others when somebody took one before it listened. */
  startOn<T>(wanted: PortsWanted, start: (chosen: PortsChosen) => Promise<T>): Promise<T>;
  /** Gives the reservations back. */
  release(): void;
}

/** Port 0 asks the kernel for a free one. Gives the port that could be bound, or undefined when it is taken or none. */
function tryPort(port: number): Promise<number | undefined> {
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: HOST, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

export const isPortFree = async (port: number): Promise<boolean> => (await tryPort(port)) !== undefined;

/** In what the system gives for such files; one for each user, whom nobody can keep from a port by a file. */
const sharedFolder = (): string => join(tmpdir(), `lienthong-ports-${process.getuid?.() ?? 'all'}`);

export function openPorts(ownerPid = process.pid, folder = sharedFolder()): Ports {
  const held = new Map<number, { readonly variable: string; readonly lock?: StackLock }>();

  const reserve = (variable: string, port: number): boolean => {
    const before = held.get(port);
    if (before) return before.variable === variable;
    try {
      held.set(port, { variable, ...lockOf(folder, port, ownerPid) });
      return true;
    } catch (error) {
      if (error instanceof Reserved) return false;
      throw error;
    }
  };
  /** Reserved first: who then finds it free is the only start to do so. */
  const take = async (variable: string, port: number): Promise<number | undefined> => {
    if (!reserve(variable, port)) return undefined;
    if (await isPortFree(port)) return port;
    held.get(port)?.lock?.release();
    held.delete(port);
    return undefined;
  };
  const anyFree = async (variable: string): Promise<number> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const free = await tryPort(0);
      const taken = free === undefined ? undefined : await take(variable, free);
      if (taken !== undefined) return taken;
    }
    throw noneFree(variable);
  };
  const choose: Ports['choose'] = async (variable, lastPort) => {
    const demanded = process.env[variable];
    if (!demanded) return (lastPort && (await take(variable, lastPort))) || anyFree(variable);
    const taken = await take(variable, Number(demanded));
    if (taken === undefined) throw portTaken(variable, demanded);
    return taken;
  };
  return {
    choose,
    startOn: (wanted, start) => startOn(choose, wanted, start),
    release: () => {
      for (const { lock } of held.values()) lock?.release();
      held.clear();
    },
  };
}

async function startOn<T>(
  choose: Ports['choose'],
  wanted: PortsWanted,
  start: (chosen: PortsChosen) => Promise<T>,
): Promise<T> {
  for (let starts = 1, last = wanted; ; starts += 1) {
    const chosen: Record<string, number> = {};
    for (const [variable, lastPort] of Object.entries(last)) chosen[variable] = await choose(variable, lastPort);
    try {
      return await start(chosen);
    } catch (error) {
      const lost = await findLost(chosen);
      if (lost === undefined) throw error;
      if (process.env[lost] || starts === MOST_STARTS) throw portTaken(lost, String(chosen[lost]), error);
      last = { ...last, [lost]: undefined };
    }
  }
}

/** The server has ended: whoever listens on its port now is somebody else. */
async function findLost(chosen: PortsChosen): Promise<string | undefined> {
  for (const [variable, port] of Object.entries(chosen)) if (!(await isPortFree(port))) return variable;
  return undefined;
}

class Reserved extends Error {}

/** Without a folder of our own there is no reservation, and the port alone decides. */
function lockOf(folder: string, port: number, ownerPid: number): { readonly lock?: StackLock } {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return {};
    return { lock: takeLockFile(join(folder, `${port}.lock`), ownerPid, () => new Reserved()) };
  } catch (error) {
    if (error instanceof Reserved || (error as NodeJS.ErrnoException).code === undefined) throw error;
    return {};
  }
}

export function portTaken(variable: string, port: string, cause?: unknown): StackError {
  return new StackError(
    'PORT_IN_USE',
    {
      vi: `Cổng ${port} (${variable}) đang bị chiếm hoặc không hợp lệ. Hãy đặt ${variable} thành cổng khác, hoặc bỏ biến đó để tự chọn cổng trống.`,
      en: `Port ${port} (${variable}) is taken or not a port. Set ${variable} to another one, or unset it and a free one is chosen.`,
    },
    { cause },
  );
}

function noneFree(variable: string): StackError {
  return new StackError('PORT_IN_USE', {
    vi: `Không tìm được cổng trống nào ở ${HOST}. Hãy đặt ${variable}.`,
    en: `No free port found at ${HOST}. Set ${variable}.`,
  });
}
