/** The units of one call laid out as rows, the way `lt.append` takes them: positions and unit numbers count from 1. */
import { DomainError, isAgencyCode, splitType } from '#libs/kernel';
import type { Hash, SealedMessage } from '#libs/kernel';
import type { AppendUnit, Arrival, Effect, OpeningDue, StreamChange } from '#libs/use-cases';

export interface MessageRow {
  readonly unit: number;
  readonly subject: number;
  readonly sealed: SealedMessage;
  readonly effect: Effect;
  readonly arrival: Arrival | undefined;
}
export interface SubjectRow {
  readonly name: string;
  /** The unit that changes the stream; absent: it is only named. */
  unit?: number;
  change?: StreamChange;
  added?: number;
}
export interface DeliveryRow {
  readonly unit: number;
  readonly receiver: number;
  /** 0: not in this call. */
  readonly message: number;
  readonly hash: Hash;
  readonly hops: number | undefined;
}
export interface KeyRow extends NonNullable<AppendUnit['idempotency']> {
  readonly unit: number;
  /** Position of the unit's first message. */
  readonly message: number;
  readonly messages: number;
}
export interface CallRows {
  readonly messages: MessageRow[];
  readonly subjects: SubjectRow[];
  readonly superseded: { readonly subject: number; readonly hash: Hash }[];
  readonly receivers: string[];
  readonly deliveries: DeliveryRow[];
  readonly openings: (OpeningDue & { readonly delivery: number })[];
  readonly keys: KeyRow[];
}

/** Events that the unit adds to a stream. */
export const countAdded = (unit: AppendUnit, subject: string): number =>
  unit.messages.filter(({ sealed: { message } }) => message.subject === subject && message.streamseq !== undefined)
    .length;

/** An index of the database holds subjects whole; a page of it has room for 2,704 bytes. The border's grammar is far narrower. */
const LONGEST_SUBJECT = 600;

class RowCollector {
  readonly rows: CallRows = {
    messages: [],
    subjects: [],
    superseded: [],
    receivers: [],
    deliveries: [],
    openings: [],
    keys: [],
  };
  readonly #subjects = new Map<string, number>();
  readonly #receivers = new Map<string, number>();
  readonly #arrivals: ReadonlyMap<Hash, Arrival> | undefined;

  constructor(arrivals: ReadonlyMap<Hash, Arrival> | undefined) {
    this.#arrivals = arrivals;
  }

  add(unit: AppendUnit, number: number): void {
    const positions = new Map<Hash, number>();
    const message = this.rows.messages.length + 1;
    for (const { sealed, effect } of unit.messages) {
      const subject = this.#subjectOf(sealed.message.subject);
      const arrival = this.#arrivals?.get(sealed.hash);
      positions.set(sealed.hash, this.rows.messages.push({ unit: number, subject, sealed, effect, arrival }));
    }
    for (const change of unit.streams) this.#addChange(unit, change, number);
    for (const { receiver, message, openings, hops } of unit.deliveries) {
      const delivery = this.rows.deliveries.push({
        unit: number,
        receiver: this.#receiverOf(receiver),
        message: positions.get(message) ?? 0,
        hash: message,
        hops,
      });
      for (const opening of openings ?? []) this.rows.openings.push({ ...opening, delivery });
    }
    if (unit.idempotency)
      this.rows.keys.push({ ...unit.idempotency, unit: number, message, messages: unit.messages.length });
  }

  #addChange(unit: AppendUnit, change: StreamChange, number: number): void {
    const subject = this.#subjectOf(change.subject);
    const row = this.rows.subjects[subject - 1] as SubjectRow;
    row.unit = number;
    row.change = change;
    row.added = countAdded(unit, change.subject);
    for (const hash of change.head.superseded) this.rows.superseded.push({ subject, hash });
  }

  #subjectOf(name: string): number {
    const known = this.#subjects.get(name);
    if (known !== undefined) return known;
    if (Buffer.byteLength(name) > LONGEST_SUBJECT)
      throw new DomainError('SUBJECT_TOO_LONG', 'a subject longer than 600 bytes');
    const position = this.rows.subjects.push({ name });
    this.#subjects.set(name, position);
    return position;
  }

  #receiverOf(node: string): number {
    const known = this.#receivers.get(node);
    if (known !== undefined) return known;
    const position = this.rows.receivers.push(node);
    this.#receivers.set(node, position);
    return position;
  }
}

export function collectRows(units: readonly AppendUnit[], arrivals?: ReadonlyMap<Hash, Arrival>): CallRows {
  const collector = new RowCollector(arrivals);
  units.forEach((unit, at) => collector.add(unit, at + 1));
  return collector.rows;
}

export interface BorderFields {
  /** Name in the type, e.g. `forwarded`. */
  readonly name: string;
  readonly to?: string;
  readonly directoryVersion?: string;
}
/** What the border reads of an event's data (wire format 6): `to` of `forwarded` and `rehomed`, `directoryVersion` of the latter. */
export function borderFields({ class: kind, message }: SealedMessage): BorderFields {
  const name = splitType(message.type)?.name ?? '';
  if (kind !== 'event' || (name !== 'forwarded' && name !== 'rehomed')) return { name };
  const { to, directoryVersion } = message.data;
  return {
    name,
    ...(isText(to) && isAgencyCode(to) && { to }),
    ...(name === 'rehomed' && isTime(directoryVersion) && { directoryVersion }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
