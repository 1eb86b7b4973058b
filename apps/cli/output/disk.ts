import type { StatusView } from '#libs/http-api';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Three digits at most: `1.2 GiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 2 ** (10 * power);
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/** Both databases, and what is free beside them where that is known. */
export function diskText({ disk }: StatusView): string {
  if (!disk) return '–';
  const taken = sizeText(disk.ledgerBytes + disk.vaultBytes);
  return disk.freeBytes === undefined ? taken : `${taken} (+ ${sizeText(disk.freeBytes)})`;
}

/** A month, at the pace of the last day. */
const SOON_DAYS = 30;

export function diskAdvice(node: string, { disk }: StatusView): string | false {
  if (disk?.freeBytes === undefined || disk.grownLastDayBytes === 0) return false;
  const days = Math.floor(disk.freeBytes / disk.grownLastDayBytes);
  return (
    days < SOON_DAYS &&
    `${node}: đĩa đầy sau ${days} ngày nữa · the disk is full in ${days} days at the pace of the last day`
  );
}
