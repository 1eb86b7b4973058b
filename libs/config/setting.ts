/** Words for people, in both languages of the product. */
export interface Wording {
  readonly en: string;
  readonly vi: string;
}

export type Reading<T> = { readonly value: T } | { readonly problem: Wording };

/** One named value of the environment: how it is read, what it is for, and how it is shown. */
export interface Setting<T> {
  readonly about: Wording;
  /** What a value looks like, for `.env.example`; never a real secret. */
  readonly example: string;
  /** Printed as asterisks. */
  readonly secret: boolean;
  /** What holds when the variable is absent or empty; without it the setting is required. */
  readonly absent?: { readonly value: T };
  /** `text` is never empty. A problem does not repeat the text of a secret. */
  parse(text: string): Reading<T>;
  print(value: T): string;
}

export type Schema = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends Schema> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** `httpPort` is read from `HTTP_PORT`. */
export const variableOf = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

export interface Described {
  readonly about: Wording;
  readonly example: string;
}

/** A setting that may be left out, and is then undefined. */
export const optional = <T>(setting: Setting<T>): Setting<T | undefined> => ({
  ...setting,
  absent: { value: undefined },
  print: (value) => (value === undefined ? '' : setting.print(value)),
});

export const withDefault = <T>(setting: Setting<T>, value: T): Setting<T> => ({ ...setting, absent: { value } });
