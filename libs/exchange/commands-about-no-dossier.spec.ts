import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Instant, JsonObject } from '#libs/kernel';
import { readEnvelope, routeCommand } from './index.ts';
import { directoryOf, GIA_LAM } from './judge.builders.ts';

const directory = directoryOf(GIA_LAM, (bytes) => createHash('sha256').update(bytes).digest());
const NOW = '2023-06-14T00:00:00.000Z' as Instant;
/** The grammar of a command's subject allows a stream of any kind (wire format 2). */
const SUBJECTS = ['operation/gialam-communes/H26.129/2023-06', 'lookup/population/H26/2023-06', 'weather/rain'];

const command = (subject: string): JsonObject => ({
  specversion: '1.0',
  profile: 'lt1',
  id: '01890b2c-6a3b-7c11-8f3e-0242ac120001',
  source: 'urn:lienthong:agency:H26.130',
  type: 'vn.lienthong.command.withdraw.v1',
  subject,
  time: NOW,
  recordedtime: NOW,
  expirytime: '2023-06-15T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:lienthong:schema:command.withdraw:1.0',
  correlationid: '01890b2c-6a3b-7c11-8f3e-0242ac120002',
  authtype: 'system',
  authid: 'x',
  keyid: 'H26.130#2023-1',
  data: {},
  signature: 'A'.repeat(86),
});

describe('a command about a stream that is no dossier', () => {
  it.each(SUBJECTS)('is let in, so it must be answered: %s', (subject) => {
    const known = new Set(['vn.lienthong.command.withdraw.v1']);
    expect(readEnvelope(command(subject), known).ok).toBe(true);
    expect(routeCommand(directory, subject, undefined, NOW)).toBeUndefined();
  });
});
