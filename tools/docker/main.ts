/**
 * Program of the container `prepare` in docker-compose.yml: makes keys, databases, topics, ACLs and directory statements
 * on the servers that the environment names, writes the environment of each node to `<data>/env/<node>.env` (for
 * `node --env-file`), and ends. May run again on kept data.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkClock } from '#libs/config';
import type { Instant } from '#libs/kernel';
import { clockFrom, type DataFolder, gialamNodes, openStack, readGivenServers } from '#tools/embedded';
import { readOrganisation } from '../embedded/directory-desk.ts';
import { gatewayEnvironment, type Variables } from '../embedded/gateway-environment.ts';
import { findProjectRoot } from '../stack/project.ts';

/**
 * The organisation is that of 2023, so the nodes work at that time, at its own pace: the clock is set once, and runs on
 * between starts.
 */
function workClock(folder: DataFolder): WorkClock {
  const kept = folder.findClock();
  if (kept) return kept.clock;
  const clock = clockFrom(FIRST_DAY, Date.now(), 1);
  folder.saveClock({ clock, reached: clock.work });
  return clock;
}

/** A container is reached from outside itself, unlike a process of the embedded stack. */
const IN_A_CONTAINER: Variables = { HTTP_HOST: '0.0.0.0' };

/** Half an hour before the doors open on an ordinary Wednesday. */
const FIRST_DAY = '2023-06-14T00:30:00.000Z' as Instant;

const toFile = (variables: Variables): string =>
  Object.entries(variables)
    .filter(([name]) => name !== 'PATH')
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');

const dataDir = process.argv[2] ?? '/data';
const projectRoot = findProjectRoot();
const nodes = gialamNodes(readOrganisation(projectRoot));
const given = readGivenServers(
  process.env,
  nodes.map(({ node }) => node),
);
const stack = await openStack({ dataDir, nodes, ...given, say: ({ en }) => process.stdout.write(`${en}\n`) });
try {
  const folder = join(dataDir, 'env');
  const clock = workClock(stack.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const node of stack.nodes) {
    const variables = gatewayEnvironment({
      folder: stack.folder,
      record: stack.record,
      node,
      projectRoot,
      workClock: clock,
    });
    const file = join(folder, `${node.node}.env`);
    writeFileSync(file, toFile({ ...variables, ...IN_A_CONTAINER }), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
} finally {
  await stack.stop();
}
