import { describe, expect, it } from '@jest/globals';
import { refuseUnsafe } from './safety.ts';

const SAFE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
const rows = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings).map(([name, setting]) => ({ name, setting }));

describe('refuseUnsafe', () => {
  it.each(['on', 'local', 'remote_write', 'remote_apply'])('takes synchronous_commit %s', (setting) => {
    expect(() => refuseUnsafe(rows({ ...SAFE, synchronous_commit: setting }))).not.toThrow();
  });

  it.each(Object.keys(SAFE))('refuses %s off', (name) => {
    expect(() => refuseUnsafe(rows({ ...SAFE, [name]: 'off' }))).toThrow(
      expect.objectContaining({ code: 'UNSAFE_DATABASE', details: { off: [name] } }),
    );
  });
});
