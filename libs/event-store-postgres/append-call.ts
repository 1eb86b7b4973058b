/** Parameters of `lt.append`: arrays of its row types (migrations/append.sql.ts), columns in the order declared there. */
import type { ClientBase } from 'pg';
import type { Hand } from '#libs/kernel';
import {
  type BorderFields,
  borderFields,
  type CallRows,
  type DeliveryRow,
  type MessageRow,
  type SubjectRow,
} from './append-rows.ts';
import {
  bool,
  bytea,
  column,
  type Column,
  encodeArray,
  encodeRows,
  hash,
  int4,
  int8,
  text,
  texts,
  timestamptz,
  uuid,
} from './binary-arrays.ts';

const handFrom = (hand: Hand | undefined): string | undefined =>
  hand?.kind === 'transit' ? hand.from : hand?.kind === 'released' ? hand.by : undefined;
const handTo = (hand: Hand | undefined): string | undefined =>
  hand?.kind === 'transit' ? hand.to : hand?.kind === 'held' ? hand.custodian : undefined;

type ReadMessage = MessageRow & { readonly border: BorderFields };
const MESSAGE: readonly Column<ReadMessage>[] = [
  column(int4, ({ unit }) => unit),
  column(int4, ({ subject }) => subject),
  column(text, ({ sealed }) => sealed.class),
  column(text, ({ border }) => border.name),
  column(int8, ({ sealed: { message } }) => (message.streamseq === undefined ? null : Number(message.streamseq))),
  column(text, ({ sealed }) => sealed.message.source),
  column(uuid, ({ sealed }) => sealed.message.id),
  column(hash, ({ sealed }) => sealed.hash),
  column(hash, ({ sealed }) => sealed.message.prevhash),
  column(timestamptz, ({ sealed }) => sealed.message.recordedtime),
  column(hash, ({ sealed }) => sealed.message.causationhash),
  column(text, ({ border }) => border.to),
  column(timestamptz, ({ border }) => border.directoryVersion),
  column(text, ({ effect }) => effect),
  column(int4, ({ arrival }) => (arrival?.kind === 'mailbox' ? arrival.partition : null)),
  column(int8, ({ arrival }) => (arrival?.kind === 'mailbox' ? Number(arrival.offset) : null)),
  column(int4, ({ arrival }) => (arrival?.kind === 'mailbox' ? arrival.hops : null)),
];
const SUBJECT: readonly Column<SubjectRow>[] = [
  column(text, ({ name }) => name),
  column(int4, ({ unit }) => unit),
  column(int4, ({ change }) => change?.expectedRevision),
  column(int4, ({ added }) => added),
  column(hash, ({ change }) => change?.head.hash),
  column(int8, ({ change }) => change?.head.streamseq),
  column(timestamptz, ({ change }) => change?.head.recordedtime),
  column(text, ({ change }) => change?.head.hand?.kind),
  column(text, ({ change }) => handFrom(change?.head.hand)),
  column(text, ({ change }) => handTo(change?.head.hand)),
  column(bool, ({ change }) => change?.head.branched),
  column(bool, ({ change }) => change?.head.fork),
  column(texts, ({ change }) => change?.head.receivers),
  column(texts, ({ change }) => change?.head.parties),
];
const SUPERSEDED: readonly Column<CallRows['superseded'][number]>[] = [
  column(int4, ({ subject }) => subject),
  column(hash, (row) => row.hash),
];
const DELIVERY: readonly Column<DeliveryRow>[] = [
  column(int4, ({ unit }) => unit),
  column(int4, ({ receiver }) => receiver),
  column(int4, ({ message }) => message),
  column(hash, (row) => (row.message === 0 ? row.hash : null)),
  column(int4, ({ hops }) => hops),
];
const OPENING: readonly Column<CallRows['openings'][number]>[] = [
  column(int4, ({ delivery }) => delivery),
  column(hash, ({ event }) => event),
  column(text, ({ pointers }) => (pointers === 'all' ? null : JSON.stringify(pointers))),
  column(text, ({ purpose }) => purpose),
];
const KEY: readonly Column<CallRows['keys'][number]>[] = [
  column(int4, ({ unit }) => unit),
  column(text, ({ client }) => client),
  column(text, ({ agency }) => agency),
  column(text, ({ key }) => key),
  column(text, ({ bodyHmac }) => bodyHmac),
  column(text, ({ answer }) => answer),
  column(int4, ({ message }) => message),
  column(int4, ({ messages }) => messages),
];

/** Oids of the row types in this database. */
export type RowTypes = Readonly<Record<'message' | 'subject' | 'superseded' | 'delivery' | 'opening' | 'key', number>>;

export async function loadRowTypes(client: ClientBase): Promise<RowTypes> {
  const { rows } = await client.query<RowTypes>(
    `select 'lt.message_row'::regtype::oid::int as message, 'lt.subject_row'::regtype::oid::int as subject,
      'lt.superseded_row'::regtype::oid::int as superseded, 'lt.delivery_row'::regtype::oid::int as delivery,
      'lt.opening_row'::regtype::oid::int as opening, 'lt.key_row'::regtype::oid::int as key`,
  );
  return rows[0] as RowTypes;
}

/** Changes of the inbox as JSON text, with the bytes that it speaks of. */
export interface InboxParameters {
  readonly json: string;
  readonly bytes: readonly Uint8Array[];
}

const encodeBytes = (all: readonly Uint8Array[]): Buffer =>
  encodeArray(
    bytea,
    all,
    all.reduce((sum, { length }) => sum + length + 4, 20),
  );

export function encodeCall(
  software: string,
  types: RowTypes,
  rows: CallRows,
  inbox?: InboxParameters,
): (string | Buffer | null)[] {
  const messages = rows.messages.map((row) => ({ ...row, border: borderFields(row.sealed) }));
  return [
    software,
    encodeRows(types.message, MESSAGE, messages),
    encodeBytes(messages.map(({ sealed }) => sealed.bytes)),
    encodeRows(types.subject, SUBJECT, rows.subjects),
    encodeRows(types.superseded, SUPERSEDED, rows.superseded),
    encodeArray(text, rows.receivers),
    encodeRows(types.delivery, DELIVERY, rows.deliveries),
    encodeRows(types.opening, OPENING, rows.openings),
    encodeRows(types.key, KEY, rows.keys),
    inbox?.json ?? null,
    encodeBytes(inbox?.bytes ?? []),
  ];
}

export const APPEND_CALL = {
  name: 'lt.append',
  text: 'select lt.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as answer',
};
