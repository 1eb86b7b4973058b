/**
 * What stands under a label in a map of the state. Labels are written by others and may be names that every object of the
 * language has as a member, such as `constructor`: only own members are entries.
 */
export const findLabelled = <T>(entries: Readonly<Record<string, T>>, label: string): T | undefined =>
  Object.hasOwn(entries, label) ? entries[label] : undefined;
