/**
 * G10: no personal datum outside the vault. Values are planted in everything that a desk may send and in requests that are
 * turned away; then everything the stack keeps and says is searched for them and for digests of them, and every ciphertext
 * there is tried with every key there is, before an erasure and after it. What is promised of backups and of the broker, and
 * what is not, stands in `docs/personal-data.md`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonValue, NodeId } from '#libs/kernel';
import { eventually } from '../../libs/testing/eventually.ts';
import { openOtlpReceiver, type OtlpReceiver } from '../../libs/testing/otlp-receiver.ts';
import { backupOf, ledgerOf, restoreVault, takeBackups, vaultOf } from '../support/privacy/backups.ts';
import { sendBadRequests } from '../support/privacy/bad-requests.ts';
import * as ciphers from '../support/privacy/ciphers.ts';
import { Needles } from '../support/privacy/needles.ts';
import type { Place } from '../support/privacy/place.ts';
import { placesOf, recordsOf, tablesOf, withDatabase } from '../support/privacy/places.ts';
import { isKeptSecret, secretsOf } from '../support/privacy/secrets.ts';
import { ERASED, filing, KEPT, TURNED_AWAY } from '../support/privacy/planted.ts';
import { erase, workThrough } from '../support/privacy/work.ts';
import { expectWholeAndSame, untilQuiet } from '../support/story-ends.ts';
import { mail, openThief } from '../support/story-hostile.ts';
import { CITY, COMMUNES, DISTRICT, newDossier, openStory, type Story } from '../support/story.ts';

const WANTED = [ERASED, KEPT, TURNED_AWAY].flatMap((values) => Object.values(values));

const heard: Place[] = [];
/** Of what was asked a digest without a secret would tell a guess as well. */
const asked: JsonValue[] = [filing, filing.applicant, filing.applicant.address, filing.children, filing.actor];
/** Keeps what is answered, but for the one answer that is there to show personal values. */
const listening: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const name = `answer to ${init?.method ?? 'GET'} ${input instanceof Request ? input.url : input.toString()}`;
  if (answer.ok && typeof init?.body === 'string') asked.push(JSON.parse(init.body) as JsonValue);
  if (answer.ok && name.endsWith('/reveal')) return answer;
  const headers = [...answer.headers].flat().join('\n');
  heard.push({ name, bytes: Buffer.from(`${headers}\n${await answer.clone().text()}`) });
  return answer;
};

