/** G8 in its first form: whoever can write to the database, and holds the node's keys, is found out all the same. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { SealedMessage, Subject } from '#libs/kernel';
import { exchangeAll } from '../../testing/exchange-all.ts';
import { forge } from '../../testing/forged-messages.ts';
import { act, acts, laterThan, newDossier, nodeAt } from '../../testing/test-acts.ts';
import { GIALAM, openTestWorld, type TestNode, type TestWorld } from '../../testing/test-node.ts';
import { openStored } from '../stored-messages.ts';
import { CheckpointSigner } from '../sign-checkpoints/sign-checkpoints.ts';
import type { Verification } from './verification.ts';
import { verifyLedger } from './verify-ledger.ts';

jest.setTimeout(60_000);

let world: TestWorld;
let commune: TestNode;
let admin: pg.Client;
let subject: Subject;
beforeAll(async () => {
  world = await openTestWorld({ nodes: GIALAM.map((one) => ({ ...one, autoAccept: 'all' as const })) });
  commune = nodeAt(world, 'H26.129.05');
  admin = new pg.Client({ connectionString: commune.ledgerDatabase.adminUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world.close();
});

const verify = (node: TestNode, more: object = {}): Promise<Verification> =>
  verifyLedger({ ...node.services, trusted: world.registrar.trusted, ...more });
const codes = ({ faults }: Verification): readonly string[] => [...new Set(faults.map(({ code }) => code))].sort();
/** What the saboteur does, looked at, and undone. */
async function afterTampering(statements: readonly string[]): Promise<readonly string[]> {
  await admin.query('begin');
  await admin.query(`create table lt.kept_ledger as table lt.ledger`);
  await admin.query(`create table lt.kept_stream as table lt.stream`);
  await admin.query(`create table lt.kept_checkpoint as table lt.checkpoint`);
  for (const statement of statements) await admin.query(statement);
  await admin.query('commit');
  const found = codes(await verify(commune));
  await admin.query('begin');
  for (const table of ['ledger', 'stream', 'checkpoint']) {
    await admin.query(`delete from lt.${table}`);
    await admin.query(`insert into lt.${table} select * from lt.kept_${table}`);
    await admin.query(`drop table lt.kept_${table}`);
  }
  await admin.query('commit');
  return found;
}
const FIRST = `(select min(log_index) from lt.ledger where class = 'event')`;
const LAST = `(select max(log_index) from lt.ledger)`;

beforeEach(async () => {
  subject = newDossier();
  const leg = { to: 'H26.129', reason: 'route', step: 'appraise', legDueAt: laterThan(world.clock.now(), 86_400_000) };
  await acts(world, subject, ['file-dossier'], ['forward', { data: leg }]);
  await exchangeAll(world.nodes);
  world.clock.advance(60_000);
  await act(world, 'withdraw', subject);
  await exchangeAll(world.nodes);
  for (const { services } of world.nodes) await new CheckpointSigner(services).signOnce();
});

describe('a ledger that nobody touched', () => {
  it('is found whole on every node, with the same histories', async () => {
    const all = await Promise.all(world.nodes.map((node) => verify(node)));
    for (const verification of all) {
      expect(verification.faults).toEqual([]);
      expect(verification.checkpoints).toBeGreaterThan(0);
      expect(verification.events).toBeGreaterThan(3);
      expect(verification.histories.get(subject)).toEqual(all[0]?.histories.get(subject));
    }
  });

  it('is found whole while the node works on', async () => {
    const working = (async () => {
      for (let count = 0; count < 30; count += 1)
        await acts(world, newDossier(), ['file-dossier'], ['start-processing']);
    })();
    expect((await verify(commune)).faults).toEqual([]);
    await working;
    expect((await verify(commune)).faults).toEqual([]);
  });
});

