/** What is secret in an embedded stack, and where it has to be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStateFile } from '../../../tools/stack/state-file.ts';
import type { Story } from '../story.ts';

/** Passwords of every login at database and broker, and the private part of every key of every node. */
export function secretsOf(story: Story): readonly string[] {
  const { dir } = story.stack.folder;
  const { postgres, kafka } = openStateFile(dir).read();
  const passwords = [
    postgres?.adminPassword,
    ...Object.values(postgres?.roles ?? {}),
    kafka?.controllerPassword,
    ...Object.values(kafka?.users ?? {}),
  ];
  const keys = story.nodes.flatMap((node) => privateParts(story.stack.folder.keysOf(node)));
  return [...new Set([...passwords, ...keys])].filter((secret) => secret !== undefined);
}

const privateParts = (folder: string): readonly (string | undefined)[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /#.*\.json$/.test(entry.name))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as Record<string, string>)
    .map(({ d, k }) => d ?? k);

/** The stack's own memory, the keys, the settings of the broker and what its storage was made with: files of mode 0600. */
export const isKeptSecret = (name: string): boolean =>
  /^(stack|embedded|record)[\w.-]*\.json$|^keys\/|^kafka\/[\w.-]+\.properties$|^issuer|^nodes\.json$/.test(name);
