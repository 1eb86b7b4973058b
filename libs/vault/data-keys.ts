/**
 * Unwrapped data keys in memory, the longest unused dropped first. The database decides which key is in force: a key here
 * is a guess that `put` checks (`vault.sql.ts`), and reading takes the wrapped key from the row it reads. So a process that
 * slept through an erasure neither stores nor reads anything under the destroyed key.
 */
import { randomBytes } from 'node:crypto';
import type { Subject } from '#libs/kernel';
import type { KeyCustody } from '#libs/use-cases';

export interface DataKey {
  readonly stream: Subject;
  readonly subject: string;
  readonly key: Buffer;
  readonly wrapped: Buffer;
}
export type KeyWrapping = Pick<KeyCustody, 'wrap' | 'unwrap'>;

const KEY_BYTES = 32;

export class DataKeys {
  readonly #wrapping: KeyWrapping;
  readonly #capacity: number;
  /** A map keeps its order of insertion: the first is the longest unused. */
  readonly #known = new Map<string, DataKey>();

  constructor(wrapping: KeyWrapping, capacity: number) {
    this.#wrapping = wrapping;
    this.#capacity = capacity;
  }

  /** The key known here, else a new candidate, which counts only once `put` has stored it. */
  forSealing(stream: Subject, subject: string): DataKey {
    const known = this.#known.get(nameOf(stream, subject));
    if (known) return this.#keep(known);
    const key = randomBytes(KEY_BYTES);
    return this.#keep({ stream, subject, key, wrapped: Buffer.from(this.#wrapping.wrap(key)) });
  }

  /** The key of a row just read. @throws DomainError `VAULT_KEY_WRONG` */
  forReading(stream: Subject, subject: string, wrapped: Buffer): DataKey {
    const known = this.#known.get(nameOf(stream, subject));
    if (known?.wrapped.equals(wrapped)) return this.#keep(known);
    return this.#keep({ stream, subject, key: Buffer.from(this.#wrapping.unwrap(wrapped)), wrapped });
  }

  /** Drops and overwrites. */
  forget(stream: Subject, subject: string): void {
    const name = nameOf(stream, subject);
    this.#known.get(name)?.key.fill(0);
    this.#known.delete(name);
  }

  get size(): number {
    return this.#known.size;
  }

  #keep(key: DataKey): DataKey {
    const name = nameOf(key.stream, key.subject);
    this.#known.delete(name);
    if (this.#known.size >= this.#capacity) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(name, key);
    return key;
  }
}

const nameOf = (stream: Subject, subject: string): string => `${stream}\n${subject}`;