describe('somebody who can write to the database', () => {
  it.each<[what: string, statements: readonly string[], code: string]>([
    [
      'changes a byte of a message',
      [
        `update lt.ledger set bytes = overlay(bytes placing '00566' from position('00565'::bytea in bytes)) where log_index = ${FIRST}`,
      ],
      'SIGNATURE',
    ],
    [
      'puts another message under a hash',
      [
        `update lt.ledger set bytes = (select bytes from lt.ledger where log_index = ${LAST}) where log_index = ${FIRST}`,
      ],
      'HASH_DIFFERS',
    ],
    [
      'deletes the last entries',
      [`delete from lt.ledger where log_index > ${LAST} - 2`],
      'LOG_SHORTER_THAN_CHECKPOINT',
    ],
    [
      'deletes one in the middle and closes the gap',
      [
        `delete from lt.ledger where log_index = ${FIRST}`,
        `update lt.ledger set log_index = -log_index where log_index > ${FIRST} - 1`,
        'update lt.ledger set log_index = -log_index - 1 where log_index < 0',
      ],
      'LOG_REWRITTEN',
    ],
    ['deletes one in the middle', [`delete from lt.ledger where log_index = ${FIRST}`], 'LOG_NOT_DENSE'],
    [
      'changes in whose hand a dossier is',
      [`update lt.stream set hand_kind = 'held', hand_to = 'H26', hand_from = null where hand_kind is not null`],
      'HAND_DIFFERS',
    ],
    [
      'changes the last event of a dossier',
      ['update lt.stream set streamseq = streamseq - 1 where hand_kind is not null'],
      'HEAD_DIFFERS',
    ],
    [
      'calls a dossier forked',
      ['update lt.stream set fork = true, branched = true where hand_kind is not null'],
      'FORK_DIFFERS',
    ],
    [
      'changes what an event did to the main branch',
      [`update lt.ledger set effect = 'aside' where log_index = ${FIRST}`],
      'EFFECT_DIFFERS',
    ],
    [
      'changes a column beside the bytes',
      [`update lt.ledger set to_agency = 'H26' where name = 'forwarded'`],
      'COLUMNS_DIFFER',
    ],
    [
      'changes the note of a checkpoint',
      [`update lt.checkpoint set note = replace(note, E'\\n\\n', E'x\\n\\n')`],
      'NOTE_SIGNATURE_INVALID',
    ],
  ])('%s: is found', async (_, statements, code) => {
    expect(await afterTampering(statements)).toContain(code);
    expect((await verify(commune)).faults).toEqual([]);
  });

  it('and inserts an event with real keys below a checkpoint: is found', async () => {
    const stray = forge(commune, { subject: newDossier(), name: 'received' }).sealed;
    const row = `insert into lt.ledger select ${FIRST} - 1, appended_at, recordedtime, stream, streamseq, arrival_offset,
      arrival_partition, '${stray.message.id}', '\\x${hexOf(stray.hash)}', prevhash, causation_hash, class, name, source, to_agency,
      directory_version, effect, software_version, '\\x${Buffer.from(stray.bytes).toString('hex')}' from lt.ledger where log_index = ${FIRST} + 1`;
    const shift = [
      `update lt.ledger set log_index = -log_index - 1 where log_index >= ${FIRST}`,
      'update lt.ledger set log_index = -log_index where log_index < 0',
    ];
    expect(await afterTampering([...shift, row])).toContain('LOG_REWRITTEN');
  });

  it('and rewrites a tail, signed anew with the real keys, together with heads and a new checkpoint: is found', async () => {
    const lone = newDossier();
    await acts(world, lone, ['file-dossier'], ['start-processing']);
    await new CheckpointSigner(commune.services).signOnce();
    const [first, second] = (await commune.services.store.readStream(lone, 'main')).map(openStored) as [
      SealedMessage,
      SealedMessage,
    ];
    const other = forge(commune, {
      subject: lone,
      name: 'step-completed',
      after: first,
      members: { id: second.message.id, time: second.message.time, recordedtime: second.message.recordedtime },
    }).sealed;
    const rewrite = [
      `update lt.ledger set hash = '\\x${hexOf(other.hash)}', name = 'step-completed', bytes = '\\x${Buffer.from(other.bytes).toString('hex')}'
       where hash = '\\x${hexOf(second.hash)}'`,
      `update lt.stream set hash = '\\x${hexOf(other.hash)}' where subject = '${lone}'`,
    ];
    expect(await afterTampering(rewrite)).toEqual(['LOG_REWRITTEN']);
    const kept = await commune.services.store.findCheckpoint();
    expect(await afterTampering([...rewrite, 'delete from lt.checkpoint'])).toEqual([]);
    for (const statement of ['create table lt.kept as table lt.ledger', ...rewrite, 'delete from lt.checkpoint'])
      await admin.query(statement);
    expect(codes(await verify(commune, { checkpoints: [kept] }))).toEqual(['LOG_REWRITTEN']);
  });
});

const hexOf = (hash: string): string => Buffer.from(hash, 'base64url').toString('hex');
