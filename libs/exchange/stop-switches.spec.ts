import { describe, expect, it } from '@jest/globals';
import type { Instant, NodeId } from '#libs/kernel';
import { aboutLoop, loopNamed, stoppedLoops, type LoopAct } from './stop-switches.ts';

const DISTRICT = 'gialam-district' as NodeId;
const at = '2026-11-24T02:00:00.000Z' as Instant;
const act = (about: string, name: string, reason = 'load'): LoopAct => ({ about, act: name, at, by: 'op-1', reason });

describe('a stop switch', () => {
  it('says what the last act about it says, each loop and peer alone', () => {
    const district = aboutLoop(loopNamed('deliveries', DISTRICT));
    const city = aboutLoop(loopNamed('deliveries', 'hanoi-city' as NodeId));
    const redrive = aboutLoop(loopNamed('redrive', undefined));
    expect([district, redrive]).toEqual(['loop/deliveries/gialam-district', 'loop/redrive']);
    const acts = [
      act(district, 'loop-stopped'),
      act(city, 'loop-stopped'),
      act(redrive, 'loop-stopped'),
      act(district, 'loop-resumed'),
      act(district, 'loop-stopped', 'peer-asks'),
      act(city, 'loop-resumed'),
    ];
    expect(stoppedLoops(acts)).toEqual([
      { loop: 'deliveries', peer: DISTRICT, since: at, by: 'op-1', reason: 'peer-asks' },
      { loop: 'redrive', since: at, by: 'op-1', reason: 'load' },
    ]);
    expect(stoppedLoops([])).toEqual([]);
  });

  it('of a loop that this program does not know is passed over', () => {
    expect(stoppedLoops([act('loop/of-a-later-version', 'loop-stopped')])).toEqual([]);
  });

  it.each([
    ['deliveries', undefined],
    ['redrive', DISTRICT],
    ['api', undefined],
  ])('there is none for %s of %s', (loop, peer) => {
    expect(() => loopNamed(loop, peer)).toThrow(expect.objectContaining({ code: 'LOOP_UNKNOWN' }));
  });
});
