/** Too much at the door: refused before anything is done, in turns between agencies; nothing that was let in is lost. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { Response } from 'supertest';
import type { Subject } from '#libs/kernel';
import { eventually } from '../../../libs/testing/eventually.ts';
import { actFor } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { GIALAM, openTestWorld, type TestWorld } from '../../../libs/testing/test-node.ts';

const [FLOOD, QUIET] = ['H26.129.05', 'H26.129.06'];
const LIMITS = {
  turns: { inside: 12, working: 2, aside: 1 },
  client: { perSecond: 0.001, burstSeconds: 25_000 },
  agency: { perSecond: 0.001, burstSeconds: 40_000 },
};
const filing = (receivingAgency: string) => ({
  id: randomUUID(),
  receivingAgency,
  data: actFor('file-dossier', 'dossier/x' as Subject).data,
});

describe('overload at the door', () => {
  jest.setTimeout(60_000);
  let world: TestWorld;
  let door: TestDoor;
  let locker: pg.Client;
  beforeAll(async () => {
    world = await openTestWorld({ nodes: GIALAM });
    door = await openTestDoor(world.nodeOf('gialam-communes'), { limits: LIMITS });
    locker = new pg.Client(door.node.ledgerDatabase.ownerUrl);
    await locker.connect();
  });
  afterAll(async () => {
    await locker.end();
    await door.close();
    await world.close();
  });

  const clerkOf = (agency: string, sub: string): Promise<Knock> => door.as({ agencies: [agency], sub });
  const statusesOf = (answers: readonly Response[], status: number): readonly Response[] =>
    answers.filter((answer) => answer.status === status);
  /** While `work` runs, nothing can be appended. */
  async function whileLedgerIsHeld(work: (letGo: () => Promise<void>) => Promise<void>): Promise<void> {
    await locker.query('begin');
    await locker.query('select from lt.ledger_head for update');
    try {
      await work(async () => void (await locker.query('commit')));
    } finally {
      await locker.query('rollback');
    }
  }

  it('full: 503 with Retry-After before the body is looked at; others still come in; the node is watched all the while', async () => {
    const [flood, quiet] = [await clerkOf(FLOOD, 'flood-1'), await clerkOf(QUIET, 'quiet-1')];
    const operator = await door.as({ agencies: [FLOOD], roles: ['operator'], sub: 'operator-1' });
    const before = (await door.node.services.store.logSize()).size;
    await whileLedgerIsHeld(async (letGo) => {
      const bodies = Array.from({ length: 20 }, () => filing(FLOOD));
      let refused = 0;
      const sent = bodies.map(async (body) => {
        const answer = await flood.post('/v1/dossiers', body);
        if (answer.status === 503) refused += 1;
        return answer;
      });
      // Of twelve places the flood gets half.
      await eventually(() => refused === 14);
      const refusal = await flood.postRaw('/v1/dossiers', 'no JSON at all').expect(503);
      expect(refusal.body).toMatchObject({ code: 'OVERLOADED', type: 'urn:lienthong:problem:overloaded' });
      expect(Number(refusal.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      const others = [quiet.post('/v1/dossiers', filing(QUIET)), quiet.post('/v1/dossiers', filing(QUIET))];
      const othersSent = others.map(async (one) => (await one).status);
      await door.anonymous.get('/health').expect(200);
      await door.anonymous.get('/ready').expect(200);
      await door.anonymous.get('/metrics').expect(200);
      await operator.get('/v1/status').expect(200);
      await letGo();
      const answers = await Promise.all(sent);
      expect(await Promise.all(othersSent)).toEqual([201, 201]);
      expect(statusesOf(answers, 201)).toHaveLength(6);
      expect(statusesOf(answers, 503)).toHaveLength(14);
      for (const { body } of statusesOf(answers, 201))
        expect(await door.node.services.store.findHead(body.subject as Subject)).toMatchObject({ revision: 1 });
    });
    // Nothing was done for those refused: nothing but the eight filings stands in the log.
    expect((await door.node.services.store.logSize()).size - before).toBe(8);
    await flood.post('/v1/dossiers', filing(FLOOD)).expect(201);
  });

  it('too often: 429 with Retry-After and what is left, of one client, then of its agency; nobody else feels it', async () => {
    const agency = 'H26.129.07';
    const [one, two, other] = [
      await clerkOf(agency, 'one'),
      await clerkOf(agency, 'two'),
      await clerkOf(QUIET, 'three'),
    ];
    const ask = (clerk: Knock) => clerk.get('/v1/dossiers');
    const first = await ask(one);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"client";q=25;w=25000, "agency";q=40;w=40000',
      ratelimit: '"client";r=24;t=1000, "agency";r=39;t=1000',
    });
    const askedTwice = async (clerk: Knock, times: number): Promise<readonly number[]> => {
      const statuses: number[] = [];
      for (let n = 0; n < times; n += 1) statuses.push((await ask(clerk)).status);
      return statuses;
    };
    expect(await askedTwice(one, 24)).not.toContain(429);
    const refused = await ask(one);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(refused.headers['retry-after']).toBe(String(refused.body.retryAfterSeconds));
    expect(refused.headers['ratelimit']).toMatch(/^"client";r=0;t=\d+, "agency";r=15;t=\d+$/);
    // The agency has fifteen left.
    expect((await askedTwice(two, 16)).filter((status) => status === 429)).toHaveLength(1);
    expect((await ask(two)).status).toBe(429);
    expect((await ask(other)).status).not.toBe(429);
    // Its operators have what is theirs.
    const operator = await door.as({ agencies: [agency], roles: ['operator'], sub: 'operator-2' });
    await operator.get('/v1/status').expect(200);
  });
});
