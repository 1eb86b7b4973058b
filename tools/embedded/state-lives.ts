/**
 * A node's next life, and keys that were added, are stated while the stack runs: who verifies believes the log of a life that
 * the registrar states, and who receives a key only then.
 */
import { openStateFile } from '../stack/state-file.ts';
import type { DataFolder } from './data-folder.ts';
import { publishDirectory, readOrganisation } from './directory-desk.ts';
import type { KafkaPlace } from './kafka-place.ts';
import { findProjectRoot } from '../stack/project.ts';
import { reachedBy } from './work-clock-keeper.ts';

/** False: the broker is another's, whose registrar login is not here; the next start states it. */
export async function stateLives(folder: DataFolder): Promise<boolean> {
  const record = folder.findRecord();
  const users = openStateFile(folder.dir).read().kafka?.users;
  if (!record || !users) return false;
  const kafka: KafkaPlace = {
    brokers: record.brokers,
    ssl: record.kafkaSsl,
    ...(record.kafkaSslCa !== undefined && { sslCa: record.kafkaSslCa }),
    loginOf: async (username) => ({ username, password: users[username] ?? '' }),
  };
  const reached = reachedBy(folder, true);
  const organisation = readOrganisation(findProjectRoot());
  await publishDirectory(folder, record.nodes, { organisation, kafka, ...(reached && { reached }) });
  return true;
}
