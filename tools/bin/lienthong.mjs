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

if (major >= 24 || !existsSync(node24)) {
  await import(cli);
} else {
  const child = spawn(node24, [cli, ...process.argv.slice(2)], { stdio: 'inherit', detached: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
