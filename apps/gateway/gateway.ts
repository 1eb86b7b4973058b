/**
 * One process of a node, from start to stop. States: *opening* (databases, keys, reference data, directory), *running*
 * (every role of this process), *leaving* (`STOP_NOTICE_MS`: not ready any more, and serving all the same), *stopping*
 * (intake ends, work in hand is finished, a last checkpoint, databases last).
 * Ready means that every role runs and the directory has been read. A broker that is away delays none of this but the
 * mailbox: the node receives and settles dossiers, and its outbox drains later. Stopping takes `STOP_WITHIN_MS` at most;
 * a second signal ends at once.
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { GatewayConfig } from '#libs/config';
import { groupPrefix, readDirectoryToEnd, type DirectoryReader } from '#libs/messaging-kafka';
import { createMetrics, type GatewayMetrics, type Logger } from '#libs/observability';
import { migrateReadModels, openReadModels, type ReadModels } from '#libs/read-models';
import { judgeQuarantinedAgain, LineDesk, OpeningsRegister } from '#libs/use-cases';
import { HttpModule } from './http/http.module.ts';
import { Tokens } from './http/caller.ts';
import { startRoles, type RoleLoops } from './roles/roles.ts';
import { stopInOrder } from './stop-in-order.ts';
import { INGEST, MailboxController } from './transport/mailbox.controller.ts';
import type { KafkaMailboxStrategy } from './transport/mailbox.strategy.ts';
import { mailboxOfNode } from './transport/mailbox-of-node.ts';
import { reportTo } from './wiring/log-report.ts';
import { openNode, SOFTWARE_VERSION, type OpenNode } from './wiring/open-node.ts';
import { readTokenKeys } from './wiring/token-keys.ts';
import { listen } from './wiring/listen.ts';
import { untilThere } from './wiring/until-there.ts';

@Module({})
class GatewayModule {}

export interface RunningGateway {
  readonly port: number;
  /** Names of what was not finished in time. */
  stop(): Promise<readonly string[]>;
}

export async function openGateway(config: GatewayConfig, logger: Logger): Promise<RunningGateway> {
  const report = reportTo(logger);
  const node = await openNode(config, report);
  const readModels = await openLists(config, node, report);
  const metrics = createMetrics({ node: config.nodeId, now: Date.now, ofProcess: true });
  const directory = followDirectory(config, node);
  const lines = new LineDesk(node.services);
  const mailbox = config.roles.includes('ingest') ? mailboxOfNode(node, lines) : undefined;
  const state: State = {
    config,
    node,
    readModels,
    metrics,
    directoryRead: node.services.directory().agencies.size > 0,
    mailbox,
  };
  void directory.level.then(() => {
    state.directoryRead = true;
    // What a process that ended in between had read and not yet acted on.
    judgeQuarantinedAgain(node.services).catch((error: unknown) =>
      report({ code: 'NOT_JUDGED_AGAIN', details: { error } }),
    );
  });
  const app = await openApp(state);
  const roles = startRoles({
    services: node.services,
    config,
    owner: node.owner,
    deadlines: readModels.dossiers,
    directory: node.directory,
    lines,
  });
  state.roles = roles;
  const folding = startFolding(config, readModels, report);
  await listen(app, config);
  const address = app.getHttpServer().address() as { port: number };
  const stop = async (): Promise<readonly string[]> => {
    state.leaving = true;
    await pause(config.stopNoticeMs);
    return stopAll({ app, roles, folding, directory, state, report });
  };
  return { port: address.port, stop };
}

interface State {
  readonly config: GatewayConfig;
  readonly node: OpenNode;
  readonly readModels: ReadModels;
  readonly metrics: GatewayMetrics;
  readonly mailbox: KafkaMailboxStrategy | undefined;
  directoryRead: boolean;
  roles?: RoleLoops;
  /** Asked to stop: whoever looks at `/ready` turns elsewhere. */
  leaving?: boolean;
}

