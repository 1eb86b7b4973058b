/**
 * Processes outlive the start that began them. Nodes that a killed start left running would hold the ports and go on
 * working beside the new ones: they are stopped. Servers are taken over, or told to end.
 */
import type { Instant } from '#libs/kernel';
import { isRunning, stopProcess } from '../stack/process.ts';
import { openStateFile } from '../stack/state-file.ts';
import { findLockOwner, removeStack } from '#tools/stack';
import { DataFolder } from './data-folder.ts';
import { reachedBy } from './work-clock-keeper.ts';

/** Stops them; gives the work time that the kept state has reached, and notes it. */
export async function stopLeftNodes(folder: DataFolder): Promise<Instant | undefined> {
  const left = (folder.findRecord()?.nodes ?? []).flatMap(({ process }) => (process ? [process] : []));
  const running = left.filter(isRunning);
  await Promise.all(
    running.map((mark) =>
      stopProcess(mark, [
        ['SIGTERM', 25_000],
        ['SIGKILL', 5_000],
      ]),
    ),
  );
  const reached = reachedBy(folder, running.length > 0);
  const found = folder.findClock();
  if (found && reached && running.length > 0) folder.saveClock({ ...found, reached });
  return reached;
}

/** Tells the servers of this directory to end, as `tools/stack` does, without waiting. */
export function signalServers(dataDir: string): void {
  const { postgres, kafka } = openStateFile(dataDir).read();
  const ends = [[kafka?.process, 'SIGTERM'] as const, [postgres?.process, 'SIGINT'] as const];
  for (const [mark, signal] of ends) if (mark && isRunning(mark)) process.kill(mark.pid, signal);
}

/** Deletes a data directory with all that runs there still from a start that was killed. @throws StackError `STACK_IN_USE` */
export async function forgetStack(dataDir: string): Promise<void> {
  const owner = findLockOwner(dataDir);
  if (owner === undefined || owner === 'ended') await stopLeftNodes(new DataFolder(dataDir));
  await removeStack(dataDir);
}
