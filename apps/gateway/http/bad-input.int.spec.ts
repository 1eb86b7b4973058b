/** Everything a caller can get wrong: a stable code, both languages, nothing done, and no personal value said back. */
import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Response } from 'supertest';
import type { DossierCommandName } from '#libs/dossier';
import type { Subject } from '#libs/kernel';
import { actFor } from '../../../libs/testing/test-acts.ts';
import { openTestDoor, type Knock, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestNode, type TestNode } from '../../../libs/testing/test-node.ts';
import { createTestIssuer } from '../../../libs/testing/test-tokens.ts';

const AGENCY = 'H26.129.05';
const dataOf = (command: DossierCommandName, more: Readonly<Record<string, unknown>> = {}) =>
  actFor(command, 'dossier/x' as Subject, { data: more }).data;
const filing = (data: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, unknown>> = {}) => ({
  id: randomUUID(),
  receivingAgency: AGENCY,
  data: dataOf('file-dossier', data),
  ...more,
});

describe('bad input', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let door: TestDoor;
  let clerk: Knock;
  beforeAll(async () => {
    node = await openTestNode();
    door = await openTestDoor(node);
    clerk = await door.as({ roles: ['clerk', 'officer', 'head'] });
  });
  afterAll(async () => {
    await door.close();
    await node.close();
  });

  const logSize = async () => (await node.services.store.logSize()).size;
  async function expectRefused(asked: PromiseLike<Response>, status: number, code: string): Promise<Response> {
    const before = await logSize();
    const answer = await asked;
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: `urn:lienthong:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: answer.body.message.vi,
      status,
      message: { vi: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) },
    });
    expect(answer.body.message.vi).not.toBe(answer.body.message.en);
    expect(`${answer.body.message.vi}${answer.body.message.en}`).not.toMatch(/\{[a-zA-Z]+\}/);
    expect(await logSize()).toBe(before);
    return answer;
  }
  const raw = (body: string | Buffer, type?: string) => clerk.postRaw('/v1/dossiers', body, type);

  describe('in the body', () => {
    it.each([
      ['no JSON', '{"id":'],
      ['no object', '[1,2]'],
      ['a bare word', 'hello'],
      ['nothing', ''],
      ['a byte order mark', '\uFEFF{}'],
    ])('%s', async (_, text) => {
      await expectRefused(raw(text), 400, 'BODY_MALFORMED');
    });

    it('bytes that are no UTF-8', async () => {
      const bytes = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      await expectRefused(raw(bytes), 400, 'BODY_MALFORMED');
    });

    it.each([
      ['text/plain', {}],
      ['application/x-www-form-urlencoded', {}],
      ['application/json; charset=utf-16', {}],
      ['application/json', { 'content-encoding': 'gzip' }],
    ])('of type %s %j', async (type, headers) => {
      await expectRefused(raw('{}', type).set(headers), 415, 'CONTENT_TYPE_UNSUPPORTED');
    });

    it('131,072 bytes are heard, one more is not, nor are ten times as many', async () => {
      const filled = (size: number) => {
        const text = JSON.stringify({ data: {}, note: '' });
        return text.replace('""', `"${'a'.repeat(size - text.length)}"`);
      };
      await expectRefused(raw(filled(131_072)), 400, 'BODY_INVALID');
      await expectRefused(raw(filled(131_073)), 413, 'BODY_TOO_LARGE');
      await expectRefused(raw(filled(900_000)), 413, 'BODY_TOO_LARGE');
    });

    it.each([
      ['NOT_NFC', '/data/applicant/fullName', { applicant: { fullName: 'Nguyễn Thị Hòa'.normalize('NFD') } }],
      ['NUMBER', '/data/place/area', { place: { area: 1.5 } }],
      ['NUMBER', '/data/place/area', { place: { area: 2 ** 53 } }],
      ['NULL', '/data/place/area', { place: { area: null } }],
      ['CONTROL_CHARACTER', '/data/summary', { summary: 'a\u0007b' }],
      ['NOT_CANONICAL', '/data/summary', { summary: '\ud800' }],
      ['NOT_NFC', '/data/summary', { summary: '\u{10ffff}' }],
    ])('%s at %s', async (code, pointer, data) => {
      const answer = await expectRefused(raw(JSON.stringify({ ...filing(), data })), 422, code);
      expect(answer.body.pointer).toBe(pointer);
    });

    it('nesting without end', async () => {
      await expectRefused(raw(`{"data":${'['.repeat(60_000)}${']'.repeat(60_000)}}`), 422, 'DEPTH');
      await expectRefused(raw(`{"data":${'{"a":'.repeat(17)}1${'}'.repeat(17)}}`), 422, 'DEPTH');
    });

    it.each([
      [{ receivingAgency: AGENCY, data: {} }, '/id'],
      [{ id: 'x', receivingAgency: AGENCY, data: {} }, '/id'],
      [{ id: randomUUID(), receivingAgency: AGENCY }, '/data'],
      [{ id: randomUUID(), receivingAgency: AGENCY, data: [] }, '/data'],
      [{ id: randomUUID(), receivingAgency: AGENCY, data: {}, occurredAt: 'yesterday' }, '/occurredAt'],
      [{ id: randomUUID(), receivingAgency: AGENCY, data: {}, event: 1 }, '/event'],
    ])('fields missing, wrong or too many: %j', async (body, pointer) => {
      const { body: problem } = await expectRefused(clerk.post('/v1/dossiers', body), 400, 'BODY_INVALID');
      expect(problem.faults).toContainEqual({ pointer, message: expect.any(String) });
    });

    it('data that do not fit the contract, each fault with its place', async () => {
      const { body } = await expectRefused(
        clerk.post('/v1/dossiers', filing({ channel: 'pigeon', place: undefined })),
        422,
        'INVALID',
      );
      expect(body.faults).toEqual(
        expect.arrayContaining([
          { pointer: '/place', message: 'is missing' },
          { pointer: '/channel', message: expect.stringContaining('must be one of') },
        ]),
      );
    });

    it.each(['__proto__', 'constructor', 'prototype'])(
      'a member called %s, which a careless copy would lose',
      async (name) => {
        const text = JSON.stringify(filing()).replace('"data":{', `"data":{"${name}":{"a":1},`);
        await expectRefused(raw(text), 400, 'BODY_INVALID');
      },
    );
  });

  it('a client that goes away in the middle of its body is no error of ours', async () => {
    const { port } = door.app.getHttpServer().address() as { port: number };
    const head = `POST /v1/dossiers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await door.issuer.token()}\r\n`;
    const socket = connect(port, '127.0.0.1');
    socket.end(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"id":`);
    await new Promise((resolve) => socket.once('close', resolve).resume());
    const metrics = await door.anonymous.get('/metrics').expect(200);
    expect(metrics.text).not.toContain('status="500"');
    expect(node.reports).toEqual([]);
  });

  describe('in what it asks', () => {
    it.each([
      ['a procedure that is not', { procedure: { code: '9.999999', case: 'standard' } }, 'PROCEDURE_UNKNOWN'],
      ['a case that is not', { procedure: { code: '1.001193', case: 'nowhere' } }, 'PROCEDURE_CASE_UNKNOWN'],
      ['a place that is not', { place: { territory: '99999', area: 'tdp-01' } }, 'TERRITORY_UNKNOWN'],
      ['a personal number of no province', { applicant: { fullName: 'A', personalId: '000185000001' } }, 'INVALID'],
      [
        'a personal number of the 26th century',
        { applicant: { fullName: 'A', personalId: '001985000001' } },
        'INVALID',
      ],
      ['a personal number of eleven digits', { applicant: { fullName: 'A', personalId: '99918500000' } }, 'INVALID'],
    ])('%s', async (_, data, code) => {
      await expectRefused(clerk.post('/v1/dossiers', filing(data)), 422, code);
    });

    it('a date in the future, or one that is none', async () => {
      await expectRefused(
        clerk.post('/v1/dossiers', filing({}, { occurredAt: '2023-06-14T02:00:00.001Z' })),
        422,
        'TIME_IN_FUTURE',
      );
      await expectRefused(
        clerk.post('/v1/dossiers', filing({}, { occurredAt: '2023-02-30T02:00:00.000Z' })),
        400,
        'MALFORMED',
      );
      await clerk.post('/v1/dossiers', filing({}, { occurredAt: '2023-06-14T01:59:00.000Z' })).expect(201);
    });

    it('agencies malformed, unknown, not valid at that date', async () => {
      const withdrawing = { data: dataOf('withdraw') };
      await expectRefused(clerk.post('/v1/dossiers', filing({}, { receivingAgency: 'Hà Nội' })), 400, 'MALFORMED');
      await expectRefused(clerk.post(`/v1/dossiers/nowhere/${randomUUID()}/withdraw`, withdrawing), 400, 'MALFORMED');
      await expectRefused(clerk.post(`/v1/dossiers/${AGENCY}/nothing/withdraw`, withdrawing), 400, 'MALFORMED');
      await expectRefused(
        clerk.post(`/v1/dossiers/H99/${randomUUID()}/withdraw`, withdrawing),
        422,
        'AGENCY_NOT_VALID',
      );
      await expectRefused(
        clerk.post('/v1/dossiers', filing({}, { receivingAgency: 'H26.211' })),
        422,
        'AGENCY_NOT_VALID',
      );
      const body = filing();
      await clerk.post('/v1/dossiers', body).expect(201);
      const forward = { data: dataOf('forward', { to: 'H26.211' }) };
      await expectRefused(clerk.post(`/v1/dossiers/${AGENCY}/${body.id}/forward`, forward), 422, 'AGENCY_NOT_VALID');
    });

    it('commands and addresses that are not', async () => {
      await expectRefused(
        clerk.post(`/v1/dossiers/${AGENCY}/${randomUUID()}/explode`, { data: {} }),
        404,
        'COMMAND_UNKNOWN',
      );
      await expectRefused(clerk.get('/v1/nothing'), 404, 'NOT_FOUND');
      await expectRefused(clerk.get(`/v1/dossiers/%E0%A4%A/${randomUUID()}`), 400, 'MALFORMED');
      await expectRefused(clerk.get(`/v1/dossiers/${AGENCY}/${randomUUID()}?version=0`), 400, 'BODY_INVALID');
      await expectRefused(clerk.get('/v1/dossiers?state=Lost'), 400, 'MALFORMED');
      await expectRefused(clerk.get('/v1/dossiers?cursor=abc'), 400, 'CURSOR_INVALID');
      await expectRefused(clerk.get('/v1/commands/short'), 400, 'MALFORMED');
      await expectRefused(clerk.get(`/v1/commands/${'A'.repeat(43)}`), 404, 'COMMAND_NOT_SENT');
    });

    it.each([
      ['IDEMPOTENCY_KEY_MISSING', undefined],
      ['IDEMPOTENCY_KEY_MALFORMED', 'short'],
      ['IDEMPOTENCY_KEY_MALFORMED', 'with a space'],
    ])('%s', async (code, key) => {
      const asked = clerk.post('/v1/dossiers', filing());
      await expectRefused(
        key === undefined ? asked.unset('idempotency-key') : asked.set('idempotency-key', key),
        400,
        code,
      );
    });

    it('CORRELATION_ID_MALFORMED', async () => {
      await expectRefused(
        clerk.post('/v1/dossiers', filing()).set('lt-correlation-id', 'mine'),
        400,
        'CORRELATION_ID_MALFORMED',
      );
    });
  });

  describe('in the token', () => {
    const path = `/v1/dossiers/${AGENCY}/${randomUUID()}`;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = () => ({
      sub: 'x',
      roles: ['clerk'],
      agencies: [AGENCY],
      iss: door.issuer.issuer,
      aud: door.issuer.audience,
      exp: 9_999_999_999,
    });
    const knock = (token: string) => door.anonymous.get(path).set('authorization', `Bearer ${token}`);

    it('none, or none that could be one', async () => {
      const answer = await expectRefused(door.anonymous.get(path), 401, 'TOKEN_MISSING');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      await expectRefused(door.anonymous.get(path).set('authorization', 'Basic eDp5'), 401, 'TOKEN_MISSING');
      await expectRefused(knock('abc'), 401, 'TOKEN_INVALID');
    });

    it.each([
      ['expired', { validForS: -10 }],
      ['of another issuer', { issuer: 'https://elsewhere.test/' }],
      ['for another audience', { audience: 'elsewhere' }],
      ['of a person by name', { sub: 'Nguyễn Thị Hòa' }],
    ])('%s', async (_, wanted) => {
      await expectRefused(knock(await door.issuer.token(wanted)), 401, 'TOKEN_INVALID');
    });

    it('without signature, forged, or signed with the public key as a secret', async () => {
      await expectRefused(knock(`${part({ alg: 'none' })}.${part(claims())}.`), 401, 'TOKEN_INVALID');
      const stranger = await createTestIssuer();
      await expectRefused(knock(await stranger.token()), 401, 'TOKEN_INVALID');
      const [header, , signature] = (await door.issuer.token()).split('.');
      await expectRefused(knock(`${header}.${part(claims())}.${signature}`), 401, 'TOKEN_INVALID');
      const [key] = door.issuer.jwks.keys;
      const input = `${part({ alg: 'HS256', kid: key?.kid })}.${part(claims())}`;
      const mac = createHmac('sha256', Buffer.from(key?.x ?? '', 'base64url'))
        .update(input)
        .digest('base64url');
      await expectRefused(knock(`${input}.${mac}`), 401, 'TOKEN_INVALID');
    });

    it('of no agency, of no role', async () => {
      await expectRefused((await door.as({ agencies: [] })).get(path), 400, 'AGENCY_MISSING');
      await expectRefused((await door.as({ roles: [] })).get(path), 403, 'ROLE_NOT_ALLOWED');
      await expectRefused((await door.as({ roles: ['king'] })).get(path), 403, 'ROLE_NOT_ALLOWED');
      await expectRefused((await door.as()).get('/v1/quarantine'), 403, 'ROLE_NOT_ALLOWED');
    });

    it('is asked for before the body is read', async () => {
      await expectRefused(
        door.anonymous.post('/v1/dossiers').set('content-type', 'text/plain').send('x'),
        401,
        'TOKEN_MISSING',
      );
    });
  });

  it('no value and no name that a caller chose comes back in a problem, an answer or a report', async () => {
    const secret = fc.string({ unit: fc.constantFrom('ễ', 'ọ', 'H', 'a', '7', '9'), minLength: 12, maxLength: 20 });
    const placed = (planted: string): object =>
      fc.sample(
        fc.constantFrom<object>(
          { ...filing(), data: dataOf('file-dossier', { applicant: { fullName: planted, personalId: planted } }) },
          { ...filing(), data: dataOf('file-dossier', { [planted]: planted }) },
          { ...filing(), data: dataOf('file-dossier', { children: { [planted]: { fullName: planted } } }) },
          { ...filing(), data: dataOf('file-dossier', { channel: planted }) },
          { ...filing(), data: dataOf('file-dossier', { components: { [planted]: { form: planted } } }) },
          { ...filing(), data: dataOf('file-dossier', { summary: `${planted}\u0001` }) },
          { ...filing(), data: dataOf('file-dossier', { [planted]: { [planted]: 1.5 } }) },
          { ...filing(), data: planted },
          { ...filing(), id: planted },
          { ...filing(), receivingAgency: planted },
          { ...filing(), occurredAt: planted },
          { ...filing(), [planted]: planted },
          { [planted]: planted },
        ),
        1,
      )[0] as object;
    await fc.assert(
      fc.asyncProperty(secret, async (planted) => {
        const answer = await clerk.post('/v1/dossiers', placed(planted));
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.body.code).not.toBe('INTERNAL');
        expect(`${JSON.stringify(answer.body)}${JSON.stringify(answer.headers)}`).not.toContain(planted);
        expect(JSON.stringify(node.reports)).not.toContain(planted);
      }),
      { numRuns: 60 },
    );
  });

  it('nothing that was asked in this file was an error of ours', () => {
    expect(node.reports).toEqual([]);
  });
});
