/**
 * Keeps the dossier list level with the log, and rebuilds it. Any number of processes may do it at once.
 *
 * A batch that the database refuses for good is folded in halves until the entry that it refuses is alone; that dossier is
 * parked and the fold goes on. A rebuild folds another generation from the first entry beside the live one, then switches.
 * Proved by `read-models.int.spec.ts`.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Subject } from '#libs/kernel';
import type { EventStore, StoredMessage } from '#libs/use-cases';
import type { FoldedDossier } from './dossier-row.ts';
import type { DossierProjection } from './dossier.projection.ts';
import { findResumable, loadDossiers, readRowTexts, saveBatch, type FoldedBatch } from './dossier-rows.ts';
import { foldAnew, foldBatch, parkBatch, type FoldGround } from './fold-batch.ts';
import { createGeneration, dropGeneration, getLive, onLive, switchTo, type Generation } from './generations.ts';
import { classified, isOfTheRow } from './read-model-errors.ts';

export interface DossierFoldDeps {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, 'readLog' | 'readStream'>;
  readonly projection: DossierProjection;
  readonly onError: (error: unknown) => void;
}

/** Some 10 MB of rows at most; batches of 1,000 were half as fast where each entry is of another dossier (bench/read-models.ts). */
const BATCH_ENTRIES = 4_000;
const RESUMED_AT_ONCE = 100;
const ROWS_PER_PAGE = 2_000;

export class DossierFold {
  readonly #deps: DossierFoldDeps;

  constructor(deps: DossierFoldDeps) {
    this.#deps = deps;
  }

  /** Folds the next entries. Gives how many; 0: level with the log, or another process was quicker. */
  foldNext(limit = BATCH_ENTRIES): Promise<number> {
    return classified(() => onLive(this.#deps.pool, (generation) => this.#foldNext(generation, limit)));
  }

  /** Last entry of the log that the live rows contain; −1 at first. */
  position(): Promise<number> {
    return classified(async () => (await getLive(this.#deps.pool)).logIndex);
  }

  /**
   * Folds anew the dossiers that are parked because they were not understood, or failed. To be called when a program
   * starts, since it may understand more than the one before. Gives how many go on.
   */
  async resumeParked(): Promise<number> {
    const { pool } = this.#deps;
    return this.refold(await classified(async () => findResumable(pool, await getLive(pool))));
  }

  /** Folds these dossiers anew. Gives how many go on. */
  refold(subjects: readonly Subject[]): Promise<number> {
    return classified(async () => {
      let resumed = 0;
      for (let at = 0; at < subjects.length; at += RESUMED_AT_ONCE) {
        resumed += await this.#resume(subjects.slice(at, at + RESUMED_AT_ONCE));
      }
      return resumed;
    });
  }

  /**
   * Builds all rows again from the first entry, beside those in use, and switches to them when the log has been read to its
   * end. What is appended in that moment is folded next.
   */
  rebuild(onProgress: (logIndex: number) => void = () => undefined): Promise<void> {
    return classified(async () => {
      const { pool } = this.#deps;
      let generation = await createGeneration(pool);
      try {
        for (let folded = 1; folded > 0;) {
          folded = await this.#foldNext(generation, BATCH_ENTRIES);
          generation = { ...generation, logIndex: generation.logIndex + folded };
          onProgress(generation.logIndex);
        }
        await switchTo(pool, generation);
      } catch (error) {
        await dropGeneration(pool, generation.number).catch(this.#deps.onError);
        throw error;
      }
    });
  }

  /** SHA-256 (hex) of all rows in order: equal after every fold of the same entries (G9). */
  fingerprint(): Promise<string> {
    return classified(() =>
      onLive(this.#deps.pool, async (generation) => {
        const digest = createHash('sha256');
        for (let after = ''; ;) {
          const rows = await readRowTexts(this.#deps.pool, generation, after, ROWS_PER_PAGE);
          for (const { text } of rows) digest.update(`${text}\n`);
          const last = rows.at(-1);
          if (!last) return digest.digest('hex');
          after = last.subject;
        }
      }),
    );
  }

  async #foldNext(generation: Generation, limit: number): Promise<number> {
    const messages = await this.#deps.store.readLog(generation.logIndex, limit);
    return messages.length > 0 ? this.#foldMessages(generation, messages) : 0;
  }

  async #foldMessages(generation: Generation, messages: readonly StoredMessage[]): Promise<number> {
    const upTo = (messages.at(-1) as StoredMessage).logIndex;
    try {
      const batch = await foldBatch(this.#groundOf(generation), messages, upTo);
      return await this.#save(generation, batch, messages.length);
    } catch (error) {
      if (!isOfTheRow(error)) throw error;
      if (messages.length > 1) return this.#foldMessages(generation, messages.slice(0, messages.length >> 1));
      this.#deps.onError(error);
      return this.#save(generation, await parkBatch(this.#groundOf(generation), messages, upTo), 1);
    }
  }

  async #save(generation: Generation, batch: FoldedBatch, entries: number): Promise<number> {
    return (await saveBatch(this.#deps.pool, generation, batch)) ? entries : 0;
  }

  async #resume(subjects: readonly Subject[]): Promise<number> {
    const { pool } = this.#deps;
    for (;;) {
      const generation = await getLive(pool);
      const ground = this.#groundOf(generation);
      const dossiers: FoldedDossier[] = [];
      for (const subject of subjects) dossiers.push(await foldAnew(ground, subject, generation.logIndex));
      const batch = { dossiers, recoded: dossiers, upTo: generation.logIndex };
      if (await saveBatch(pool, generation, batch)) return dossiers.filter(({ parked }) => parked === undefined).length;
    }
  }

  #groundOf(generation: Generation): FoldGround {
    const { pool, store, projection, onError } = this.#deps;
    return { projection, store, onError, load: (subjects) => loadDossiers(pool, generation, subjects) };
  }
}
