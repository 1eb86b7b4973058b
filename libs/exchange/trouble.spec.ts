import { describe, expect, it } from '@jest/globals';
import { adviceOn, TROUBLE_KINDS } from './trouble.ts';

describe('advice', () => {
  it.each(TROUBLE_KINDS)('on what is %s is given in both languages, whatever the reason', (kind) => {
    for (const reason of ['GAP', 'FORK', 'KEY_UNKNOWN', 'UNSENT', 'AWAITS_OUTCOME', 'A_LATER_CODE', 'constructor']) {
      const { vi, en } = adviceOn(kind, reason);
      expect([vi, en].every((text) => text.length > 20)).toBe(true);
      expect(vi).not.toBe(en);
    }
  });

  it('tells what can be mended from what cannot', () => {
    expect(adviceOn('quarantined', 'KEY_UNKNOWN').en).toContain('redrive');
    expect(adviceOn('quarantined', 'SIGNATURE').en).toContain('states it anew');
    expect(adviceOn('undeliverable', 'NOT_ENTITLED').en).toContain('peer has quarantined');
  });
});
