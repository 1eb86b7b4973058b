#!/usr/bin/env node
/**
 * The command `lienthong` of a checkout: brings the build up to date and runs it under the project's own Node 24, also when
 * it is started by an older one. There it stands between the terminal and the program: the program runs in a session of its
 * own, so that each Ctrl-C reaches it once, through here.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build, cli, install, lacksBuild, lacksPackages, node24 } from './checkout.mjs';

if (lacksPackages()) install();
if (lacksBuild()) build();

const major = Number(process.versions.node.split('.')[0]);
// kafkajs 2.2.4 sets a timer to a negative time; newer Nodes say so, and nothing else comes of it.
const HARMLESS = 'TimeoutNegativeWarning';

if (major >= 24 || !existsSync(node24)) {
  const print = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== HARMLESS) for (const listener of print) listener(warning);
  });
  await import(cli);
} else {
  const args = [`--disable-warning=${HARMLESS}`, cli, ...process.argv.slice(2)];
  const child = spawn(node24, args, { stdio: 'inherit', detached: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
