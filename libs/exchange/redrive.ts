/**
 * What is in trouble tried again as a job (design 6): quarantined messages judged again, held ones asked for, dossiers folded
 * again, deliveries sent again, commands asked again. What a job is doing follows from the operators' acts about it in
 * the order of the ledger, and from whether anything is left to try.
 *
 * *running* —paused→ *paused* —resumed→ *running*; *cancelled* and *finished* are ends. An act that an end or another act
 * has overtaken changes nothing: two operators at once are put in order by the ledger alone. Proved by `redrive.spec.ts`.
 */
import { DomainError } from '#libs/kernel';

export type RedriveAct = 'redrive-paused' | 'redrive-resumed' | 'redrive-cancelled';
export type RedriveState = 'running' | 'paused' | 'cancelled' | 'finished';

/** What there is to do about a job in each state, and what comes of it. */
const STEPS: Readonly<Record<RedriveState, Readonly<Partial<Record<RedriveAct, RedriveState>>>>> = {
  running: { 'redrive-paused': 'paused', 'redrive-cancelled': 'cancelled' },
  paused: { 'redrive-resumed': 'running', 'redrive-cancelled': 'cancelled' },
  cancelled: {},
  finished: {},
};
const AIM: Readonly<Record<RedriveAct, RedriveState>> = {
  'redrive-paused': 'paused',
  'redrive-resumed': 'running',
  'redrive-cancelled': 'cancelled',
};

/** `acts`: in the order of the ledger. */
export function redriveStateOf(acts: readonly string[], isFinished: boolean): RedriveState {
  const state = acts.reduce<RedriveState>((now, act) => STEPS[now][act as RedriveAct] ?? now, 'running');
  return isFinished && state !== 'cancelled' ? 'finished' : state;
}

/** Whether the act changes anything; `false`: the job is as it wants it already. Throws `REDRIVE_OVER`. */
export function changesRedrive(state: RedriveState, act: RedriveAct): boolean {
  if (AIM[act] === state) return false;
  if (STEPS[state][act] !== undefined) return true;
  throw new DomainError('REDRIVE_OVER', 'the job has ended', { state });
}

/**
 * `answered`: an exchange message acted upon and not recorded, or a command that has its outcome now. `sent`: on its way to
 * the peer again. `asked`: what it waits for was asked for again. `applied`: the fold of its dossier goes on.
 */
export type Became = 'recorded' | 'held' | 'duplicate' | 'answered' | 'sent' | 'asked' | 'applied';
/** One try of one message or dossier, by whatever job. */
export interface RedriveTry {
  readonly job: string;
  /** In quarantine; of another kind of trouble: its number within the job. */
  readonly number: number;
  /** `failed`: as much in trouble as before; `gone`: it had left before, by other hands. */
  readonly became: Became | 'failed' | 'gone';
  readonly stage?: string;
  readonly code?: string;
  /** Of another kind than `quarantined`: what it is, and why it was in trouble before. */
  readonly item?: { readonly key: string; readonly was: string; readonly subject?: string; readonly hash?: string };
}
export interface RedriveProgress {
  readonly recorded: number;
  readonly held: number;
  readonly duplicate: number;
  readonly answered: number;
  readonly sent: number;
  readonly asked: number;
  readonly applied: number;
  readonly failed: number;
  readonly gone: number;
  /** Of the failed, those that failed for the reason for which they were in trouble at first. */
  readonly failedAsBefore: number;
}

export const NO_PROGRESS: RedriveProgress = {
  recorded: 0,
  held: 0,
  duplicate: 0,
  answered: 0,
  sent: 0,
  asked: 0,
  applied: 0,
  failed: 0,
  gone: 0,
  failedAsBefore: 0,
};

export const triedIn = ({ failedAsBefore: _, ...tried }: RedriveProgress): number =>
  Object.values(tried).reduce((sum, count) => sum + count, 0);

/** Milliseconds until the next batch, so that no more than `perMinute` are tried in a minute. */
export const pauseAfterBatch = (tried: number, perMinute: number): number => Math.ceil((tried * 60_000) / perMinute);

/** The limits of a job: a batch is one transaction of the ledger, and one event names all that left with it. */
export const REDRIVE_LIMITS = { batch: { least: 1, most: 200 }, perMinute: { least: 1, most: 60_000 } } as const;
