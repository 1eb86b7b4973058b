/** Registers that only grow: openings sent to other nodes or refused, copies destroyed, fields seen by people. No values in any. */
import type pg from 'pg';
import type { Hash, Instant, NodeId } from '#libs/kernel';
import type { DisclosureRefused, DisclosureSent, ErasureConfirmed, Vault } from '#libs/use-cases';
import { eventBytes, eventHash } from './disclosures.ts';

type Sending = Omit<DisclosureSent, 'pointer'>;

/** One row per event, receiver, key, purpose and time, with its pointers: a sixth of the rows of one per pointer. */
export async function recordSent(pool: pg.Pool, sent: readonly DisclosureSent[]): Promise<void> {
  if (sent.length === 0) return;
  const sendings = Map.groupBy(sent, ({ pointer: _, ...sending }) => JSON.stringify(sending));
  const rows = [...sendings.values()].map((group) => ({
    ...(group[0] as Sending),
    pointers: group.map(({ pointer }) => pointer),
  }));
  await pool.query({
    name: 'record-sent',
    text: `INSERT INTO vault.disclosure_sent (event, pointers, receiver, key_id, purpose, sent_at)
           SELECT decode(r.event, 'hex'), ARRAY(SELECT jsonb_array_elements_text(r.pointers)), r.receiver, r.key_id, r.purpose, r.sent_at
           FROM jsonb_to_recordset($1) AS r (event text, pointers jsonb, receiver text, key_id text, purpose text, sent_at timestamptz)`,
    values: [JSON.stringify(rows.map((row) => toJson(row)))],
  });
}

const toJson = ({ event, keyId, sentAt, ...rest }: Sending & { readonly pointers: readonly string[] }): object => ({
  ...rest,
  event: eventBytes(event).toString('hex'),
  key_id: keyId,
  sent_at: sentAt,
});

interface SentRow {
  readonly event: Buffer;
  readonly pointer: string;
  readonly receiver: NodeId;
  readonly key_id: string;
  readonly purpose: string;
  readonly sent_at: Date;
}

/** A row recorded twice, after a lost connection, is shown once. */
export async function findSent(pool: pg.Pool, event: Hash): Promise<readonly DisclosureSent[]> {
  const { rows } = await pool.query<SentRow>({
    name: 'find-sent',
    text: `SELECT DISTINCT s.sent_at, s.receiver, s.key_id, s.purpose, s.event, p.pointer COLLATE "C" AS pointer
           FROM vault.disclosure_sent s CROSS JOIN unnest(s.pointers) AS p (pointer)
           WHERE s.event = $1 ORDER BY s.sent_at, s.receiver, s.key_id, s.purpose, pointer`,
    values: [eventBytes(event)],
  });
  return rows.map((row) => ({
    event: eventHash(row.event),
    pointer: row.pointer,
    receiver: row.receiver,
    keyId: row.key_id,
    purpose: row.purpose,
    sentAt: row.sent_at.toISOString() as Instant,
  }));
}

export async function recordRefused(pool: pg.Pool, rows: readonly DisclosureRefused[]): Promise<void> {
  if (rows.length === 0) return;
  await pool.query({
    name: 'record-refused',
    text: `INSERT INTO vault.disclosure_refused (event, receiver, purpose, code, refused_at)
           SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
    values: [
      rows.map(({ event }) => eventBytes(event)),
      rows.map(({ receiver }) => receiver),
      rows.map(({ purpose }) => purpose),
      rows.map(({ code }) => code),
      rows.map(({ refusedAt }) => refusedAt),
    ],
  });
}

interface RefusedRow {
  readonly receiver: NodeId;
  readonly purpose: string;
  readonly code: string;
  readonly refused_at: Date;
}

export async function findRefused(pool: pg.Pool, event: Hash): Promise<readonly DisclosureRefused[]> {
  const { rows } = await pool.query<RefusedRow>({
    name: 'find-refused',
    text: `SELECT DISTINCT refused_at, receiver, purpose, code FROM vault.disclosure_refused
           WHERE event = $1 ORDER BY refused_at, receiver, purpose, code`,
    values: [eventBytes(event)],
  });
  return rows.map(({ refused_at, ...row }) => ({ event, ...row, refusedAt: refused_at.toISOString() as Instant }));
}

export async function recordErased(pool: pg.Pool, event: Hash, { node, confirmedAt }: ErasureConfirmed): Promise<void> {
  await pool.query({
    name: 'record-erased',
    text: 'INSERT INTO vault.erasure_confirmed (event, node, confirmed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [eventBytes(event), node, confirmedAt],
  });
}

export async function findErased(pool: pg.Pool, event: Hash): Promise<readonly ErasureConfirmed[]> {
  const { rows } = await pool.query<{ node: NodeId; confirmed_at: Date }>({
    name: 'find-erased',
    text: 'SELECT node, confirmed_at FROM vault.erasure_confirmed WHERE event = $1 ORDER BY confirmed_at, node',
    values: [eventBytes(event)],
  });
  return rows.map(({ node, confirmed_at }) => ({ node, confirmedAt: confirmed_at.toISOString() as Instant }));
}

export async function recordReveal(pool: pg.Pool, row: Parameters<Vault['recordReveal']>[0]): Promise<void> {
  await pool.query({
    name: 'record-reveal',
    text: 'INSERT INTO vault.reveal (stream, event, pointers, actor, reason, revealed_at) VALUES ($1, $2, $3, $4, $5, $6)',
    values: [row.stream, eventBytes(row.event), row.pointers, row.actor, row.reason, row.at],
  });
}
