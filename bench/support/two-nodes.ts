/**
 * Two nodes of the demo as processes (`npm run build` first), the communes and the district, with a PostgreSQL and a broker of
 * their own, and every role on. `communes` opens the first one's databases and keys in this process, too: one more process of
 * that node, without roles, to append through the use case or to pile up what nobody fetches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readGatewayConfig } from '#libs/config';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import type { KafkaConnection } from '#libs/messaging-kafka';
import { createMetrics } from '#libs/observability';
import type { NodeServices } from '#libs/use-cases';
import { gialamNodes, openStack, projectRootOf, type EmbeddedStack } from '#tools/embedded';
import { readReference } from '../../apps/load/index.ts';
import { openNode } from '../../apps/gateway/wiring/open-node.ts';
import { gatewayEnvironment } from '../../tools/embedded/gateway-environment.ts';
import { proveLife } from '../../apps/gateway/wiring/proof-of-life.ts';

export const COMMUNES = 'gialam-communes' as NodeId;
export const DISTRICT = 'gialam-district' as NodeId;
/** 09:00 of Wednesday 14 June 2023 in Viet Nam. */
const MORNING = '2023-06-14T02:00:00.000Z' as Instant;
/** `BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=…'` profiles the nodes. */
const NODE_OPTIONS = process.env['BENCH_NODE_OPTIONS'];
const EXTRA = NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS };

export interface TwoNodes {
  readonly stack: EmbeddedStack;
  /** Of the communes' node. */
  readonly agencies: readonly AgencyCode[];
  /** Connection of the owner to a node's ledger. */
  readonly ledger: (node: NodeId) => pg.Pool;
  readonly broker: () => Promise<KafkaConnection>;
  readonly communes: () => Promise<NodeServices>;
  readonly close: () => Promise<void>;
}

export async function openTwoNodes(): Promise<TwoNodes> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const nodes = gialamNodes(readReference().organisation)
    .filter(({ node }) => node === COMMUNES || node === DISTRICT)
    .map(({ node, agencies }) => ({ node, agencies }));
  const closing: (() => Promise<void>)[] = [];
  try {
    const workClock = { wall: new Date().toISOString() as Instant, work: MORNING, rate: 1 };
    const stack = await openStack({ dataDir: folder, nodes, workClock });
    closing.unshift(async () => void (await stack.stop()));
    await Promise.all(nodes.map(({ node }) => stack.startNode(node, EXTRA)));
    return {
      stack,
      agencies: nodes.find(({ node }) => node === COMMUNES)?.agencies.slice(0, 22) ?? [],
      ledger: (node) => {
        const { ledger } = stack.databaseUrls.get(node) ?? fail(node);
        const pool = new pg.Pool({ connectionString: ledger.ownerUrl, max: 8 });
        pool.on('error', () => undefined);
        closing.unshift(() => pool.end());
        return pool;
      },
      broker: async () => {
        const { brokers, admin: sasl } = await stack.startKafka();
        return { brokers, clientId: 'bench', sasl };
      },
      communes: async () => {
        const { services, close } = await openCommunes(stack);
        closing.unshift(close);
        return services;
      },
      close: () => closeAll(closing, folder),
    };
  } catch (error) {
    await closeAll(closing, folder);
    throw error;
  }
}

async function closeAll(closing: readonly (() => Promise<void>)[], folder: string): Promise<void> {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
}

async function openCommunes(stack: EmbeddedStack): Promise<{ services: NodeServices; close: () => Promise<void> }> {
  const node = stack.nodes.find((one) => one.node === COMMUNES) ?? fail(COMMUNES);
  const { folder, record, workClock } = stack;
  const projectRoot = projectRootOf();
  const env = gatewayEnvironment({ folder, record, node, projectRoot, ...(workClock && { workClock }) });
  const config = { ...readGatewayConfig(env), instanceId: 'bench' };
  const report: NodeServices['report'] = ({ code, details }) => console.error(code, details);
  const metrics = createMetrics({ node: COMMUNES, ofProcess: false });
  const opened = await openNode(config, report, { metrics, tracing: undefined });
  const proof = proveLife(config, opened);
  return {
    services: opened.services,
    close: async () => {
      await proof.stop();
      await opened.close();
    },
  };
}

function fail(node: NodeId): never {
  throw new Error(`the bench has no node ${node}`);
}
