/**
 * Every metric of the gateway: what it is, and what to do when it is bad. The registry (metrics.ts) and docs/metrics.md are
 * made from it. Labels have closed grammars and few values: nodes of the directory, codes and words of the program.
 */
import type { TextField } from './closed-grammar.ts';
import { DISK, PRUNED } from './metric-catalogue.disk.ts';
import type { MetricEntry } from './metric-entry.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const entry = <T extends MetricEntry>(one: T): T => one;
const gauge = (unit: MetricEntry['unit'], labels: readonly TextField[], means: string, bad: string) =>
  entry({ type: 'gauge', unit, labels, means, bad });
const counter = (unit: MetricEntry['unit'], labels: readonly TextField[], means: string, bad: string) =>
  entry({ type: 'counter', unit, labels, means, bad });
const histogram = (
  unit: MetricEntry['unit'],
  labels: readonly TextField[],
  { means, bad, buckets = SECONDS }: { means: string; bad: string; buckets?: readonly number[] },
) => entry({ type: 'histogram', unit, labels, means, bad, buckets });

const COUNTERS = {
  appended_total: counter(
    'messages',
    ['class', 'arrival'],
    'Messages recorded in the ledger, by class and by whether they were written here (`local`) or came (`mailbox`)',
    'none at a working hour: look at `lienthong_ready` and at the door’s 5xx',
  ),
  ingest_judged_total: counter(
    'messages',
    ['verdict'],
    'Messages of the mailbox judged at the border',
    '`quarantined` or `dropped` grows: `npx lienthong quarantine list`, by code',
  ),
  loop_failures_total: counter(
    'turns',
    ['follower'],
    'Turns of a loop that failed and are tried again',
    'the log line `LOOP_FAILED` of that loop names the cause',
  ),
  reports_total: counter(
    'reports',
    ['code'],
    'Lines of the log with a report code',
    'look the code up in [report codes](report-codes.md)',
  ),
} as const;

const HISTOGRAMS = {
  http_request_duration_seconds: histogram('seconds', ['method', 'route', 'status'], {
    means: 'Time to answer an HTTP request; waiting for an outcome, if the caller asked for it, is part of it',
    bad: 'compare with `lienthong_append_duration_seconds`: the ledger, or the process itself (event loop)',
  }),
  append_duration_seconds: histogram('seconds', ['verdict'], {
    means: 'Time from asking for an append to its verdict, waiting in the group included',
    bad: 'disk or locks of the database; many `conflict`: one dossier is written from many sides',
    buckets: [0.0005, 0.001, 0.0025, ...SECONDS],
  }),
  group_commit_units: histogram('units', [], {
    means: 'Units that went to the ledger in one call',
    bad: 'always near 256: the ledger is the bottleneck; see the time of appends',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  }),
} as const;

const LINES = {
  outbox_depth: gauge(
    'messages',
    ['receiver'],
    'Messages that the broker has not acknowledged yet',
    'broker away (`BROKER_AWAY`), topic missing, or no process with the role `relay`',
  ),
  outbox_oldest_age_seconds: gauge(
    'seconds',
    ['receiver'],
    'Age of the oldest message that the receiver has not confirmed',
    'the peer is away or behind: ask its operator; nothing is lost meanwhile',
  ),
  deliveries_unconfirmed: gauge(
    'messages',
    ['receiver'],
    'Messages owed that no receipt covers yet',
    'with an empty outbox: the peer does not read, or its receipts do not arrive',
  ),
  deliveries_refused: gauge(
    'messages',
    ['receiver'],
    'Messages that the receiver has quarantined, as its last receipt says (100 at most)',
    'ask the peer for stage and code: keys, directory or contracts differ',
  ),
  inbound_missing: gauge(
    'messages',
    ['sender'],
    'Messages that a sender says it has sent and that are not recorded here',
    'grows: the mailbox is not read, or a gap is not filled; see held messages',
  ),
  mailbox_lag_records: gauge(
    'records',
    [],
    'Records of the mailbox that this process has yet to read, over its partitions',
    'grows: ingest is too slow or stands; see `lienthong_mailbox_reading`',
  ),
  mailbox_reading: gauge(
    'boolean',
    [],
    '1 when this process is in the group and reads its mailbox',
    '0: the broker is away or refuses the login; the node goes on working, mail waits',
  ),
} as const;

