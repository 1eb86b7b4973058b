import { DomainError, isJsonObject, isLocalDate } from '#libs/kernel';
import type { LocalDate } from '#libs/kernel';
import { REFERENCE_DATA_INVALID } from './error-codes.ts';

const ABSENT = Symbol('absent');

/**
 * A place in a reference data file, read strictly: what does not fit is noted with its path and reading goes on, so that a
 * person sees all problems of the file at once. {@link finish} throws them together; until then a reader gives stand-ins.
 */
export class ReferenceValue {
  readonly path: string;
  readonly #value: unknown;
  readonly #problems: string[];

  constructor(value: unknown, path = '$', problems: string[] = []) {
    this.path = path;
    this.#value = value;
    this.#problems = problems;
  }

  refuse(problem: string): void {
    this.#problems.push(`${this.path}: ${problem}`);
  }

  #child(value: unknown, name: string): ReferenceValue {
    return new ReferenceValue(value, `${this.path}${name}`, this.#problems);
  }

  /** A member that must be there. Its absence is noted once; what is read below it then stays silent. */
  at(name: string): ReferenceValue {
    const found = this.optional(name);
    if (found) return found;
    if (this.#value !== ABSENT) this.refuse(isJsonObject(this.#value) ? `${name} is missing` : 'must be an object');
    return this.#child(ABSENT, `.${name}`);
  }

  /** A member that may be absent; null counts as absent (open intervals are written so). */
  optional(name: string): ReferenceValue | undefined {
    if (!isJsonObject(this.#value)) return undefined;
    const value: unknown = this.#value[name];
    return value === undefined || value === null ? undefined : this.#child(value, `.${name}`);
  }

  /** Notes every member not among the `names` (divided by spaces): a misspelt optional one must not pass for an absent one. */
  only(names: string): this {
    const known = new Set(names.split(' '));
    if (isJsonObject(this.#value))
      for (const name of Object.keys(this.#value)) if (!known.has(name)) this.refuse(`${name} is not known`);
    return this;
  }

  items(): readonly ReferenceValue[] {
    if (Array.isArray(this.#value)) return this.#value.map((item: unknown, i) => this.#child(item, `[${i}]`));
    this.#mustBe('a list');
    return [];
  }

  entries(): readonly (readonly [string, ReferenceValue])[] {
    if (isJsonObject(this.#value))
      return Object.entries(this.#value).map(([name, value]) => [name, this.#child(value, `.${name}`)]);
    this.#mustBe('an object');
    return [];
  }

  text(): string {
    if (typeof this.#value === 'string' && this.#value !== '') return this.#value;
    this.#mustBe('a text');
    return '';
  }

  flag(): boolean {
    if (typeof this.#value === 'boolean') return this.#value;
    this.#mustBe('true or false');
    return false;
  }

  /** An integer of at least 0. */
  count(): number {
    if (Number.isSafeInteger(this.#value) && (this.#value as number) >= 0) return this.#value as number;
    this.#mustBe('an integer of at least 0');
    return 0;
  }

  /** One of a closed list; the first stands in for what does not fit. */
  oneOf<T extends string>(choices: readonly [T, ...T[]]): T {
    const found = choices.find((choice) => choice === this.#value);
    if (found === undefined) this.#mustBe(`one of ${choices.join(', ')}`);
    return found ?? choices[0];
  }

  date(): LocalDate {
    return this.matching('a date that exists, yyyy-mm-dd', isLocalDate);
  }

  /** A text of a grammar, as a branded type. */
  matching<T extends string>(what: string, is: (text: string) => text is T): T {
    const text = typeof this.#value === 'string' ? this.#value : '';
    if (!is(text)) this.#mustBe(what);
    return text as T;
  }

  /** @throws DomainError `REFERENCE_DATA_INVALID` with `details.problems`, if anything was noted anywhere in the file. */
  finish(file: string): void {
    const problems = [...new Set(this.#problems)];
    if (problems.length === 0) return;
    throw new DomainError(REFERENCE_DATA_INVALID, `${file}: ${problems.join('; ')}`, { file, problems });
  }

  #mustBe(what: string): void {
    if (this.#value !== ABSENT) this.refuse(`must be ${what}`);
  }
}
