import { describe, expect, it } from '@jest/globals';
import { readManifest } from './index.ts';

describe('a manifest', () => {
  it('holds hashes in their one spelling (wire format 1): spare bits are refused', () => {
    const hashes = [`${'A'.repeat(42)}B`];
    expect(readManifest({ line: 1, first: 1, hashes, highest: 1 })).toBeUndefined();
  });
});