const TROUBLE = {
  held_messages: gauge(
    'messages',
    ['reason'],
    'Messages held at the border: a gap, a time to come, a directory version wanted',
    '`GET /v1/held` names the oldest of each kind and what it waits for',
  ),
  held_oldest_age_seconds: gauge(
    'seconds',
    ['reason'],
    'Age of the oldest held message',
    'a gap older than minutes: no holder answers; a directory version: the registrar’s topic is not read',
  ),
  quarantined_messages: gauge(
    'messages',
    ['stage', 'code'],
    'Messages in quarantine, by stage of the border and code',
    '`npx lienthong quarantine show`; `SIGNATURE` and `NOT_ENTITLED` are somebody’s attempt or a wrong key',
  ),
  quarantined_oldest_age_seconds: gauge(
    'seconds',
    ['stage'],
    'Age of the oldest message in quarantine',
    'nobody looks after the quarantine',
  ),
  openings_awaited: gauge(
    'openings',
    [],
    'Openings that this node may have and has not been sent',
    'asked for again by themselves; `GET /v1/status` says since when',
  ),
  openings_awaited_dossiers: gauge(
    'dossiers',
    [],
    'Dossiers in the hand of this node that lack such openings',
    'they cannot be accepted or decided before',
  ),
  openings_awaited_oldest_age_seconds: gauge(
    'seconds',
    [],
    'Age of the opening awaited longest',
    'no holder sends it: `OPENINGS_REFUSED` or `OPENINGS_NOT_ASKED` in the log says why',
  ),
  parked_dossiers: gauge(
    'dossiers',
    ['reason'],
    'Dossiers whose fold is parked',
    '`FORK`: end it by `rehome`; `NOT_UNDERSTOOD`: this program is older than a peer’s; else read the log',
  ),
  superseded_dossiers: gauge(
    'dossiers',
    [],
    'Dossiers in which something superseded waits for an answer of the custodian',
    'somebody was told that it is recorded: take it over or refuse it',
  ),
  unanswered_commands: gauge(
    'commands',
    [],
    'Commands from other nodes or to them that have no outcome yet',
    'grows: the dossiers are in transit or parked, or openings are missing',
  ),
  unanswered_oldest_age_seconds: gauge(
    'seconds',
    [],
    'Age of the oldest command without an outcome',
    'it expires at its `expirytime` and is refused then; find out before what it waits for',
  ),
} as const;

const PROCESS = {
  log_size: gauge(
    'messages',
    [],
    'Messages in the ledger',
    'smaller than before: the database was put back; stop the node',
  ),
  checkpoint_size: gauge(
    'messages',
    [],
    'Size of the log at the last signed checkpoint',
    'stays behind the log: no process with the role `checkpoints`, or `LOG_REWRITTEN`',
  ),
  projection_lag: gauge(
    'messages',
    [],
    'Entries of the log that the lists do not show yet',
    'grows: no process with the role `projections`, or its fold failed (`FOLD_FAILED`, `FOLD_STOPPED`)',
  ),
  table_bytes: gauge(
    'bytes',
    ['relation'],
    'Bytes on disk of the large tables, indexes included',
    'estimate when the disk is full; the ledger is never pruned',
  ),
  loop_failing: gauge(
    'boolean',
    ['follower'],
    '1 while the last turn of the loop failed',
    'the log line `LOOP_FAILED` names the cause',
  ),
  loop_idle_seconds: gauge(
    'seconds',
    ['follower'],
    'Time since the loop last ended a turn well',
    'a loop that hangs: restart the process and keep its log',
  ),
  ready: gauge('boolean', [], '1 when the process is ready', '`GET /ready` says what it waits for'),
  node_signs: gauge(
    'boolean',
    [],
    '1 when the node may sign; 0 from the moment at which its database was found to be an old one',
    '`npx lienthong recover` ([backup and restore](guides/backup-and-restore.md#recover))',
  ),
  vault_backup_age_seconds: gauge(
    'seconds',
    [],
    'Age of the newest backup of the vault; absent while none is known',
    '`npx lienthong backup` ([backup and restore](guides/backup-and-restore.md#back-up))',
  ),
  sample_age_seconds: gauge(
    'seconds',
    [],
    'Age of what the other gauges say of the ledger; read at a scrape, every 5 s at most',
    'the database does not answer: the gauges are as old as this',
  ),
} as const;

export const METRICS = { ...COUNTERS, ...PRUNED, ...HISTOGRAMS, ...LINES, ...TROUBLE, ...PROCESS, ...DISK } as const;
export type MetricName = keyof typeof METRICS;
export type CounterName = keyof typeof COUNTERS | keyof typeof PRUNED;
export type HistogramName = keyof typeof HISTOGRAMS;
export type GaugeName = Exclude<MetricName, CounterName | HistogramName>;
