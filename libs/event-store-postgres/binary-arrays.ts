/**
 * One-dimensional arrays in PostgreSQL's binary form, of values and of rows; pg sends a Buffer parameter as it is.
 *
 *   array (array_recv): int32 dimensions (0 or 1) · int32 has nulls (not read) · int32 oid of the elements' type
 *     then if dimensions is 1: int32 length · int32 first index (1) · elements
 *   element: int32 size of value, −1 for null · value
 *   row (record_recv): int32 columns · for each: int32 oid of its type · element
 *
 * In text, hashes and message bytes would be twice as long, written and parsed as hex; and `lt.append` pays for every
 * array it unnests, so it takes rows and not columns.
 */
import { BinaryWriter } from './binary-writer.ts';

export interface Codec<T> {
  readonly oid: number;
  write(to: BinaryWriter, value: T): void;
}
type Nullable<T> = T | null | undefined;

const EPOCH_MS = Date.UTC(2000, 0, 1);

export const int4: Codec<number> = { oid: 23, write: (to, value) => to.int32(value) };
export const int8: Codec<number> = { oid: 20, write: (to, value) => to.int64(value) };
export const bool: Codec<boolean> = { oid: 16, write: (to, value) => to.byte(value ? 1 : 0) };
export const text: Codec<string> = { oid: 25, write: (to, value) => void to.text(value, 'utf8') };
export const bytea: Codec<Uint8Array> = { oid: 17, write: (to, value) => to.bytes(value) };
/** base64url */
export const hash: Codec<string> = { oid: 17, write: (to, value) => void to.text(value, 'base64url') };
export const uuid: Codec<string> = { oid: 2950, write: (to, value) => void to.text(value.replaceAll('-', ''), 'hex') };
/** A time as ISO 8601; microseconds since 2000 in the database, more than a number holds exactly from the year 2285 on. */
export const timestamptz: Codec<string> = {
  oid: 1184,
  write: (to, value) => to.bigint64(BigInt(Date.parse(value) - EPOCH_MS) * 1_000n),
};
export const texts: Codec<readonly string[]> = { oid: 1009, write: (to, values) => writeArray(to, text, values) };

function writeValue<T>(to: BinaryWriter, codec: Codec<T>, value: Nullable<T>): void {
  if (value === null || value === undefined) to.int32(-1);
  else to.sized(() => codec.write(to, value));
}

function writeArray<T>(to: BinaryWriter, codec: Codec<T>, values: readonly Nullable<T>[]): void {
  to.int32(values.length === 0 ? 0 : 1);
  to.int32(0);
  to.int32(codec.oid);
  if (values.length === 0) return;
  to.int32(values.length);
  to.int32(1);
  for (const value of values) writeValue(to, codec, value);
}

export interface Column<R> {
  readonly oid: number;
  write(to: BinaryWriter, row: R): void;
}
export const column = <R, T>(codec: Codec<T>, pick: (row: R) => Nullable<T>): Column<R> => ({
  oid: codec.oid,
  write: (to, row) => writeValue(to, codec, pick(row)),
});

/** @param oid of the row type */
export function encodeRows<R>(oid: number, columns: readonly Column<R>[], rows: readonly R[]): Buffer {
  const row: Codec<R> = {
    oid,
    write: (to, value) => {
      to.int32(columns.length);
      for (const cell of columns) {
        to.int32(cell.oid);
        cell.write(to, value);
      }
    },
  };
  const to = new BinaryWriter(64 + rows.length * columns.length * 32);
  writeArray(to, row, rows);
  return to.written();
}

export function encodeArray<T>(codec: Codec<T>, values: readonly T[], bytes = 64 + values.length * 64): Buffer {
  const to = new BinaryWriter(bytes);
  writeArray(to, codec, values);
  return to.written();
}
export const hashArray = (hashes: readonly string[]): Buffer => encodeArray(hash, hashes);
