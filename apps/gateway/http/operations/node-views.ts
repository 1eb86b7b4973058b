import type {
  HeldView,
  InboundView,
  LogEntryView,
  OutboundView,
  QuarantinedView,
  QuarantineItem,
} from '#libs/http-api';
import {
  openStored,
  type DeliveryStatus,
  type HeldMessage,
  type InboundStatus,
  type QuarantineRow,
  type StoredMessage,
} from '#libs/use-cases';

export const viewOfDelivery = (status: DeliveryStatus): OutboundView => ({ ...status });
export const viewOfInbound = (status: InboundStatus): InboundView => ({ ...status });

export function viewOfQuarantine(row: QuarantineRow): QuarantineItem {
  const { id, bytes, ...rest } = row;
  return { number: id, ...rest, size: bytes.length };
}
export const viewOfQuarantined = (row: QuarantineRow): QuarantinedView => ({
  ...viewOfQuarantine(row),
  bytes: Buffer.from(row.bytes).toString('base64'),
});

export function viewOfLogEntry(stored: StoredMessage): LogEntryView {
  const { logIndex, hash, class: of, effect, appendedAt } = stored;
  return { logIndex, hash, class: of, subject: openStored(stored).message.subject, effect, appendedAt };
}

interface HeldCount {
  readonly total: number;
  readonly bySource: ReadonlyMap<string, number>;
}
export const viewOfHeld = ({ total, bySource }: HeldCount, oldest: readonly HeldMessage[]): HeldView => ({
  total,
  bySource: [...bySource].map(([source, count]) => ({ source, count })),
  oldest: oldest.map(({ reason, subject, source, heldSince, waitsFor, until }) => ({
    reason,
    subject,
    source,
    heldSince,
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(until === undefined ? {} : { until }),
  })),
});
