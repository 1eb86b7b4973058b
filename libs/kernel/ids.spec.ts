import { describe, expect, it } from '@jest/globals';
import {
  agencyInName,
  isAgencyCode,
  isDossierCode,
  isKeyLabel,
  isNodeId,
  isPersonalId,
  isProcedureCode,
  isTerritoryCode,
  isUuid,
  isUuid7,
  parseAgencyCode,
  parseNodeId,
  splitSource,
} from './ids.ts';

describe('what crosses a border has one grammar (wire format 2, domain reference 3)', () => {
  it.each<[string, (text: string) => boolean, readonly string[], readonly string[]]>([
    [
      'agency code of Quyết định 20/2020',
      isAgencyCode,
      ['H26', 'H26.129', 'H26.129.05', 'G17', 'H26.ABCDEF.1.2.3'],
      ['h26', 'Z26', 'H2', 'H26.', 'H26.1234567', 'H26.1.2.3.4.5', '000.00.19.H26', 'H26.129.05\n', ''],
    ],
    ['node id', isNodeId, ['hanoi-city', 'a', 'n1'], ['-a', 'a-', 'a--b', 'A', 'a'.repeat(49), '']],
    ['key label', isKeyLabel, ['2023-1', 'A'], ['-1', '1-', 'a_b', 'a'.repeat(49)]],
    ['territory', isTerritoryCode, ['01', '018', '00565'], ['1', '0565', '005655', '0056a']],
    [
      'procedure',
      isProcedureCode,
      ['1.001193', '1.010708.000.00.00.H56', '2.000815.000.00.00.H55.02', '1.001193.H26.19'],
      ['1.1193', '1.0011930', '1.001193.', '11.001193'],
    ],
    [
      'dossier code',
      isDossierCode,
      ['H56.14-230614-0001', '000.17.22.H56-230614-0001', 'H26.129.05-230614-10000'],
      ['H56.14-230614-001', 'H56.14-20230614-0001', 'H56.14-230614'],
    ],
    [
      'personal number',
      isPersonalId,
      ['999012345678', '001012345678'],
      ['99901234567', '9990123456789', '99901234567a'],
    ],
    [
      'UUID',
      isUuid,
      ['01890b2c-6a3b-4c11-8f3e-0242ac120001'],
      ['01890B2C-6A3B-7C11-8F3E-0242AC120001', '01890b2c6a3b7c118f3e0242ac120001'],
    ],
    [
      'UUID of version 7',
      isUuid7,
      ['01890b2c-6a3b-7c11-8f3e-0242ac120001'],
      ['01890b2c-6a3b-4c11-8f3e-0242ac120001', '01890b2c-6a3b-7c11-cf3e-0242ac120001'],
    ],
  ])('%s', (_what, is, good, bad) => {
    expect(good.filter((text) => !is(text))).toEqual([]);
    expect(bad.filter((text) => is(text))).toEqual([]);
  });

  it('a parser gives the value or says what it is not, without repeating the text', () => {
    expect(parseAgencyCode('H26.129')).toBe('H26.129');
    const text = 'Nguyễn Thị Hòa';
    for (const parse of [parseAgencyCode, parseNodeId])
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
    expect(() => parseAgencyCode(text)).not.toThrow(text);
  });

  it('a name and a source are taken apart, or nothing is', () => {
    expect(agencyInName('dossier/H26.129.05/x')).toBe('H26.129.05');
    expect(() => agencyInName('dossier')).toThrow();
    expect(splitSource('urn:lienthong:node:hanoi-city')).toEqual({ kind: 'node', name: 'hanoi-city' });
    expect(splitSource('urn:other:node:hanoi-city')).toBeUndefined();
  });
});
