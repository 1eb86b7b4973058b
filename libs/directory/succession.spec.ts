import { describe, expect, it } from '@jest/globals';
import type { AgencyCode, Instant } from '#libs/kernel';
import { agency, interval, statement } from './directory.builders.ts';
import { emptyDirectory, findLastKnown, successorsOf, takeStatements } from './index.ts';

const AT = '2023-07-01T00:00:00.000Z' as Instant;
const code = (text: string) => text as AgencyCode;
const succession = (to: string) => ({ to, kind: 'whole', rehomer: 'H26', legalBasis: 'NQ', effective: '2023-06-15' });
const ended = (text: string, ...heirs: readonly string[]) =>
  agency(text, { intervals: [interval('2023-01-01', { to: '2023-06-15' })], successions: heirs.map(succession) });
const directoryOf = (...stated: readonly ReturnType<typeof agency>[]) =>
  takeStatements(
    emptyDirectory([{ keyId: 'hanoi#1', publicKey: new Uint8Array(32) }]),
    stated.map((data, at) => statement({ data, at: `01T00:0${at}` })),
  ).directory;

describe('who follows an agency', () => {
  it('is found once, by whatever ways it is reached', () => {
    const directory = directoryOf(
      ended('H26.1', 'H26.2', 'H26.3'),
      ended('H26.2', 'H26.4'),
      ended('H26.3', 'H26.4', 'H26.2'),
      agency('H26.4'),
    );
    expect(successorsOf(directory, code('H26.1'), AT)).toEqual(['H26.4']);
  });

  it('is asked of statements that name each other in a ring without end', () => {
    const directory = directoryOf(ended('H26.1', 'H26.2'), ended('H26.2', 'H26.1', 'H26.3'), agency('H26.3'));
    expect(successorsOf(directory, code('H26.1'), AT)).toEqual(['H26.3']);
    expect(successorsOf(directory, code('H26.2'), AT)).toEqual(['H26.3']);
  });
});

describe('what is left of an ended agency', () => {
  it('is its last interval, in whatever order they are stated', () => {
    const [first, last] = [
      interval('2023-01-01', { to: '2023-02-01', node: 'first' }),
      interval('2023-03-01', { to: '2023-06-15', node: 'last' }),
    ];
    for (const intervals of [
      [first, last],
      [last, first],
    ])
      expect(findLastKnown(directoryOf(agency('H26.1', { intervals })), code('H26.1'), AT)?.node).toBe('last');
  });
});
