import { integer, list, object, string } from './schema-words.ts';

/** `DiskView` of libs/http-api. */
export const DISK = object({
  ledgerBytes: integer,
  vaultBytes: integer,
  grownLastDayBytes: integer,
  'freeBytes?': integer,
  tables: list(object({ name: string, bytes: integer, indexBytes: integer })),
});
