/** The mark against a database (design 5, *Life*): on every way in which the two can differ, and on who may say so. */
import { describe, expect, it } from '@jest/globals';
import { encodeUtf8, type Hash } from '#libs/kernel';
import type { KeyCustody, LifeFacts, LifeMark } from '../ports/index.ts';
import { LifeGuard } from './life-guard.ts';

const HASH = 'A'.repeat(43) as Hash;
const OTHER = 'B'.repeat(42).concat('A') as Hash;
const identity = { system: '7', database: '16385', timeline: 1 };
const facts = (more: Partial<LifeFacts> = {}): LifeFacts => ({
  identity,
  life: 1,
  size: 10,
  lastHash: HASH,
  hashAt: HASH,
  recovering: false,
  ...more,
});
const mark: LifeMark = { ...identity, life: 1, size: 10, lastHash: HASH };

function guardWith(kept: LifeMark | undefined) {
  const file = { mark: kept };
  const reports: string[] = [];
  const keeper = { find: () => file.mark, keep: (next: LifeMark) => void (file.mark = next) };
  const life = new LifeGuard(keeper, ({ code }) => reports.push(code));
  const storeWith = (now: LifeFacts) => ({ lifeFacts: async () => now });
  return { life, file, reports, look: (now: LifeFacts) => life.look(storeWith(now)), storeWith };
}

const key = { keyId: 'k#1', publicKey: new Uint8Array(), sign: (bytes: Uint8Array) => bytes };
const custody = { signingKey: () => key, logKey: () => key } as unknown as KeyCustody;
const signs = (life: LifeGuard, what: string, message: object = {}): boolean => {
  try {
    return (
      life
        .guard(custody)
        .signingKey('x')
        .sign(encodeUtf8(`lienthong/${what}/v1\n${JSON.stringify(message)}`)).length > 0
    );
  } catch {
    return false;
  }
};

describe('a mark', () => {
  it.each<[string, Partial<LifeFacts>, string]>([
    ['behind it', { size: 9, lastHash: OTHER, hashAt: undefined as never }, 'BEHIND_MARK'],
    ['with another entry where it ends', { hashAt: OTHER }, 'LOG_DIFFERS'],
    ['of another cluster', { identity: { ...identity, system: '8' } }, 'OTHER_DATABASE'],
    ['made anew under the same name', { identity: { ...identity, database: '16999' } }, 'OTHER_DATABASE'],
    ['put back to a moment', { identity: { ...identity, timeline: 2 } }, 'OTHER_TIMELINE'],
    ['of an earlier life', { life: 2 }, 'OTHER_LIFE'],
  ])('is not that of a database %s', async (_, differs, why) => {
    const { life, file, look, reports } = guardWith(mark);
    expect(await look(facts(differs))).toBe('restored');
    expect(life.reason).toBe(why);
    expect(file.mark).toEqual(mark);
    expect(reports).toEqual(['NODE_RECOVERING']);
    expect(['event', 'command', 'outcome', 'directory'].filter((of) => signs(life, of))).toEqual([]);
    expect(() => life.guard(custody).logKey().sign(new Uint8Array())).toThrow(/lienthong recover/);
  });

  it('lets a database that is further work at once, and moves with it', async () => {
    const { life, file, look } = guardWith(mark);
    expect(await look(facts({ size: 12, lastHash: OTHER }))).toBe('alive');
    expect(file.mark).toEqual({ ...mark, size: 12, lastHash: OTHER });
    expect(signs(life, 'event')).toBe(true);
  });

  it('that agrees again, since the right backup was found, is enough', async () => {
    const { look } = guardWith(mark);
    await look(facts({ size: 3, hashAt: undefined as never }));
    expect(await look(facts())).toBe('alive');
  });

  it('is held against every new connection, as it was when the connection was asked', async () => {
    const { life, look } = guardWith(mark);
    await look(facts());
    const against = life.mark();
    await look(facts({ size: 12, lastHash: OTHER }));
    life.see(facts({ size: 11 }), against);
    expect(life.state).toBe('alive');
    life.see(facts({ size: 4, hashAt: undefined as never }), against);
    expect(life.state).toBe('restored');
  });

  it('another process has moved on is taken over, also one that says that this life is over', async () => {
    const { life, file, look } = guardWith(mark);
    await look(facts());
    file.mark = { ...mark, life: 2, size: 11 };
    expect(await look(facts({ life: 2, size: 11 }))).toBe('alive');
    file.mark = { ...mark, life: 2, size: 11, disproved: 'BEHIND_RECEIPT' };
    expect(await look(facts({ life: 2, size: 12 }))).toBe('restored');
    expect(life.reason).toBe('BEHIND_RECEIPT');
  });

  it('a node that cannot keep says so once, works on, and keeps as soon as it can, also when nothing was appended since', async () => {
    const reports: string[] = [];
    let [isFull, kept]: [boolean, LifeMark | undefined] = [true, undefined];
    const keeper = {
      find: () => kept,
      keep: (next: LifeMark) => {
        if (isFull) throw new Error('no space left on device');
        kept = next;
      },
    };
    const life = new LifeGuard(keeper, ({ code }) => reports.push(code));
    await life.prove({ lifeFacts: async () => facts() });
    await life.look({ lifeFacts: async () => facts() });
    expect([life.state, reports, kept]).toEqual(['alive', ['MARK_NOT_KEPT'], undefined]);
    isFull = false;
    await life.look({ lifeFacts: async () => facts() });
    expect([life.state, reports, kept]).toEqual(['alive', ['MARK_NOT_KEPT'], mark]);
  });
});

describe('a node without a mark', () => {
  it('signs nothing and takes nothing in until it is proved; then it has a mark', async () => {
    const { life, file, look, storeWith } = guardWith(undefined);
    await look(facts());
    expect([life.state, life.takesIn, signs(life, 'event')]).toEqual(['unproved', false, false]);
    await life.prove(storeWith(facts()));
    expect([life.state, file.mark]).toEqual(['alive', mark]);
  });

  it('believes those who hold more than it does; a node with a mark does not', async () => {
    const proved = guardWith(undefined);
    await proved.life.prove(proved.storeWith(facts()));
    await proved.life.disprove(proved.storeWith(facts()), 'BEHIND_RECEIPT');
    expect([proved.life.state, proved.file.mark?.disproved]).toEqual(['restored', 'BEHIND_RECEIPT']);
    const marked = guardWith(mark);
    await marked.look(facts());
    await marked.life.disprove(marked.storeWith(facts()), 'BEHIND_RECEIPT');
    expect(marked.life.state).toBe('alive');
  });
});

describe('the next life', () => {
  it('takes in and signs its questions, and that it recovers, alone until it is level', async () => {
    const { life, look, storeWith, reports } = guardWith(mark);
    await look(facts({ size: 3, hashAt: undefined as never }));
    const begun = facts({ life: 2, size: 3, lastHash: OTHER, hashAt: OTHER, recovering: true });
    await life.begun(storeWith(begun));
    expect([life.state, life.takesIn, signs(life, 'event'), signs(life, 'exchange')]).toEqual([
      'recovering',
      true,
      false,
      true,
    ]);
    const ofType = (name: string) => signs(life, 'event', { type: `vn.lienthong.operation.${name}.v1` });
    expect(['recovery-ordered', 'recovery-completed', 'loop-stopped'].map(ofType)).toEqual([true, true, false]);
    await look({ ...begun, recovering: false });
    expect([life.state, signs(life, 'event')]).toEqual(['alive', true]);
    expect(reports).toEqual(['NODE_RECOVERING', 'NODE_RECOVERED']);
  });
});
