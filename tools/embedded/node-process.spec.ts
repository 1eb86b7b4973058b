import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeId } from '#libs/kernel';
import { eventually } from '../../libs/testing/eventually.ts';
import { NodeProcess, type NodeEnd } from './node-process.ts';

const NODE = 'gialam-district' as NodeId;
/** Listens where it is told to and answers as a node does, after a moment in which it is not ready. */
const HONEST = `
import { createServer } from 'node:http';
let asked = 0;
createServer((request, response) => {
  const ready = ++asked > 1;
  const { NODE_ID: node, INSTANCE_ID: instance } = process.env;
  response.writeHead(ready ? 200 : 503).end(JSON.stringify({ node, instance, ready, waitsFor: [] }));
}).listen(Number(process.env.HTTP_PORT), '127.0.0.1');
`;
const HANGING = 'setInterval(() => undefined, 1000);';

let projectRoot: string;
let stranger: Server | undefined;
const started: NodeProcess[] = [];
beforeEach(() => {
  projectRoot = mkdtempSync(join(tmpdir(), 'lienthong-process-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill('SIGKILL')));
  await new Promise((resolve) => (stranger ? stranger.close(resolve) : resolve(undefined)));
  stranger = undefined;
  rmSync(projectRoot, { recursive: true, force: true });
});

function start(program: string, port: number, ends: [NodeEnd, boolean][] = []): NodeProcess {
  mkdirSync(join(projectRoot, 'dist/apps/gateway'), { recursive: true });
  writeFileSync(join(projectRoot, 'package.json'), '{"type":"module"}');
  writeFileSync(join(projectRoot, 'dist/apps/gateway/main.js'), program);
  const process = new NodeProcess({
    node: NODE,
    url: `http://127.0.0.1:${port}`,
    projectRoot,
    logFile: join(projectRoot, 'node.log'),
    env: { NODE_ID: NODE, HTTP_PORT: String(port) },
    onEnd: (...end) => ends.push(end),
  });
  started.push(process);
  return process;
}
/** Another stack's node, which is ready. */
async function listenAs(answer: object): Promise<number> {
  stranger = createServer((_, response) => void response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => stranger?.listen(0, '127.0.0.1', resolve));
  return (stranger.address() as AddressInfo).port;
}

describe('a node that ends', () => {
  it('by itself is told as one that was ready; one that is asked to is not told', async () => {
    const ends: [NodeEnd, boolean][] = [];
    const [port, other] = [await listenAs({}), 1];
    await new Promise((resolve) => stranger?.close(resolve));
    stranger = undefined;
    const crashing = start(HONEST, port, ends);
    await crashing.ready(20_000);
    process.kill(crashing.mark?.pid ?? 0, 'SIGKILL');
    await eventually(async () => expect(ends).toMatchObject([[{ node: NODE, signal: 'SIGKILL' }, true]]));
    await start(HANGING, other, ends).stop();
    expect(ends).toHaveLength(1);
  }, 30_000);
});

describe('a node is ready', () => {
  it('when this very process says so', async () => {
    const port = await listenAs({});
    await new Promise((resolve) => stranger?.close(resolve));
    stranger = undefined;
    const process = start(HONEST, port);
    await process.ready(20_000);
    expect(process.running).toBe(true);
  }, 30_000);

  it.each([
    ['the same node of another start', { node: NODE, instance: 'another', ready: true }],
    ['another node', { node: 'hanoi-city', instance: 'another', ready: true }],
    ['a node of an older program', { ready: true, waitsFor: [] }],
    ['something else', {}],
  ])('and not when %s answers at its address', async (_, answer) => {
    const process = start(HANGING, await listenAs(answer));
    await expect(process.ready(300)).rejects.toThrow(/did not become ready; another process .* answers at http/);
  });

  it('and not when it has ended, which is told with its code and the last lines of its log', async () => {
    const ends: [NodeEnd, boolean][] = [];
    const process = start('console.log("HTTP_PORT is taken"); process.exit(3);', 1, ends);
    await expect(process.ready(20_000)).rejects.toThrow(/ended at its start \(exit code 3\)[^]*HTTP_PORT is taken/);
    expect(ends).toMatchObject([[{ code: 3 }, false]]);
  }, 30_000);
});
