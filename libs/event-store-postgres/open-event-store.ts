/**
 * The event store on PostgreSQL: what the port promises (libs/use-cases/ports/event-store.port.ts), with one database
 * function for everything that enters the ledger (migrations/append.sql.ts).
 */
import type { Pool } from 'pg';
import type { Subject } from '#libs/kernel';
import type { AppendUnit, AppendVerdict, EventStore, IngestBatch, IngestVerdict } from '#libs/use-cases';
import { APPEND_CALL, encodeCall, type InboxParameters, loadRowTypes, type RowTypes } from './append-call.ts';
import { type CallRows, collectRows } from './append-rows.ts';
import { type AppendAnswer, findConflict, readVerdicts } from './append-verdicts.ts';
import { Appender, type AppenderLimits, LIMITS } from './appender.ts';
import { classified } from './errors.ts';
import { followers } from './followers.ts';
import { inboxReads } from './inbox-reads.ts';
import { ledgerReads } from './ledger-reads.ts';
import { lines } from './lines.ts';
import { lives, type LifeWatch } from './lives.ts';
import { LogWatch } from './log-watch.ts';
import { checkSchemaVersion } from './migrate.ts';
import { outbox } from './outbox.ts';
import { closePools, openPools, type StoreTimeouts, TIMEOUTS, type Watched } from './pools.ts';
import { encodeInbox, hasLeft, mergeUnits } from './record.ts';
import { retried } from './retry.ts';
import { checkSafety } from './safety.ts';
import { worklists } from './worklists.ts';

export interface EventStoreOptions {
  /** Connection of the application's role. */
  readonly url: string;
  /** Kept beside each message. */
  readonly softwareVersion: string;
  readonly timeouts?: StoreTimeouts;
  readonly limits?: Partial<AppenderLimits>;
  /** Statements that wait for a connection of one pool. */
  readonly waitingMax?: number;
  /** Told how many units went in each call. */
  readonly onCall?: (units: number) => void;
  /** Told of the database at every new connection, before anything is read or written over it. */
  readonly watch?: LifeWatch;
}

type Call = (rows: CallRows, inbox?: InboxParameters) => Promise<AppendAnswer>;
const callOn =
  (pool: Pool, softwareVersion: string, types: RowTypes): Call =>
  async (rows, inbox) => {
    const values = encodeCall(softwareVersion, types, rows, inbox);
    const result = await pool.query<{ answer: AppendAnswer }>({ ...APPEND_CALL, values });
    return result.rows[0]?.answer as AppendAnswer;
  };

async function recordBatch(call: Call, batch: IngestBatch, limits: AppenderLimits): Promise<IngestVerdict> {
  const merged = mergeUnits(batch.units);
  if ('conflict' in merged) return { kind: 'conflict', subject: merged.conflict };
  const inbox = encodeInbox(batch);
  const subject = merged.messages[0]?.sealed.message.subject as Subject;
  const answer = await retried(() => call(collectRows([merged], batch.arrivals), inbox), limits.retry).catch(
    (error: unknown) => {
      if (hasLeft(error)) return undefined;
      throw error;
    },
  );
  if (!answer) return { kind: 'conflict', subject };
  const conflict = findConflict(answer, subject);
  if (conflict !== undefined) return { kind: 'conflict', subject: conflict };
  const [verdict] = readVerdicts([merged], answer);
  return { kind: 'recorded', logIndexes: verdict && 'logIndexes' in verdict ? verdict.logIndexes : [] };
}

/**
 * @throws DomainError `UNSAFE_DATABASE`, `DATABASE_NEWER`, `DATABASE_NOT_MIGRATED`; `STORE_UNAVAILABLE` (retryable) when
 * the database cannot be reached.
 */
export async function openEventStore(options: EventStoreOptions): Promise<EventStore> {
  const { url, softwareVersion, timeouts = TIMEOUTS, waitingMax } = options;
  const limits = { ...LIMITS, ...options.limits };
  const watched: Watched = {};
  const pools = openPools(url, timeouts, { watched, waitingMax });
  let types: RowTypes;
  try {
    types = await classified(() => check(pools.read));
    watched.watch = options.watch;
  } catch (error) {
    await closePools(pools);
    throw error;
  }
  const watch = new LogWatch();
  const call = callOn(pools.append, softwareVersion, types);
  const send = async (units: readonly AppendUnit[]): Promise<readonly AppendVerdict[]> => {
    const verdicts = readVerdicts(units, await call(collectRows(units)));
    options.onCall?.(units.length);
    watch.ring();
    return verdicts;
  };
  const appender = new Appender(send, limits);
  return {
    append: (unit) => appender.append(unit),
    async record(batch) {
      const verdict = await recordBatch(call, batch, limits);
      watch.ring();
      return verdict;
    },
    ...ledgerReads(pools.read),
    ...worklists(pools.read),
    ...inboxReads(pools.read),
    ...followers(pools),
    ...outbox(pools, (unit) => appender.append(unit)),
    ...lines(pools),
    ...lives(pools.read),
    appended: (ms) => watch.appended(ms),
    async close() {
      await appender.close();
      watch.close();
      await closePools(pools);
    },
  };
}

async function check(pool: Pool): Promise<RowTypes> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // The pool does not listen to a connection that it has lent; unheard, its loss would end the process.
  const lose = (error: Error): void => void (lost = error);
  client.on('error', lose);
  try {
    await checkSafety(client);
    await checkSchemaVersion(client);
    return await loadRowTypes(client);
  } finally {
    client.off('error', lose);
    client.release(lost);
  }
}
