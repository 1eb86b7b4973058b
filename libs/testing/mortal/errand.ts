/** What a mortal process is told to do, as JSON. */
import type { RegistrarKey } from '#libs/directory';
import type { Instant } from '#libs/kernel';
import type { KafkaConnection } from '#libs/messaging-kafka';
import type { Act, IncomingBatch } from '#libs/use-cases';
import type { ProcessOf } from '../test-process.ts';
import type { Death } from './gate.ts';

type Written = readonly (readonly [keyId: string, publicKey: string])[];

export interface NodeErrand {
  readonly does: 'act' | 'relay' | 'ingest' | 'receipts' | 'answer' | 'checkpoint' | 'redrive' | 'fold';
  readonly node: {
    readonly wanted: ProcessOf['wanted'];
    readonly ledgerUrl: string;
    readonly vaultUrl: string;
    readonly trusted: Written;
  };
  readonly now: Instant;
  /** Absent: nothing is sent to anybody. */
  readonly connection?: KafkaConnection;
  /** Absent: lives until it is killed from outside. */
  readonly death?: Death;
  readonly act?: unknown;
  readonly batch?: unknown;
}
export interface MigrateErrand {
  readonly does: 'migrate';
  readonly what: 'ledger' | 'vault' | 'lists';
  readonly ownerUrl: string;
  readonly appRole: string;
}
export type Errand = NodeErrand | MigrateErrand;

/** Bytes stand as base64 under one member; a Buffer has been made `{ type, data }` of before it is asked about. */
function pack(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
  return isBuffer ? { base64: Buffer.from((value as unknown as { data: number[] }).data).toString('base64') } : value;
}
const unpack = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'base64' in value
    ? Buffer.from(String(value.base64), 'base64')
    : value;

export const packed = (value: unknown): unknown => JSON.parse(JSON.stringify(value, pack));
const unpacked = (value: unknown): unknown => JSON.parse(JSON.stringify(value), unpack);

export const actOf = ({ act }: NodeErrand): Act => unpacked(act) as Act;
export const batchOf = ({ batch }: NodeErrand): IncomingBatch => unpacked(batch) as IncomingBatch;

export const writtenKeys = (keys: readonly RegistrarKey[]): Written =>
  keys.map(({ keyId, publicKey }) => [keyId, Buffer.from(publicKey).toString('base64')]);
export const trustedOf = ({ trusted }: NodeErrand['node']): readonly RegistrarKey[] =>
  trusted.map(([keyId, publicKey]) => ({ keyId, publicKey: Buffer.from(publicKey, 'base64') }));
