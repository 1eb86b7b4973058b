import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findEntitlementFault } from './entitlement.ts';
import { directoryOf, eventSketcher, GIA_LAM } from './judge.builders.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const event = eventSketcher(sha256);
const second = { code: 'H26.903', level: 'service', parent: 'H26', services: ['national-portal-adapter'] };

describe('two agencies named as the adapter of one city', () => {
  it('may both begin portal streams, in whatever order the directory was read; nobody else may', () => {
    const subject = 'portal/H26.129.05/01890b2c-6a3b-7c11-8f3e-0242ac120099';
    for (const agencies of [
      [...GIA_LAM, second],
      [second, ...GIA_LAM],
    ]) {
      const directory = directoryOf(agencies, sha256);
      const fault = (by: string) =>
        findEntitlementFault(event({ by, name: 'synchronised', at: '14T00:00', subject }), undefined, directory);
      expect([fault('H26.901'), fault('H26.903'), fault('H26.902')]).toEqual([undefined, undefined, 'NOT_ENTITLED']);
    }
  });
});
