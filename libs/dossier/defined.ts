export type Defined<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Absent is absent (wire format 1): leaves out the members that are undefined. */
export const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;

/** What a command states, without what it expects of the stream. */
export function stated<T extends { readonly expectedHash?: unknown }>(data: T): Omit<T, 'expectedHash'> {
  const { expectedHash: _expectedHash, ...rest } = data;
  return rest;
}
