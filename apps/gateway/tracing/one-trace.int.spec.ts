/**
 * The way of a dossier over three nodes is one trace (ADR 0019): request, decision, append, relay, mailbox, automation, a
 * command to another node and its outcome back; and nothing in it is personal (G10).
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DossierCommandName } from '#libs/dossier';
import type { Subject } from '#libs/kernel';
import { openTracing, spanIdOf, traceIdOf, type Tracing } from '#libs/observability';
import { ingestBatch } from '#libs/use-cases';
import { exchangeAll } from '../../../libs/testing/exchange-all.ts';
import { ADAPTERS_AWAY } from '../../../libs/testing/gia-lam.ts';
import { openOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../../../libs/testing/otlp-receiver.ts';
import { actFor } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestWorld, type TestNode, type TestWorld } from '../../../libs/testing/test-node.ts';
import { Needles } from '../../../test/support/privacy/needles.ts';
import { filing as planted, ERASED, KEPT } from '../../../test/support/privacy/planted.ts';
import { duringBatch } from './traced-batch.ts';
import { tracedPorts } from './traced-services.ts';

const COMMUNE = 'H26.129.05';
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

describe('the way of a dossier over three nodes', () => {
  jest.setTimeout(60_000);
  let receiver: OtlpReceiver;
  let world: TestWorld;
  let nodes: readonly TestNode[];
  let tracings: readonly Tracing[];
  let door: TestDoor;
  let clerk: Knock;
  const id = randomUUID();
  const subject = `dossier/${COMMUNE}/${id}` as Subject;
  const traceId = traceIdOf(subject) ?? '';
  let spans: readonly ReceivedSpan[] = [];

  const dataOf = (command: DossierCommandName, more: object = {}) =>
    actFor(command, subject, { data: { ...more } }).data;
  const named = (node: string, name: string): readonly ReceivedSpan[] =>
    spans.filter((span) => span.attributes['lienthong.node'] === node && span.name === name);
  const one = (node: string, name: string): ReceivedSpan => {
    const found = named(node, name)[0];
    if (!found) throw new Error(`${node} told no ${name}: ${spans.map((span) => span.name).join(', ')}`);
    return found;
  };
  /** From a span up to the first of all, which nobody told a parent of. */
  const ancestry = (span: ReceivedSpan): readonly string[] => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
    return [`${span.attributes['lienthong.node']}: ${span.name}`, ...(parent ? ancestry(parent) : [])];
  };

  beforeAll(async () => {
    receiver = await openOtlpReceiver();
    world = await openTestWorld(ADAPTERS_AWAY);
    const traced = await Promise.all(world.nodes.map((node) => tracedNode(node, receiver.endpoint)));
    nodes = traced.map(({ node }) => node);
    tracings = traced.map(({ tracing }) => tracing);
    const [commune] = traced as [(typeof traced)[number]];
    door = await openTestDoor(commune.node, { tracing: commune.tracing });
    clerk = await door.as({ roles: ['clerk', 'officer', 'head'] });
    await work();
    await Promise.all(tracings.map((tracing) => tracing.close()));
    spans = receiver.spans();
  }, 60_000);
  afterAll(async () => {
    await door.close();
    await Promise.all([world.close(), receiver.close()]);
  });

  async function work(): Promise<void> {
    const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
    const body = { id, receivingAgency: COMMUNE, data: dataOf('file-dossier', planted) };
    await clerk.post('/v1/dossiers', body).set('traceparent', traceparent).expect(201);
    const forged = { traceparent };
    world.broker.disturb((records) =>
      records.map((record) => ({ ...record, headers: { ...record.headers, ...forged } })),
    );
    await exchangeAll(nodes);
    world.broker.disturb();
    await clerk.post(`/v1/dossiers/${COMMUNE}/${id}/forward`, { data: dataOf('forward') }).expect(200);
    await exchangeAll(nodes);
    world.clock.advance(60_000);
    await clerk.post(`/v1/dossiers/${COMMUNE}/${id}/withdraw`, { data: dataOf('withdraw') }).expect(202);
    await exchangeAll(nodes);
    await door.anonymous.get(`/v1/dossiers/${COMMUNE}/${id}`).expect(401);
    await clerk.get('/v1/dossiers').set('traceparent', traceparent).expect(200);
  }

  it('is one trace, named by the dossier, told by all three', () => {
    const told = new Set(
      spans.filter((span) => span.traceId === traceId).map((span) => span.attributes['lienthong.node']),
    );
    expect([...told].sort()).toEqual(['gialam-communes', 'gialam-district', 'hanoi-city']);
  });

  it('begins with the request, which is linked to the trace of who asked', () => {
    const append = one('gialam-communes', 'append dossier.received');
    expect(ancestry(append)).toEqual([
      'gialam-communes: append dossier.received',
      'gialam-communes: decide command.file-dossier',
      'gialam-communes: POST /v1/dossiers',
    ]);
    expect(one('gialam-communes', 'POST /v1/dossiers').links).toMatchObject([CALLER]);
  });

  it('goes on from desk to desk by the header alone', () => {
    expect(ancestry(one('gialam-district', 'append dossier.custody-accepted'))).toEqual([
      'gialam-district: append dossier.custody-accepted',
      'gialam-district: receive dossier.forwarded',
      'gialam-communes: send event',
      'gialam-communes: append dossier.forwarded',
      'gialam-communes: decide command.forward',
      expect.stringMatching(/^gialam-communes: POST \/v1\/dossiers\/:agency\/:id\/:command$/),
    ]);
  });

  it('comes back with the outcome of a command that was decided elsewhere', () => {
    expect(ancestry(one('gialam-communes', 'receive outcome.accepted'))).toEqual([
      'gialam-communes: receive outcome.accepted',
      'gialam-district: send outcome',
      'gialam-district: append outcome.accepted',
      'gialam-district: receive command.withdraw',
      'gialam-communes: send command',
      'gialam-communes: append command.withdraw',
      'gialam-communes: decide command.withdraw',
      expect.stringMatching(/^gialam-communes: POST/),
    ]);
  });

  it('has one place for each message at each node, whoever tells it', () => {
    const ids = spans.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
    const forwarded = one('hanoi-city', 'receive dossier.forwarded');
    expect(forwarded.spanId).toBe(spanIdOf('hanoi-city', forwarded.attributes['lienthong.hash'] ?? ''));
  });

  it('is joined by nobody who was turned away, and what is about no dossier stays with who asked', () => {
    const turnedAway = spans.filter((span) => span.attributes['http.response.status_code'] === '401');
    expect(turnedAway).toHaveLength(1);
    expect(turnedAway[0]?.traceId).not.toBe(traceId);
    expect(one('gialam-communes', 'GET /v1/dossiers')).toMatchObject({
      traceId: CALLER.traceId,
      parentSpanId: CALLER.spanId,
    });
  });

  it('is followed, not led, by headers: one that names another trace is nobody’s parent', () => {
    for (const node of ['gialam-district', 'hanoi-city'])
      expect(one(node, 'receive dossier.received')).toMatchObject({ traceId, parentSpanId: '' });
    expect(spans.filter((span) => span.traceId === CALLER.traceId).map(({ name }) => name)).toEqual([
      'GET /v1/dossiers',
    ]);
  });

  it('tells nothing personal', () => {
    const bytes = receiver.bytes();
    const needles = new Needles([...Object.values(ERASED), ...Object.values(KEPT)], [planted, planted.applicant]);
    expect(needles.findIn(bytes)).toEqual([]);
    expect(bytes.toString()).not.toMatch(/officer|Bearer|authid|idempotency/i);
    expect(bytes.toString()).toContain(id);
  });
});

async function tracedNode(node: TestNode, endpoint: string): Promise<{ node: TestNode; tracing: Tracing }> {
  const tracing = await openTracing({
    endpoint,
    serviceName: 'lienthong-gateway',
    softwareVersion: '0.1.0',
    node: node.node,
    instance: `${node.node}-1`,
    share: 1,
  });
  const ingest: typeof ingestBatch = (services, batch) =>
    duringBatch(tracing, batch, () => ingestBatch(services, batch));
  return { tracing, node: { ...node, services: tracedPorts(node.services, tracing), ingest } };
}
