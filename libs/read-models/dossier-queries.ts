/** What is asked of the dossier list. Answers are of the entries folded so far: `position` says up to which. */
import type pg from 'pg';
import { comparableCode, type AgencyCode, type Instant, type Subject } from '#libs/kernel';
import type { DossierDeadlines } from '#libs/use-cases';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { conditionsOf, type DossierFilter, type DossierOrder } from './dossier-filter.ts';
import { onLive, type Generation } from './generations.ts';
import { listedDossier, type ListedDossier } from './listed-dossier.ts';
import { classified } from './read-model-errors.ts';

export interface DossierPage {
  readonly dossiers: readonly ListedDossier[];
  /** Absent on the last page. */
  readonly next?: string;
}
export interface PageWanted {
  readonly order?: DossierOrder;
  readonly cursor?: string;
  /** 1 to 500; 50 if absent. */
  readonly limit?: number;
}
/** A code that stands in several streams: to be looked at by a person, never merged. */
export interface CodeAlarm {
  /** Who gave the code; empty for the legal dossier code. */
  readonly system: string;
  readonly code: string;
  readonly subjects: readonly Subject[];
}
export interface AgencyTotals {
  readonly agency: AgencyCode;
  /** Received as the one-stop unit. */
  readonly received: number;
  /** Taken over from another agency, now or before. */
  readonly takenOver: number;
  /** Passed on to an agency that accepted, or on the way there. */
  readonly forwarded: number;
  /** Ended by this agency after receipt: resolved, refused, stopped, withdrawn. */
  readonly settled: number;
  /** Of the settled, those on time or early by the local rule. */
  readonly onTime: number;
  /** In its hand and not ended. */
  readonly waiting: number;
  /** On the way to it. */
  readonly coming: number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** `key` as text keeps microseconds; compared as its own type. */
const ORDERS: Readonly<Record<DossierOrder, { key: string; type: string; sense: 'ASC' | 'DESC'; only?: string }>> = {
  newest: { key: 'first_index', type: 'bigint', sense: 'DESC' },
  due: { key: 'due_at', type: 'timestamptz', sense: 'ASC', only: 'ended_at IS NULL AND due_at IS NOT NULL' },
  updated: { key: 'updated_index', type: 'bigint', sense: 'ASC' },
};

export interface ListTallies {
  /** Last entry of the log that the lists contain; −1 at first. */
  readonly foldedUpTo: number;
  readonly parked: readonly { readonly reason: string; readonly count: number }[];
  readonly superseded: number;
}

export class DossierQueries implements DossierDeadlines {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** @throws DomainError `CURSOR_INVALID` */
  async list(filter: DossierFilter, wanted: PageWanted = {}): Promise<DossierPage> {
    const { order = 'newest', cursor, limit = DEFAULT_LIMIT } = wanted;
    const { key, type, sense, only } = ORDERS[order];
    const { sql, values } = conditionsOf(filter);
    const after = cursor === undefined ? undefined : decodeCursor(order, cursor);
    const [first, second, third] = [1, 2, 3].map((place) => `$${values.length + place}`);
    const conditions = [
      ...sql,
      ...(only ? [only] : []),
      `(${first}::text IS NULL OR (${key}, first_index) ${sense === 'ASC' ? '>' : '<'} (${first}::${type}, ${second}::bigint))`,
    ];
    const rowsWanted = Math.min(Math.max(Math.trunc(limit), 1), MAX_LIMIT);
    return this.#ask(async (generation) => {
      const { rows } = await this.#pool.query<Row>(
        `${SELECT(generation)}, ${key}::text AS sort_key, first_index FROM read.dossier_list_${generation.number} d
         WHERE ${conditions.join(' AND ')} ORDER BY ${key} ${sense}, first_index ${sense} LIMIT ${third}`,
        [...values, after?.key, after?.index, rowsWanted + 1],
      );
      const last = rows.length > rowsWanted ? rows[rowsWanted - 1] : undefined;
      return {
        dossiers: rows.slice(0, rowsWanted).map(listedDossier),
        ...(last && { next: encodeCursor(order, { key: last.sort_key, index: Number(last.first_index) }) }),
      };
    });
  }

  find(subject: Subject): Promise<ListedDossier | undefined> {
    return this.#ask(async (generation) => {
      const { rows } = await this.#pool.query<Row>(
        `${SELECT(generation)} FROM read.dossier_list_${generation.number} d WHERE subject = $1`,
        [subject],
      );
      return rows[0] && listedDossier(rows[0]);
    });
  }

  /** By the legal dossier code or any other code, whole; agency codes of both generations are one. Several: see {@link codeAlarms}. */
  findByCode(code: string): Promise<readonly ListedDossier[]> {
    return this.#ask(async (generation) => {
      const { rows } = await this.#pool.query<Row>(
        `${SELECT(generation)} FROM read.dossier_list_${generation.number} d
         WHERE subject IN (SELECT subject FROM read.dossier_code_${generation.number} WHERE code = $1) ORDER BY first_index`,
        [comparableCode(code)],
      );
      return rows.map(listedDossier);
    });
  }

  codeAlarms(limit = MAX_LIMIT): Promise<readonly CodeAlarm[]> {
    return this.#ask(async ({ number }) => {
      const { rows } = await this.#pool.query<CodeAlarm>(
        `SELECT system, code, subjects FROM read.dossier_code_alarm_${number} ORDER BY system, code LIMIT $1`,
        [limit],
      );
      return rows;
    });
  }

  async findOpinionsDue(now: Instant, custodians: readonly AgencyCode[], limit: number): Promise<readonly Subject[]> {
    return this.#ask(async ({ number }) => {
      const { rows } = await this.#pool.query<{ subject: Subject }>(
        `SELECT subject FROM read.dossier_list_${number}
         WHERE opinion_due_at < $1 AND ended_at IS NULL AND parked IS NULL AND custodian = ANY ($2)
         ORDER BY opinion_due_at LIMIT $3`,
        [now, custodians, limit],
      );
      return rows.map(({ subject }) => subject);
    });
  }

  /** Sums over the rows, for the agencies named or all that have any. */
  agencyTotals(agencies?: readonly AgencyCode[]): Promise<readonly AgencyTotals[]> {
    return this.#ask(async ({ number }) => {
      const { rows } = await this.#pool.query<AgencyTotals>(TOTALS(`read.dossier_list_${number}`), [agencies]);
      return rows;
    });
  }

  /** How far the live lists are folded, and how many dossiers are parked or have something superseded to answer. */
  tallies(): Promise<ListTallies> {
    return this.#ask(async ({ number, logIndex }) => {
      const list = `read.dossier_list_${number}`;
      const { rows } = await this.#pool.query<{ parked: string | null; count: number }>(
        `SELECT parked, count(*)::int AS count FROM ${list} WHERE parked IS NOT NULL GROUP BY parked
         UNION ALL SELECT NULL, count(*)::int FROM ${list} WHERE unanswered > 0`,
      );
      const parked = rows.flatMap(({ parked: reason, count }) => (reason === null ? [] : [{ reason, count }]));
      return { foldedUpTo: logIndex, parked, superseded: rows.find((row) => row.parked === null)?.count ?? 0 };
    });
  }

  #ask<T>(work: (generation: Generation) => Promise<T>): Promise<T> {
    return classified(() => onLive(this.#pool, work));
  }
}

