/** Starts processes that die on an errand, and tells how they ended. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestNode } from '../test-node.ts';
import { packed, writtenKeys, type Errand, type NodeErrand } from './errand.ts';

export interface MortalEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}
export interface Mortal {
  readonly ended: Promise<MortalEnd>;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<MortalEnd>;
}

export function startMortal(errand: Errand): Mortal {
  const program = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, ['--conditions=source', program], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString('utf8')));
  const ended = new Promise<MortalEnd>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, said }));
  });
  child.stdin.end(JSON.stringify(packed(errand)));
  return {
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Does the errand until it dies where it was told to; throws when it lived. */
export async function untilDead(errand: NodeErrand): Promise<void> {
  const { code, signal, said } = await startMortal(errand).ended;
  if (signal !== 'SIGKILL') throw new Error(`${errand.does} did not die (exit code ${code}): ${said}`);
}

export const mortalOf = ({ services, wanted, ledgerDatabase, vaultDatabase, world }: TestNode): NodeErrand['node'] => ({
  wanted: { ...wanted, node: services.node },
  ledgerUrl: ledgerDatabase.appUrl,
  vaultUrl: vaultDatabase.appUrl,
  trusted: writtenKeys(world.registrar.trusted),
});
