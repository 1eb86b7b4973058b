/**
 * Backup and restore of a node: ledger, vault and keys, each a part that can be kept apart (design 8: a vault and the key
 * that opens it do not lie in one place). The ledger is copied before the vault: what an event commits to is in the vault
 * before the event is in the ledger. Read models are not copied: they are folded anew. Proved by `backup.int.spec.ts`.
 */
import { migrate } from '#libs/event-store-postgres';
import { noteVaultBackup } from '#libs/key-custody';
import type { Instant } from '#libs/kernel';
import { migrateReadModels } from '#libs/read-models';
import { migrateVault } from '#libs/vault';
import { copyIn } from './copy-in.ts';
import { copyOut } from './copy-out.ts';
import { copyKeys, keepFile, restoreKeys } from './keys.ts';
import {
  hasPart,
  makePart,
  openPart,
  PARTS,
  writeManifest,
  type FileEntry,
  type Manifest,
  type OpenPart,
  type Part,
} from './manifest.ts';
import { IDENTITY, makeSeal, type OpenWith, type Seal, type SealWanted } from './sealing.ts';

export { PARTS, type Part } from './manifest.ts';

export interface DatabaseAt {
  /** A role that may read everything; to restore: the owner. */
  readonly ownerUrl: string;
  readonly appRole: string;
}
export interface NodePlaces {
  readonly node: string;
  readonly ledger: DatabaseAt;
  readonly vault: DatabaseAt;
  readonly keysDir: string;
}
export interface PartDone {
  readonly part: Part;
  readonly files: number;
  readonly bytes: number;
}
export interface Job {
  readonly dir: string;
  readonly parts: readonly Part[];
  /** Vault and keys are sealed so; absent: they are plain. The ledger has no personal value, and no key. */
  readonly seal?: SealWanted;
  /** What opens a backup that is sealed. */
  readonly open?: OpenWith;
  readonly onPart?: (done: PartDone) => void;
}

const SCHEMAS = {
  ledger: { schema: 'lt', history: 'migration' },
  vault: { schema: 'vault', history: 'migrations' },
} as const;

/** @throws DomainError `BACKUP_EXISTS`; errors of files and databases as they come: the part has no manifest then. */
export async function backup(
  places: NodePlaces,
  { dir, parts, onPart, seal: wanted }: Job,
): Promise<readonly PartDone[]> {
  const done: PartDone[] = [];
  for (const part of PARTS.filter((one) => parts.includes(one))) {
    const at = new Date().toISOString() as Instant;
    const seal = part === 'ledger' ? undefined : await makeSeal(wanted);
    const folder = makePart(dir, part);
    const copied =
      part === 'keys'
        ? { files: await copyKeys(places.keysDir, { folder, seal }) }
        : await copyOut(places[part].ownerUrl, SCHEMAS[part], { folder, seal });
    writeManifest(folder, { part, node: places.node, at, ...copied, ...keptSeal(folder, seal, copied.files) });
    if (part === 'vault') noteVaultBackup(places.keysDir, at);
    done.push(summaryOf(part, copied.files));
    onPart?.(done.at(-1) as PartDone);
  }
  return done;
}

function keptSeal(
  folder: string,
  seal: Seal | undefined,
  files: readonly FileEntry[],
): Partial<Pick<Manifest, 'files' | 'sealed'>> {
  if (!seal) return {};
  if (!seal.identity) return { sealed: 'recipients' };
  return { files: [...files, keepFile(folder, IDENTITY, seal.identity)], sealed: 'identity' };
}

/**
 * Every file of every part is read and held against its digest before anything is changed.
 * @throws DomainError `BACKUP_UNUSABLE`, `BACKUP_LOCKED`, `BACKUP_OF_ANOTHER_VERSION`, `DATABASE_IN_USE`, `KEY_DIFFERS`
 */
export async function restore(
  places: NodePlaces,
  { dir, parts, onPart, open = {} }: Job,
): Promise<readonly PartDone[]> {
  const wanted = PARTS.filter((part) => parts.includes(part));
  const found = new Map<Part, OpenPart>();
  for (const part of wanted) found.set(part, await openPart(dir, part, open));
  const done: PartDone[] = [];
  for (const [part, one] of found) {
    const { manifest, read } = one;
    if (part === 'keys') await restoreKeys(one, places.keysDir);
    else if (manifest.database) {
      const { ownerUrl } = places[part];
      await copyIn({ ownerUrl, read, database: manifest.database, ...remakeOf(part, places[part]) });
    }
    done.push(summaryOf(part, manifest.files));
    onPart?.(done.at(-1) as PartDone);
  }
  return done;
}

/** The parts that are there. */
export const partsIn = (dir: string): readonly Part[] => PARTS.filter((part) => hasPart(dir, part));

function remakeOf(part: 'ledger' | 'vault', at: DatabaseAt): { derived: readonly string[]; migrate(): Promise<void> } {
  if (part === 'vault') return { derived: [], migrate: () => migrateVault(at) };
  return {
    derived: ['read'],
    migrate: async () => {
      await migrate(at);
      await migrateReadModels(at);
    },
  };
}

const summaryOf = (part: Part, files: readonly { readonly bytes: number }[]): PartDone => ({
  part,
  files: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});