type Row = Readonly<Record<string, unknown>> & { readonly sort_key: string; readonly first_index: string };

const SELECT = ({ number }: Generation): string => `
  SELECT subject, updated_index, updated_at, head_hash, head_place, head_time, filed_with, receiving_agency,
    state->'facts'->>'dossierCode' AS dossier_code,
    register_number, procedure_code, procedure_version, procedure_case, channel, applicant_kind, territory, area, situation,
    status, custodian, in_transit_from, in_transit_to, transit_reason, released_by, leg_due_at, due_at,
    intake_answer_due_at, submitted_at, received_at, ended_at, ending, ended_by, verdict, custodians, parties, flags,
    branched, parked, parked_event, unapplied, unanswered,
    EXISTS (SELECT FROM read.dossier_code_${number} c JOIN read.dossier_code_${number} o USING (code, system)
      WHERE c.subject = d.subject AND o.subject <> d.subject) AS code_alarm`;

const TOTALS = (list: string): string => `
  WITH part (agency, member, dossiers) AS (
    SELECT receiving_agency, 'received', count(*) FROM ${list} WHERE received_at IS NOT NULL GROUP BY 1
    UNION ALL
    SELECT c.agency, 'takenOver', count(*) FROM ${list}, unnest(custodians) WITH ORDINALITY AS c (agency, place)
      WHERE c.place > 1 GROUP BY 1
    UNION ALL
    SELECT f.agency, 'forwarded', count(*) FROM ${list}, LATERAL (
      SELECT unnest(forwarded_by)
      UNION SELECT in_transit_from WHERE in_transit_from IS NOT NULL AND transit_reason <> 'return') AS f (agency) GROUP BY 1
    UNION ALL
    SELECT ended_by, 'settled', count(*) FROM ${list} WHERE ending <> 'intake-refused' GROUP BY 1
    UNION ALL
    SELECT ended_by, 'onTime', count(*) FROM ${list}
      WHERE ending <> 'intake-refused' AND verdict IN ('early', 'on-time') GROUP BY 1
    UNION ALL
    SELECT custodian, 'waiting', count(*) FROM ${list} WHERE custodian IS NOT NULL AND ended_at IS NULL GROUP BY 1
    UNION ALL
    SELECT in_transit_to, 'coming', count(*) FROM ${list} WHERE in_transit_to IS NOT NULL GROUP BY 1
  )
  SELECT agency, ${['received', 'takenOver', 'forwarded', 'settled', 'onTime', 'waiting', 'coming']
    .map((member) => `coalesce(sum(dossiers) FILTER (WHERE member = '${member}'), 0)::int AS "${member}"`)
    .join(', ')}
  FROM part WHERE $1::text[] IS NULL OR agency = ANY ($1) GROUP BY agency ORDER BY agency COLLATE "C"`;
