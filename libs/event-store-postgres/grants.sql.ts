/** What the application's role may do, table by table. Nothing else may it do, in this schema or outside it. */
export const GRANTS: Readonly<Record<string, string>> = {
  ledger: 'select, insert',
  // Update: it locks the row. No column is ever written.
  ledger_head: 'select, update (only_row)',
  stream: 'select, insert, update',
  superseded: 'select, insert, delete',
  unanswered: 'select, insert, update (hops), delete',
  passed_on: 'select, insert, update (node), update (hops)',
  idempotency: 'select, insert, update, delete',
  counter: 'select, insert, update',
  follower_position: 'select, insert, update',
  checkpoint: 'select, insert',
  life: 'select, update (recovered_at)',
  recovery_peer: 'select, insert, update',
  recovery_wanted: 'select, insert, update (asked_at), delete',
  receiver: 'select, insert, update',
  outbox: 'select, insert',
  opening_due: 'select, insert',
  resend: 'select, insert, update, delete',
  receipt: 'select, insert, update',
  inbound_line: 'select, insert, update',
  inbound_number: 'select, insert, update, delete',
  mailbox_offset: 'select, insert, update',
  held: 'select, insert, update, delete',
  quarantine: 'select, insert, update (released_at), update (left_with)',
  // Kept by triggers.
  quarantine_share: 'select',
  quarantine_whole: 'select',
  operator_act: 'select, insert',
  redrive_job: 'select, insert, update',
  redrive_try: 'select, insert, update',
  migration: 'select',
};

/** @param role quoted identifier */
export function grantStatements(role: string): string {
  return [
    'revoke all on schema lt from public',
    'revoke all on all tables in schema lt from public',
    `revoke all on all tables in schema lt from ${role}`,
    `grant usage on schema lt to ${role}`,
    ...Object.entries(GRANTS).map(([table, may]) => `grant ${may} on lt.${table} to ${role}`),
    'revoke all on all functions in schema lt from public',
    `grant execute on all functions in schema lt to ${role}`,
  ].join(';\n');
}
