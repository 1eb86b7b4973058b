/** Of several rounds: the middle one, and how far they lie apart. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The value that this share (0.99) of them does not exceed. */
export const within = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

export const rounded = (value: number): number =>
  Math.abs(value) < 100 ? Math.round(value * 1_000) / 1_000 : Math.round(value);
