/** Registers that only grow: openings sent to other nodes, and fields seen by people. No values in either. */
import type pg from 'pg';
import type { Hash, Instant, NodeId } from '#libs/kernel';
import type { DisclosureSent, Vault } from '#libs/use-cases';
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

export async function recordReveal(pool: pg.Pool, row: Parameters<Vault['recordReveal']>[0]): Promise<void> {
  await pool.query({
    name: 'record-reveal',
    text: 'INSERT INTO vault.reveal (stream, event, pointers, actor, reason, revealed_at) VALUES ($1, $2, $3, $4, $5, $6)',
    values: [row.stream, eventBytes(row.event), row.pointers, row.actor, row.reason, row.at],
  });
}
