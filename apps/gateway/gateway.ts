/**
 * One process of a node, from start to stop. States: *opening* (databases, keys, reference data, directory), *running*
 * (every role of this process), *leaving* (`STOP_NOTICE_MS`: not ready any more, and serving all the same), *stopping*
 * (intake ends, work in hand is finished, a last checkpoint, databases last).
 * Ready means that every role runs and the directory has been read. A broker that is away delays none of this but the
 * mailbox: the node receives and settles dossiers, and its outbox drains later. Stopping takes `STOP_WITHIN_MS` at most;
 * a second signal ends at once.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { GatewayConfig } from '#libs/config';
import { findVaultBackup } from '#libs/key-custody';
import { instantToMs } from '#libs/kernel';
import type { DirectoryReader } from '#libs/messaging-kafka';
import { createMetrics, type GatewayMetrics, type Logger, type Tracing } from '#libs/observability';
import type { ReadModels } from '#libs/read-models';
import { judgeQuarantinedAgain, LineDesk, OpeningsRegister, RecoveryDesk } from '#libs/use-cases';
import { HttpModule } from './http/http.module.ts';
import { Tokens } from './http/caller.ts';
import { startRoles, type RoleLoops } from './roles/roles.ts';
import { stopInOrder } from './stop-in-order.ts';
import { INGEST, MailboxController } from './transport/mailbox.controller.ts';
import type { KafkaMailboxStrategy } from './transport/mailbox.strategy.ts';
import { mailboxOfNode } from './transport/mailbox-of-node.ts';
import { countedReport, reportTo } from './wiring/log-report.ts';
import { followDirectory } from './wiring/follow-directory.ts';
import { mailboxWatch, type MailboxWatch } from './watching/mailbox-watch.ts';
import { NodeSampler } from './watching/sample-node.ts';
import { openHousekeeping, type Housekeeping } from './wiring/housekeeping.ts';
import { inLists, openLists, startFolding, type Folding } from './wiring/lists.ts';
import { offeredAtTheDoor } from './wiring/offered-at-the-door.ts';
import { proveLife, type Proof } from './wiring/proof-of-life.ts';
import { listen } from './wiring/listen.ts';
import type { NamedConfig } from './wiring/named-config.ts';
import { openNode, SOFTWARE_VERSION, type OpenNode } from './wiring/open-node.ts';
import { openTracingOf } from './wiring/open-tracing.ts';
import { readTokenKeys } from './wiring/token-keys.ts';

@Module({})
class GatewayModule {}

export interface RunningGateway {
  readonly port: number;
  /** Names of what was not finished in time. */
  stop(): Promise<readonly string[]>;
}

export async function openGateway(config: NamedConfig, logger: Logger): Promise<RunningGateway> {
  const metrics = createMetrics({ node: config.nodeId, ofProcess: true });
  const report = countedReport(reportTo(logger), metrics);
  const tracing = await openTracingOf(config);
  const node = await openNode(config, report, { metrics, tracing });
  const readModels = await openLists(config, node, report);
  const watch = mailboxWatch(metrics);
  const proof = proveLife(config, node);
  const directory = followDirectory(config, node);
  const lines = new LineDesk(node.services);
  const mailbox = config.roles.includes('ingest') ? mailboxOfNode(node, lines, watch) : undefined;
  const state: State = {
    config,
    node,
    readModels,
    metrics,
    tracing,
    directoryRead: node.services.directory().agencies.size > 0,
    directoryLevel: false,
    recovery: new RecoveryDesk(node.services),
    mailbox,
    watch,
    housekeeping: openHousekeeping(config, readModels, metrics),
    openings: new OpeningsRegister(node.services),
  };
  void directory.level.then(() => directoryIsLevel(state));
  const app = await openApp(state);
  const roles = startRoles({
    services: { ...node.services, tracing, failed: (follower) => metrics.count('loop_failures_total', { follower }) },
    config,
    owner: node.owner,
    directory: node.directory,
    lines,
    trouble: node.trouble,
    housekeeping: state.housekeeping,
    recovery: state.recovery,
    ...inLists(readModels),
    isDirectoryLevel: () => state.directoryLevel,
  });
  state.roles = roles;
  const folding = startFolding(config, readModels, report);
  await listen(app, config);
  const { port } = app.getHttpServer().address() as { port: number };
  const stop = async (): Promise<readonly string[]> => {
    state.leaving = true;
    await pause(config.stopNoticeMs);
    return stopAll({ app, roles, folding, directory, proof, state, report });
  };
  return { port, stop };
}

function directoryIsLevel(state: State): void {
  state.directoryRead = true;
  state.directoryLevel = true;
  const { services } = state.node;
  // What a process that ended in between had read and not yet acted on.
  judgeQuarantinedAgain(services).catch((error: unknown) =>
    services.report({ code: 'NOT_JUDGED_AGAIN', details: { error } }),
  );
}

