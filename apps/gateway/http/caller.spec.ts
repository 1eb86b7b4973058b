import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createTestIssuer } from '../../../libs/testing/test-tokens.ts';
import { Tokens } from './caller.ts';

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('tokens', () => {
  it('say who, for whom, in which roles', async () => {
    const { issuer, audience, jwks, token } = await createTestIssuer();
    const tokens = new Tokens({ issuer, audience, keys: { jwks } });
    const header = `Bearer ${await token({ agencies: ['H26.129.05', 'H26.129.06', 'nowhere'], client: 'one-stop' })}`;
    expect(await tokens.callerOf(header, undefined)).toEqual({
      subject: 'clerk-7',
      client: 'one-stop',
      roles: ['clerk'],
      agencies: ['H26.129.05', 'H26.129.06'],
    });
    expect(await tokens.callerOf(header, 'H26.129.06')).toMatchObject({ agency: 'H26.129.06' });
    await expect(tokens.callerOf(header, 'H26.129.07')).rejects.toMatchObject({
      code: 'AGENCY_NOT_YOURS',
      details: { agency: 'H26.129.07' },
    });
    const planted = tokens.callerOf(header, '999185000001');
    await expect(planted).rejects.toMatchObject({ code: 'AGENCY_NOT_YOURS', details: {} });
    await expect(planted).rejects.not.toHaveProperty('details.agency');
    await expect(tokens.callerOf(`Bearer ${await token({ client: 'Hòa' })}`, undefined)).rejects.toEqual(
      code('TOKEN_INVALID'),
    );
    const alone = await tokens.callerOf(`bearer ${await token()}`, undefined);
    expect(alone).toMatchObject({ agency: 'H26.129.05', client: 'clerk-7' });
  });

  it('are not called bad when the issuer’s keys cannot be had', async () => {
    const { issuer, audience, jwks, token } = await createTestIssuer();
    let isAway = true;
    const server = createServer((_, response) => {
      response.writeHead(isAway ? 503 : 200, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const tokens = new Tokens({ issuer, audience, keys: { url: `http://127.0.0.1:${port}/jwks.json` } });
    const header = `Bearer ${await token()}`;
    await expect(tokens.callerOf(header, undefined)).rejects.toEqual(code('UNAVAILABLE'));
    isAway = false;
    expect(await tokens.callerOf(header, undefined)).toMatchObject({ subject: 'clerk-7' });
    await new Promise((resolve) => server.close(resolve));
  });
});
