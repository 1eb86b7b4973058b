/** The HTTP door of a test's node, on a port of its own, with read models beside the ledger and tokens to knock with. */
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { openTroubleStore } from '#libs/event-store-postgres';
import { createMetrics, type Tracing } from '#libs/observability';
import { setOpenings } from '../../apps/gateway/watching/sample-node.ts';
import { migrateReadModels, openReadModels, type ReadModels } from '#libs/read-models';
import { OpeningsRegister, RecoveryDesk, StopSwitches } from '#libs/use-cases';
import { Tokens } from '../../apps/gateway/http/caller.ts';
import type { DoorLimits } from '../../apps/gateway/http/admission/door-limits.ts';
import { HttpModule } from '../../apps/gateway/http/http.module.ts';
import type { Readiness } from '../../apps/gateway/http/http-options.ts';
import type { TestNode } from './test-node.ts';
import { createTestIssuer, type TestIssuer, type TokenWanted } from './test-tokens.ts';

export interface TestDoor {
  readonly node: TestNode;
  readonly app: NestExpressApplication;
  readonly issuer: TestIssuer;
  readonly readModels: ReadModels;
  /** What `/ready` says; a test may change it. */
  readonly readiness: { now: Readiness };
  /** Without a token. */
  readonly anonymous: ReturnType<typeof supertest>;
  /** With a token; clerk of H26.129.05 unless wanted otherwise. */
  as(wanted?: TokenWanted): Promise<Knock>;
  /** Folds the read models up to the end of the log. */
  fold(): Promise<void>;
  close(): Promise<void>;
}
export interface Knock {
  get(path: string): supertest.Test;
  /** A body with a fresh idempotency key. */
  post(path: string, body: object): supertest.Test;
  /** Bytes as they are, of a type that may be wrong. */
  postRaw(path: string, body: string | Buffer, type?: string): supertest.Test;
}

export interface DoorWanted {
  readonly tracing?: Tracing;
  /** Absent: everybody is let in. */
  readonly limits?: DoorLimits;
}

export async function openTestDoor(node: TestNode, { tracing, limits }: DoorWanted = {}): Promise<TestDoor> {
  const issuer = await createTestIssuer();
  const { ownerUrl, appUrl, appRole } = node.ledgerDatabase;
  await migrateReadModels({ ownerUrl, appRole });
  const readModels = await openReadModels({
    url: appUrl,
    store: node.services.store,
    contracts: node.services.contracts,
  });
  const store = openTroubleStore({ url: appUrl });
  const metrics = createMetrics({ node: node.node });
  const openings = new OpeningsRegister(node.services);
  const recovery = new RecoveryDesk(node.services);
  const readiness = { now: { ready: true, waitsFor: [] } as Readiness };
  const module = HttpModule.forNode({
    services: node.services,
    tokens: new Tokens({ issuer: issuer.issuer, audience: issuer.audience, keys: { jwks: issuer.jwks } }),
    readModels: readModels.dossiers,
    openings,
    trouble: { store, stops: new StopSwitches(store) },
    metrics: {
      contentType: metrics.contentType,
      text: async () => {
        setOpenings(metrics, await openings.total(), Date.now());
        return metrics.text();
      },
      observe: ({ method, route, status, seconds }) =>
        metrics.observe('http_request_duration_seconds', { method, route, status: String(status) }, seconds),
    },
    tracing,
    ...(limits ? { limits } : {}),
    softwareVersion: 'test',
    instance: 'test-1',
    readiness: () => readiness.now,
    running: () => ['api'],
    recovery: {
      begin: (order) => recovery.begin([], order),
      progress: () => recovery.progress(),
    },
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  await app.listen(0, '127.0.0.1');
  const anonymous = supertest(app.getHttpServer());
  return {
    node,
    app,
    issuer,
    readModels,
    readiness,
    anonymous,
    as: async (wanted) => knockWith(anonymous, await issuer.token(wanted)),
    fold: async () => {
      while ((await readModels.fold.foldNext()) > 0);
    },
    close: async () => {
      await app.close();
      await store.close();
      await readModels.close();
    },
  };
}

function knockWith(anonymous: ReturnType<typeof supertest>, token: string): Knock {
  const authorization = `Bearer ${token}`;
  return {
    get: (path) => anonymous.get(path).set('authorization', authorization),
    post: (path, body) =>
      anonymous.post(path).set('authorization', authorization).set('idempotency-key', randomUUID()).send(body),
    postRaw: (path, body, type = 'application/json') =>
      anonymous
        .post(path)
        .set({ authorization, 'idempotency-key': randomUUID(), 'content-type': type })
        .serialize((text) => text as unknown as string)
        .send(body as string),
  };
}
