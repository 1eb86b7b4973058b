/**
 * The piece of work under way (a request, a batch of the mailbox, a turn of an automation), known to everything it calls
 * without being handed down. There is one only where tracing is on: every function here is otherwise a plain call.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type SpanContext, traceIdOf, type Tracing } from '#libs/observability';

export interface Work {
  readonly tracing: Tracing;
  /** Of the span that is told when the work is over; absent: none is, what is done belongs to its cause. */
  readonly spanId?: string;
  /** What it turned out to be about. */
  subject?: string;
  /** Name of the automation. */
  readonly follower?: string;
  /** Header `traceparent` of the records of a batch, by partition and offset. */
  readonly parents?: ReadonlyMap<string, SpanContext>;
  readonly began: number;
}

const works = new AsyncLocalStorage<Work>();

export const workNow = (): Work | undefined => works.getStore();
export const duringWork = <T>(work: Work, run: () => T): T => works.run(work, run);

/** Milliseconds since 1970, monotone within the process. */
export const spanTime = (): number => performance.timeOrigin + performance.now();

/** Of the trace that the work under way belongs to, for the log. */
export const traceNow = (): string | undefined => traceIdOf(works.getStore()?.subject);

export interface Deciding {
  readonly subject: string;
  /** Of the command. */
  readonly type: string;
}

/** A decision on a dossier, as a span between the request and what it appends. */
export function deciding<T>(about: Deciding, decide: () => Promise<T>): Promise<T> {
  const around = works.getStore();
  const traceId = around && traceIdOf(about.subject);
  return around && traceId !== undefined ? decideTold({ ...about, around, traceId }, decide) : decide();
}

interface DecidingWithin extends Deciding {
  readonly around: Work;
  readonly traceId: string;
}
async function decideTold<T>(about: DecidingWithin, decide: () => Promise<T>): Promise<T> {
  const { around, subject } = about;
  around.subject = subject;
  const work: Work = { ...around, spanId: around.tracing.newSpanId(), began: spanTime() };
  try {
    const decided = await works.run(work, decide);
    tellDecided(about, work);
    return decided;
  } catch (error) {
    tellDecided(about, work, codeOf(error));
    throw error;
  }
}

function tellDecided({ around, traceId, subject, type }: DecidingWithin, work: Work, failed?: string): void {
  work.tracing.tell({
    name: 'decide',
    of: { type },
    kind: 'internal',
    context: { traceId, spanId: work.spanId ?? '' },
    ...(around.spanId === undefined ? {} : { parentSpanId: around.spanId }),
    began: work.began,
    ended: spanTime(),
    fields: { subject },
    ...(failed === undefined ? {} : { failed }),
  });
}

/** Everything an automation does in one turn; what it appends is told as what its cause led to. */
export const automation = <T>(tracing: Tracing | undefined, follower: string, turn: () => T): T =>
  tracing ? works.run({ tracing, follower, began: spanTime() }, turn) : turn();

const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'INTERNAL';
};
