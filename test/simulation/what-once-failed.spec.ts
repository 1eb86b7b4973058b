/** Worlds in which a promise was once broken, shrunk (`npm run simulate`) and kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, jest } from '@jest/globals';
import type { Fault } from './fault-plan.ts';
import { holds } from './holds.ts';
import type { SimulationWanted } from './simulate.ts';

jest.setTimeout(600_000);

const CASES = join(import.meta.dirname, 'cases');
interface Kept extends SimulationWanted {
  readonly plan: readonly Fault[];
  readonly found: unknown;
}
const cases = readdirSync(CASES).filter((file) => file.endsWith('.json'));

describe('what once failed', () => {
  it.each(cases)('holds: %s', (file) => {
    const { found: _, ...wanted } = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as Kept;
    return holds(wanted);
  });
});