interface State {
  readonly config: NamedConfig;
  readonly node: OpenNode;
  readonly readModels: ReadModels;
  readonly metrics: GatewayMetrics;
  readonly tracing: Tracing | undefined;
  readonly mailbox: KafkaMailboxStrategy | undefined;
  readonly watch: MailboxWatch;
  readonly housekeeping: Housekeeping;
  readonly openings: OpeningsRegister;
  readonly recovery: RecoveryDesk;
  directoryRead: boolean;
  directoryLevel: boolean;
  roles?: RoleLoops;
  /** Asked to stop: whoever looks at `/ready` turns elsewhere. */
  leaving?: boolean;
}

const tokensOf = async ({ jwtIssuer: issuer, jwtAudience: audience, jwtJwks }: GatewayConfig): Promise<Tokens> =>
  new Tokens({ issuer, audience, keys: await readTokenKeys(jwtJwks) });

async function openApp(state: State): Promise<NestExpressApplication> {
  const { config, node, readModels, metrics, mailbox, tracing, watch } = state;
  const sampler = samplerOf(state);
  const tokens = await tokensOf(config);
  const http = HttpModule.forNode({
    services: node.services,
    tokens,
    trouble: node.trouble,
    readModels: readModels.dossiers,
    openings: state.openings,
    metrics: {
      contentType: metrics.contentType,
      text: () => sampler.text(),
      observe: ({ method, route, status, seconds }) =>
        metrics.observe('http_request_duration_seconds', { method, route, status: String(status) }, seconds),
    },
    tracing,
    softwareVersion: SOFTWARE_VERSION,
    instance: config.instanceId,
    readiness: () => readinessOf(state),
    ...offeredAtTheDoor(config, node, state),
  });
  const ingest = { services: node.services, tracing, watch };
  const module: DynamicModule = {
    module: GatewayModule,
    imports: [http],
    controllers: mailbox ? [MailboxController] : [],
    providers: [{ provide: INGEST, useValue: ingest }],
  };
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  // A connection kept open would be cut off in the midst of its next request.
  app.use((_: unknown, response: ServerResponse, next: () => void) => {
    if (state.leaving) response.setHeader('Connection', 'close');
    next();
  });
  if (mailbox) {
    app.connectMicroservice({ strategy: mailbox });
    await app.startAllMicroservices();
  }
  return app;
}

function readinessOf(now: State): { ready: boolean; waitsFor: readonly string[] } {
  const { state } = now.node.services.life;
  const waitsFor = [
    ...(state === 'alive' ? [] : [state === 'unproved' ? 'proof-of-life' : 'recovery']),
    ...(now.directoryRead ? [] : ['directory']),
    ...(now.roles ? [] : ['roles']),
    ...(now.node.disk.isFull ? ['room-on-disk'] : []),
    ...(now.leaving ? ['stopping'] : []),
  ];
  return { ready: waitsFor.length === 0, waitsFor };
}

const samplerOf = (state: State): NodeSampler =>
  new NodeSampler(
    {
      store: state.node.services.store,
      tallies: state.housekeeping,
      lists: state.readModels.dossiers,
      openings: state.openings,
      ready: () => readinessOf(state).ready,
      signs: () => state.node.services.life.signs,
      vaultBackupAt: () => {
        const at = findVaultBackup(state.config.keysDir);
        return at && instantToMs(at);
      },
      loops: () => state.roles?.loops.map((loop) => loop.health()) ?? [],
      now: Date.now,
    },
    state.metrics,
  );

interface Running {
  readonly app: INestApplication;
  readonly roles: RoleLoops;
  readonly folding: Folding;
  readonly directory: DirectoryReader;
  readonly proof: Proof;
  readonly state: State;
  readonly report: State['node']['services']['report'];
}

/** Intake first, then the work in hand, the last checkpoint, the databases last. */
function stopAll({ app, roles, folding, directory, proof, state, report }: Running): Promise<readonly string[]> {
  return stopInOrder(
    [
      { 'requests-and-mailbox': () => app.close() },
      { directory: () => directory.stop(), 'proof-of-life': () => proof.stop() },
      Object.fromEntries(roles.loops.map((loop) => [loop.name, () => loop.stop()])),
      { checkpoint: () => roles.signLast() },
      { mark: () => lastMark(state.node) },
      { projections: () => folding.stop() },
      { 'read-models': () => state.readModels.close() },
      { housekeeping: () => state.housekeeping.close() },
      { databases: () => state.node.close() },
      { spans: () => state.tracing?.close() ?? Promise.resolve() },
    ],
    {
      withinMs: state.config.stopWithinMs,
      failed: (what, error) => report({ code: 'STOP_FAILED', details: { what, error } }),
    },
  );
}

/** Over what was appended until now, so that the next start finds the mark where the log ends. */
async function lastMark({ services }: OpenNode): Promise<void> {
  if (services.life.signs) await services.life.look(services.store);
}
