/**
 * Program of the container `prepare` in docker-compose.yml: makes keys, databases, topics, ACLs and directory statements
 * on the servers that the environment names, writes the environment of each node to `<data>/env/<node>.env` (for
 * `node --env-file`), and ends. May run again on kept data.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gialamNodes, openStack, readGivenServers } from '#tools/embedded';
import { readOrganisation } from '../embedded/directory-desk.ts';
import { gatewayEnvironment, type Variables } from '../embedded/gateway-environment.ts';
import { findProjectRoot } from '../stack/project.ts';

/** A container is reached from outside itself, unlike a process of the embedded stack. */
const IN_A_CONTAINER: Variables = { HTTP_HOST: '0.0.0.0' };

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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const node of stack.nodes) {
    const variables = gatewayEnvironment({ folder: stack.folder, record: stack.record, node, projectRoot });
    const file = join(folder, `${node.node}.env`);
    writeFileSync(file, toFile({ ...variables, ...IN_A_CONTAINER }), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
} finally {
  await stack.stop();
}
