/** What can be stopped is one list; contracts know no other room, so theirs is held against it here. */
import { describe, expect, it } from '@jest/globals';
import { findContract, openRendering } from '#libs/contracts';
import { STOPPABLE_LOOPS } from '#libs/exchange';

describe('the loops that can be stopped', () => {
  it.each(['loop-stopped', 'loop-resumed'])('are those that the contract of %s names', (name) => {
    const contract = findContract('operation', name, 1);
    const { properties } = openRendering(contract as NonNullable<typeof contract>) as unknown as {
      properties: { loop: { enum: readonly string[] } };
    };
    expect(properties.loop.enum).toEqual(STOPPABLE_LOOPS);
  });
});
