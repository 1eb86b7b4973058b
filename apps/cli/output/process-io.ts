/** The process's own output and signals. */
import type { Io } from './io.ts';

const PARENT_EVERY_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function processIo(): Io {
  const { columns } = process.stdout;
  // Who reads the output may leave before its end (`lienthong dossiers | head`); that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY && process.stderr.isTTY,
    ...(columns ? { width: columns } : {}),
    env: process.env,
    onStop(listener) {
      for (const signal of SIGNALS) process.on(signal, listener);
      const forget = whenLeftByNpm(listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
        forget();
      };
    },
  };
}

/** `kill <npm>` ends npm and the shell it runs scripts in, and never reaches us: their end is the sign. */
function whenLeftByNpm(listener: () => void): () => void {
  if (process.env['npm_lifecycle_event'] === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    listener();
  }, PARENT_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
