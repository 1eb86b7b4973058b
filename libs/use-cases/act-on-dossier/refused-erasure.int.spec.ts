/** A refused erasure is a record of the node that was asked (domain reference 9); a warning is the caller's, at every node. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ROLES } from '#libs/dossier';
import type { AgencyCode, Instant, SealedMessage, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { act, actFor, acts, laterThan, namesAt, newDossier, nodeAt, outcomeOf } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { operationSubject } from '../record-operation/record-operation.ts';
import { readDossier } from '../read-dossier/read-dossier.ts';
import { openStored } from '../stored-messages.ts';
import { actOnDossier } from './act-on-dossier.ts';
import { warningsOf } from './answer.ts';

jest.setTimeout(60_000);

const COMMUNE = 'H26.129.05' as AgencyCode;
const DISTRICT = 'H26.129' as AgencyCode;
let world: TestWorld;
let commune: TestNode;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM });
  commune = nodeAt(world, COMMUNE);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  subject = newDossier();
});

async function recordsAbout(about: Subject, agency = COMMUNE): Promise<readonly SealedMessage[]> {
  const { services } = nodeAt(world, agency);
  const stream = operationSubject(services.node, agency, world.clock.now());
  const events = (await services.store.readStream(stream, 'main')).map(openStored);
  return events.filter(({ message }) => message.data['stream'] === about);
}
const erase = (more = {}) => act(world, 'erase-personal-data', subject, { data: { reason: 'subject-request' }, more });

describe('an erasure that is refused', () => {
  it('on a live dossier: request, refusal and their times are in the ledger, and nothing personal', async () => {
    await acts(world, subject, ['file-dossier']);
    const requestedAt = world.clock.now();
    world.clock.advance(3_600_000);
    expect(await erase({ occurredAt: requestedAt })).toMatchObject({
      kind: 'refused',
      code: 'RETENTION_FORBIDS_ERASURE',
    });
    const [record] = await recordsAbout(subject);
    expect(record?.message).toMatchObject({
      type: 'vn.lienthong.operation.erasure-refused.v1',
      data: {
        stream: subject,
        subjects: ['applicant', 'c1'],
        reason: 'subject-request',
        requestedAt,
        refusedAt: world.clock.now(),
        code: 'RETENTION_FORBIDS_ERASURE',
        ground: 'dossier-open',
      },
    });
    expect(JSON.stringify(record?.message.data)).not.toContain('Trần Văn Bình');
    expect(await namesAt(commune, subject)).toEqual(['received']);
  });

  it('names until when it was to be answered, by the text in force when it was asked', async () => {
    world.clock.advance(20 * 86_400_000);
    await acts(world, subject, ['file-dossier'], ['withdraw']);
    await erase();
    const [record] = await recordsAbout(subject);
    const { requestedAt, answerDueAt, ground, until } = record!.message.data as Record<string, Instant>;
    expect(ground).toBe('retention');
    expect(until! > requestedAt!).toBe(true);
    expect(answerDueAt).toBe(laterThan(requestedAt!, 72 * 3_600_000));
  });

  it('in transit, and asked of an agency that does not hold it any more: a record of that agency', async () => {
    await acts(world, subject, ['file-dossier'], ['forward']);
    expect(await erase()).toMatchObject({ kind: 'refused', code: 'DOSSIER_IN_TRANSIT' });
    await exchangeAll(world.nodes);
    await acts(world, subject, ['accept-custody', { agency: DISTRICT }]);
    await exchangeAll(world.nodes);
    expect(await erase()).toMatchObject({ kind: 'refused', code: 'NOT_CUSTODIAN' });
    const records = await recordsAbout(subject);
    expect(records.map(({ message }) => message.data['code'])).toEqual(['DOSSIER_IN_TRANSIT', 'NOT_CUSTODIAN']);
  });

  it('for the asker’s own fault is none: no role, a date to come', async () => {
    await acts(world, subject, ['file-dossier']);
    const refused = async (more: object): Promise<unknown> => {
      const acted = await actOnDossier(commune.services, actFor('erase-personal-data', subject, { more }));
      return acted.kind === 'refused' ? acted.code : acted.kind;
    };
    expect(await refused({ roles: [] })).toBe('ROLE_NOT_ALLOWED');
    expect(await refused({ occurredAt: laterThan(world.clock.now(), 60_000) })).toBe('TIME_IN_FUTURE');
    expect(await recordsAbout(subject)).toEqual([]);
  });
});

describe('a warning', () => {
  const code = 'H26.129.05-230101-9001';
  const seen = [{ code: 'DOSSIER_CODE_DATE_DIFFERS' }];

  it('is in the answer, in the repeated answer, and in the dossier wherever it is read', async () => {
    const idempotency = { client: 'desk', key: 'k-warned', request: new Uint8Array([1]) };
    const wanted = { data: { dossierCode: code, registerNumber: 7 }, more: { idempotency } };
    const first = await act(world, 'file-dossier', subject, wanted);
    expect(first).toMatchObject({ kind: 'answered', repeated: false, answer: { warnings: seen } });
    const again = await act(world, 'file-dossier', subject, wanted);
    expect(again).toMatchObject({ kind: 'answered', repeated: true, answer: { warnings: seen } });
    expect(await act(world, 'start-processing', subject)).not.toHaveProperty('answer.warnings');
    await exchangeAll(world.nodes);
    const { services } = nodeAt(world, DISTRICT);
    const read = await readDossier(services, subject, { reader: { agencies: [DISTRICT], roles: ROLES }, asOf: {} });
    expect(warningsOf(read.state)).toMatchObject({ warnings: seen });
  });

  it('comes back with the outcome of a command that another node decided', async () => {
    const sent = await act(world, 'file-dossier', subject, {
      agency: 'H26.901',
      data: { dossierCode: 'H26.129.05-230101-9002', registerNumber: 8 },
    });
    await exchangeAll(world.nodes);
    expect(await outcomeOf(world, 'H26.901', sent)).toMatchObject({ status: 'accepted', warnings: seen });
  });
});