async function openLists(
  config: GatewayConfig,
  { services }: OpenNode,
  report: State['node']['services']['report'],
): Promise<ReadModels> {
  const ownerUrl = config.databaseOwnerUrl;
  if (ownerUrl !== undefined) {
    const appRole = decodeURIComponent(new URL(config.databaseUrl).username);
    await untilThere('ledger database', report, () => migrateReadModels({ ownerUrl, appRole }));
  }
  return openReadModels({
    url: config.databaseUrl,
    store: services.store,
    contracts: services.contracts,
    onError: (error) => report({ code: 'FOLD_FAILED', details: { error } }),
  });
}

function followDirectory(config: GatewayConfig, { services, directory, connection }: OpenNode): DirectoryReader {
  return readDirectoryToEnd({
    connection,
    groupPrefix: groupPrefix(config.nodeId),
    handle: async (batch) => {
      if ((await directory.take(services, batch.records)) > 0) await judgeQuarantinedAgain(services);
    },
    onTrouble: () => undefined,
  });
}

async function openApp(state: State): Promise<NestExpressApplication> {
  const { config, node, readModels, metrics, mailbox } = state;
  const tokens = new Tokens({
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    keys: await readTokenKeys(config.jwtJwks),
  });
  const http = HttpModule.forNode({
    services: node.services,
    tokens,
    readModels: readModels.dossiers,
    openings: new OpeningsRegister(node.services),
    metrics: {
      contentType: metrics.contentType,
      text: () => metrics.text(),
      observe: (seen) => metrics.httpAnswered(seen),
      openingsAwaited: (awaited) => metrics.openingsAwaited(awaited),
    },
    softwareVersion: SOFTWARE_VERSION,
    instance: config.instanceId ?? randomUUID(),
    readiness: () => readinessOf(state),
    running: () => [...config.roles],
  });
  const ingest = {
    services: node.services,
    judged: (verdict: string, count: number) => metrics.judged(verdict, count),
  };
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

function readinessOf({ directoryRead, roles, leaving }: State): { ready: boolean; waitsFor: readonly string[] } {
  const waitsFor = [
    ...(directoryRead ? [] : ['directory']),
    ...(roles ? [] : ['roles']),
    ...(leaving ? ['stopping'] : []),
  ];
  return { ready: waitsFor.length === 0, waitsFor };
}

interface Folding {
  stop(): Promise<void>;
}
/** Read models are folded in the role `projections`; another process of the node may do it. */
function startFolding(
  config: GatewayConfig,
  readModels: ReadModels,
  report: State['node']['services']['report'],
): Folding {
  if (!config.roles.includes('projections')) return { stop: () => Promise.resolve() };
  const ending = new AbortController();
  const running = readModels.follow(ending.signal).catch((error: unknown) => {
    report({ code: 'FOLD_STOPPED', details: { error } });
  });
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

interface Running {
  readonly app: INestApplication;
  readonly roles: RoleLoops;
  readonly folding: Folding;
  readonly directory: DirectoryReader;
  readonly state: State;
  readonly report: State['node']['services']['report'];
}

/** Intake first, then the work in hand, the last checkpoint, the databases last. */
function stopAll({ app, roles, folding, directory, state, report }: Running): Promise<readonly string[]> {
  return stopInOrder(
    [
      { 'requests-and-mailbox': () => app.close() },
      { directory: () => directory.stop() },
      Object.fromEntries(roles.loops.map((loop) => [loop.name, () => loop.stop()])),
      { checkpoint: () => roles.signLast() },
      { projections: () => folding.stop() },
      { 'read-models': () => state.readModels.close() },
      { databases: () => state.node.close() },
    ],
    {
      withinMs: state.config.stopWithinMs,
      failed: (what, error) => report({ code: 'STOP_FAILED', details: { what, error } }),
    },
  );
}