let story: Story;
/** The collector of traces: what it is told is kept outside of the stack, by whoever watches. */
let collector: OtlpReceiver;
beforeAll(async () => {
  collector = await openOtlpReceiver();
  const verbose = { LOG_LEVEL: 'trace', RETENTION_DAYS: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  story = await openStory({ fetch: listening, extra: { [COMMUNES]: verbose, [DISTRICT]: verbose, [CITY]: verbose } });
}, 120_000);
afterAll(async () => {
  await story?.end();
  await collector?.close();
}, 60_000);

/** Of the stack at work, before the erasure. */
let places: readonly Place[] = [];
const subject = newDossier();
const other = newDossier();

const traces = (): Place => ({ name: 'traces', bytes: collector.bytes() });
const search = (needles: Needles, places: readonly Place[]): readonly string[] =>
  places.flatMap(({ name, bytes }) => needles.findIn(bytes).map((what) => `${name}: ${what}`));
const ledgers = (): readonly string[] => story.nodes.map((node) => ledgerOf(story, node));

const tells = (values: Readonly<Record<string, string>>, opened: readonly ciphers.Opened[]): readonly string[] =>
  opened
    .filter(({ value }) => Object.values(values).some((one) => JSON.stringify(value).includes(one)))
    .map(({ where, pointer }) => `${where} ${pointer}`);

/** What the sealed rows of a vault give away: under all keys there are, the wrapped ones of `wrapped` among them. */
async function openVault(
  database: string,
  wrapped: readonly string[] = [database],
): Promise<readonly ciphers.Opened[]> {
  const keys = ciphers.keysOf(story);
  const vaults = await Promise.all(wrapped.map((one) => ciphers.vaultRows(story, one)));
  const { sealed } = await ciphers.vaultRows(story, database);
  return ciphers.openRows(sealed, [...keys.secrets, ...vaults.flatMap((rows) => ciphers.unwrapped(keys, rows))]);
}
const liveVaults = (): readonly string[] => story.nodes.map((node) => vaultOf(story, node));

async function confirmedAt(node: NodeId, event: string): Promise<readonly string[]> {
  const { rows } = await withDatabase(story, vaultOf(story, node), (client) =>
    client.query<{ node: string }>('SELECT node FROM vault.erasure_confirmed WHERE event = $1 ORDER BY node', [
      Buffer.from(event, 'base64url'),
    ]),
  );
  return rows.map((row) => row.node);
}

describe('personal values planted in the work of three nodes and in requests that are turned away', () => {
  it('are worked with, and backups taken', async () => {
    await workThrough(story, subject, other);
    expect(await sendBadRequests(story, listening)).toEqual([]);
    for (const url of story.stack.urls.values())
      for (const path of ['/metrics', '/health', '/ready', '/v1/openapi.json', '/v1/checkpoint'])
        expect((await listening(`${url}${path}`)).status).toBe(200);
    for (const [node, url] of story.stack.urls) {
      const metrics = await (await listening(`${url}/metrics`)).text();
      for (const told of [
        /^lienthong_log_size\{.*\} [1-9]/m,
        /^lienthong_mailbox_reading\{.*\} 1$/m,
        /loop_failing\{follower="relay"/,
      ])
        expect({ node, metrics }).toEqual({ node, metrics: expect.stringMatching(told) });
    }
    for (const node of story.nodes)
      for (const path of ['/v1/quarantine', '/v1/held', '/v1/status', '/v1/deliveries', '/v1/log'])
        await story.operator(node, path);
    await untilQuiet(story, { withinMs: 30_000 });
    await takeBackups(story);
  }, 90_000);

  it('stand nowhere in clear, in any spelling, nor a digest of them', async () => {
    places = await placesOf(story);
    const all = [...places, ...heard, traces()];
    for (const kind of [
      /logs.gialam-communes\.log/,
      /^traces$/,
      /^topic .*mailbox.* value/,
      /_vault vault\.disclosure$/,
      /^backup_/,
    ])
      expect(all.filter(({ name, bytes }) => kind.test(name) && bytes.length > 100)).not.toEqual([]);
    expect(search(new Needles(WANTED, asked), all)).toEqual([]);
  }, 60_000);

  it('nor does a secret of the stack where something is said, sent or recorded', async () => {
    const said = [...places.filter(({ name }) => !isKeptSecret(name)), ...heard, traces()];
    expect(said.filter(({ name }) => /logs.gialam-communes\.log/.test(name))).toHaveLength(1);
    const secrets = secretsOf(story);
    expect(secrets.length).toBeGreaterThan(20);
    expect(search(new Needles(secrets), said)).toEqual([]);
  }, 60_000);

  it('are followed all the same: the dossier is one trace over three nodes, and the log names it', () => {
    const trace = subject.split('/').at(-1)?.replaceAll('-', '') ?? '';
    const told = collector.spans().filter(({ traceId }) => traceId === trace);
    expect(new Set(told.map((span) => span.attributes['lienthong.node'])).size).toBe(3);
    expect(told.map((span) => span.attributes['lienthong.follower'])).toContain('accept-custody');
    // The header has crossed the real broker: what the district received hangs under what the commune sent.
    const forwarded = told.find(
      (span) => span.name === 'receive dossier.forwarded' && span.attributes['lienthong.node'] === DISTRICT,
    );
    const sent = told.find(({ spanId }) => spanId === forwarded?.parentSpanId);
    expect(sent).toMatchObject({ name: 'send event', attributes: { 'lienthong.node': COMMUNES } });
    for (const node of story.nodes) {
      const lines = readFileSync(story.stack.folder.logOf(node), 'utf8').trim().split('\n');
      const fields = lines
        .filter((line) => line.startsWith('{'))
        .map((line): Record<string, unknown> => JSON.parse(line));
      expect(fields.length).toBeGreaterThan(0);
      for (const line of fields)
        expect(line).toMatchObject({ node, instance: expect.any(String), level: expect.any(String) });
    }
  });

  it('come out of the vaults under the keys there are, and of the mail under those of its receivers alone', async () => {
    for (const vault of [vaultOf(story, COMMUNES), vaultOf(story, DISTRICT)]) {
      const opened = await openVault(vault);
      for (const value of [ERASED.number, ERASED.child, ERASED.opinion, KEPT.reception, KEPT.otherName])
        expect(tells({ value }, opened)).not.toEqual([]);
    }
    const atCity = await openVault(vaultOf(story, CITY));
    expect(tells({ name: ERASED.name }, atCity)).not.toEqual([]);
    expect(tells({ ...ERASED, name: '\0', number: '\0', question: '\0', opinion: '\0' }, atCity)).toEqual([]);
    const keys = ciphers.keysOf(story);
    const jwes = ciphers.jwesIn(await recordsOf(story));
    expect(tells(ERASED, await ciphers.openJwes(jwes, keys))).not.toEqual([]);
    expect(await ciphers.openJwes(jwes, { ...keys, encryption: [] })).toEqual([]);
  }, 60_000);

  it('leave no ciphertext in the ledgers, and none in their backups', async () => {
    for (const ledger of ledgers())
      for (const database of [ledger, backupOf(ledger)])
        expect([...ciphers.jwesIn(await tablesOf(story, database)).values()]).toEqual([]);
  }, 60_000);
});

describe('after an erasure, when all nodes have said that it is done', () => {
  it('nothing of the erased comes out of any vault under any key there is, and what is not erased still does', async () => {
    const event = await erase(story, subject);
    const everybody = [COMMUNES, DISTRICT, CITY].toSorted();
    for (const node of story.nodes)
      await eventually(async () => expect(await confirmedAt(node, event)).toEqual(everybody));
    await untilQuiet(story, { withinMs: 30_000 });
    for (const vault of liveVaults()) {
      const opened = await openVault(vault, [...liveVaults(), ...liveVaults().map(backupOf)]);
      expect(tells(ERASED, opened)).toEqual([]);
      if (vault !== vaultOf(story, CITY)) expect(tells({ name: KEPT.otherName }, opened)).not.toEqual([]);
      expect(tells({ name: KEPT.appraiser }, opened)).not.toEqual([]);
    }
    expect(search(new Needles(WANTED, asked), [...(await placesOf(story)), ...heard, traces()])).toEqual([]);
  }, 60_000);

  it('nor of a backup under the data keys of today; under its own, as long as the wrapping key is the same', async () => {
    for (const vault of [COMMUNES, DISTRICT].map((node) => vaultOf(story, node))) {
      expect(tells(ERASED, await openVault(backupOf(vault), liveVaults()))).toEqual([]);
      expect(tells(KEPT, await openVault(backupOf(vault), liveVaults()))).not.toEqual([]);
      expect(tells(ERASED, await openVault(backupOf(vault), [backupOf(vault)]))).not.toEqual([]);
    }
  }, 60_000);

  it('nor of the mail that the broker keeps, once the encryption keys of that time are destroyed', async () => {
    const keys = ciphers.keysOf(story);
    const vaults = await Promise.all(liveVaults().map((vault) => ciphers.vaultRows(story, vault)));
    const secrets = [...keys.secrets, ...vaults.flatMap((rows) => ciphers.unwrapped(keys, rows))];
    const jwes = ciphers.jwesIn(await recordsOf(story));
    expect(tells(ERASED, await ciphers.openJwes(jwes, keys))).not.toEqual([]);
    expect(await ciphers.openJwes(jwes, { encryption: [], secrets })).toEqual([]);
  }, 60_000);

  it('a vault that is put back from before it is brought in line by the start of its node', async () => {
    const vault = vaultOf(story, COMMUNES);
    await story.stack.stopNode(COMMUNES);
    await restoreVault(story, COMMUNES);
    expect(tells(ERASED, await openVault(vault))).not.toEqual([]);
    await story.start(COMMUNES);
    await eventually(async () => expect(tells(ERASED, await openVault(vault))).toEqual([]));
    expect(tells({ name: KEPT.otherName }, await openVault(vault))).not.toEqual([]);
  }, 60_000);

  it('leaves whole ledgers and the same histories', async () => {
    await untilQuiet(story, { withinMs: 30_000 });
    await expectWholeAndSame(story);
  }, 60_000);
});

describe('the search itself', () => {
  const CANARY = 'Chim Hoàng Yến Đồng Bằng 7719';
  const NUMBER = '999177190046';
  const needles = new Needles([CANARY, NUMBER], [{ canary: CANARY }]);
  const digest = (name: string, encoding: string): string =>
    `encode(${name}(convert_to('${CANARY}', 'UTF8')), '${encoding}')`;

  it('finds a value that was put into a table, whatever the column and the spelling', async () => {
    const ledger = ledgerOf(story, COMMUNES);
    const columns: readonly (readonly [string, string])[] = [
      ['text', `'vor ${CANARY} nach'`],
      ['bytea', `convert_to('${CANARY}', 'UTF8')`],
      ['bytea[]', `ARRAY[convert_to('x${CANARY}', 'UTF8')]`],
      ['jsonb', `jsonb_build_object('a', '${CANARY}')`],
      ['text', `encode(convert_to('xy${CANARY}', 'UTF8'), 'base64')`],
      ['text', digest('sha256', 'hex')],
      ['bytea', `sha256(convert_to('${CANARY}', 'UTF8'))`],
      ['bytea', `convert_to(${digest('sha512', 'base64')}, 'UTF8')`],
      ['numeric', NUMBER],
    ];
    for (const [type, value] of columns) {
      await withDatabase(story, ledger, (client) =>
        client.query(`CREATE TABLE planted AS SELECT (${value})::${type} AS x`),
      );
      const found = search(needles, await tablesOf(story, ledger));
      await withDatabase(story, ledger, (client) => client.query('DROP TABLE planted'));
      expect([type, value, found.some((one) => one.startsWith(`${ledger} public.planted: `))]).toEqual([
        type,
        value,
        true,
      ]);
    }
  }, 60_000);

  it('finds one in a log, in a record of a topic, in the file the broker keeps it in, and in what is made of it', async () => {
    appendFileSync(story.stack.folder.logOf(DISTRICT), `{"msg":"${JSON.stringify(CANARY).slice(1, -1)}"}\n`);
    const thief = openThief(story, CITY);
    const value = Buffer.from(JSON.stringify({ sealed: Buffer.from(`x${CANARY}`).toString('base64url') }));
    await mail(thief, DISTRICT, [{ key: randomUUID(), value, headers: { note: NUMBER } }]);
    await thief.close();
    await eventually(async () => expect((await story.status(DISTRICT)).quarantined).toBeGreaterThan(0));
    const found = search(needles, await placesOf(story));
    for (const place of [
      /^logs.gialam-district\.log: .* as text$/,
      /^topic lienthong\.mailbox\.v1\.gialam-district .* value: .* base64url at 1$/,
      /^topic lienthong\.mailbox\.v1\.gialam-district .* headers: /,
      /^kafka.*\.log: .* base64url at 1$/,
      /^gialam_district lt\.quarantine: .* base64url at 1$/,
    ])
      expect(found).toContainEqual(expect.stringMatching(place));
  }, 60_000);

  it.each([
    ['a digest of a whole request', JSON.stringify({ canary: CANARY })],
    ['a digest of a value in quotation marks', JSON.stringify(CANARY)],
  ])('knows %s', (_, text) => {
    const written = createHash('sha256').update(text).digest('base64url');
    expect(needles.findIn(Buffer.from(`fingerprint=${written}`))).not.toEqual([]);
    expect(needles.findIn(Buffer.from(`fingerprint=${written.slice(5)}`))).toEqual([]);
  });
});
