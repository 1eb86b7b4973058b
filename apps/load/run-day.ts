import { setMaxListeners } from 'node:events';
import { DossierClient } from './dossier-client.ts';
import { NodeClient } from './node-client.ts';
import { nodeInGiaLam, type DayOptions } from './options.ts';
import { Gate, Pace } from './pace.ts';
import type { DayPlan } from './plan.ts';
import { planDay } from './plan-day.ts';
import { readReference } from './reference.ts';
import { runDossier, type Course } from './run-dossier.ts';
import { Tally, type DaySummary } from './tally.ts';

const REQUESTS_AT_ONCE = 24;
const PROGRESS_EVERY_MS = 500;

/**
 * A day of Gia Lâm's work through the HTTP API of its nodes: planned whole from the seed, then sent in work time. Resolves
 * when every dossier has gone as far as the day takes it, or when the signal ends it; it never rejects for what nodes
 * answer, that stands in {@link DaySummary.unexpected}. The same seed on kept state acts once: answers are repeated.
 * Throws what {@link planDay} throws, before anything is sent.
 */
export async function runDay(options: DayOptions): Promise<DaySummary> {
  const plan = planDay(options, readReference(options.referenceDir));
  return runPlan(plan, options);
}

/** Runs a plan that was made before. */
export async function runPlan(plan: DayPlan, options: DayOptions): Promise<DaySummary> {
  const started = performance.now();
  const end = new AbortController();
  // One listener for each dossier that waits, however many there are.
  setMaxListeners(0, end.signal);
  const abort = (): void => end.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  const course = courseOf(plan, options, end.signal);
  const { tally, pace } = course;
  const show = (): void => options.onProgress?.(tally.snapshot(pace.now()));
  const timer = setInterval(show, PROGRESS_EVERY_MS);
  try {
    await Promise.all(plan.dossiers.map((dossier) => runDossier(dossier, course)));
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener('abort', abort);
  }
  show();
  return tally.summary({ workTime: pace.now(), wallMs: performance.now() - started, aborted: end.signal.aborted });
}

function courseOf(plan: DayPlan, options: DayOptions, signal: AbortSignal): Course {
  const tally = new Tally(plan);
  const pace = new Pace(options.workClock, signal);
  const gate = new Gate(options.concurrency ?? REQUESTS_AT_ONCE);
  const nodeOf = options.agenciesOf ?? nodeInGiaLam;
  const client = new NodeClient({ options, nodeOf, gate, pace, signal, retried: () => tally.retried() });
  return { tally, pace, client, signal, commands: new DossierClient(client, pace, plan.seed) };
}
