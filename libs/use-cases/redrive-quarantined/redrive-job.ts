/** What operators ask about redrive jobs: to look before, to start, to steer, to see (design 6). */
import { changesRedrive, redriveStateOf, triedIn, type RedriveAct, type RedriveState } from '#libs/exchange';
import { canonicalize, DomainError, type AgencyCode, type JsonObject, type Uuid } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { QuarantineSum, RedriveAsked, RedriveJob, RedriveSelection, TroubleStore } from '../ports/index.ts';
import { isOfOtherKind, sumTroubleSelected } from '../redrive-trouble/select-trouble.ts';
import type { ParkedDossiers } from '../see-trouble/see-trouble.ts';
import { recordNoted } from '../record-operation/record-noted.ts';
import type { Operation } from '../record-operation/record-operation.ts';

/** Who does it, for which agency, and why; the reason is a code of the act's contract. */
export interface OperatorDoes {
  readonly agency: AgencyCode;
  readonly by: string;
  readonly correlationId: Uuid;
  readonly reason: string;
  readonly note?: string;
}
export interface RedriveWanted {
  /** Chosen by whoever starts it, so that starting twice makes one job. */
  readonly job: Uuid;
  readonly selection: RedriveSelection;
  readonly batch: number;
  readonly perMinute: number;
}
export interface RedriveSeen extends RedriveJob {
  readonly state: RedriveState;
  readonly left: number;
}

export const aboutRedrive = (job: Uuid): string => `redrive/${job}`;

export function seenAs(job: RedriveJob): RedriveSeen {
  const state = redriveStateOf(
    job.acts.map(({ act }) => act),
    job.finishedAt !== undefined,
  );
  return { ...job, state, left: state === 'finished' ? 0 : Math.max(0, job.sum.messages - triedIn(job.progress)) };
}

export interface RedriveGround {
  readonly store: TroubleStore;
  /** Absent: no parked dossier is known here. */
  readonly dossiers?: ParkedDossiers | undefined;
}

/** How much a selection is now; nothing is changed. */
export const sumRedrive = ({ store, dossiers }: RedriveGround, selection: RedriveSelection): Promise<QuarantineSum> =>
  isOfOtherKind(selection) ? sumTroubleSelected({ reads: store, dossiers }, selection) : store.sumSelected(selection);

/** Throws `REDRIVE_UNKNOWN`. */
export async function getRedrive(store: TroubleStore, job: Uuid): Promise<RedriveSeen> {
  const found = await store.findJob(job);
  if (!found) throw new DomainError('REDRIVE_UNKNOWN', 'there is no such job');
  return seenAs(found);
}

/**
 * Durable, and on record, when it resolves; a loop of the gateway does the work. The same job asked for again is the job
 * there is. Throws `REDRIVE_EXISTS` (another one under this name), `NOTHING_SELECTED`, `INVALID`, `CONTENDED`.
 */
export async function startRedrive(
  services: NodeServices,
  ground: RedriveGround,
  wanted: RedriveWanted,
  does: OperatorDoes,
): Promise<RedriveSeen> {
  const { store } = ground;
  return recordNoted(
    services,
    async () => {
      const known = await store.findJob(wanted.job);
      if (known) return { done: sameJob(known, wanted) };
      const sum = await sumRedrive(ground, wanted.selection);
      if (sum.messages === 0) throw new DomainError('NOTHING_SELECTED', 'nothing in trouble is selected');
      const { agency, by, reason, correlationId } = does;
      const asked: RedriveAsked = { ...wanted, agency, by, reason, correlationId, sum };
      return { act: started(asked, does), note: (event) => store.noteJob(asked, event) };
    },
    () => getRedrive(store, wanted.job),
  );
}

function sameJob(known: RedriveJob, { selection, batch, perMinute }: RedriveWanted): RedriveSeen {
  const same =
    canonicalize({ ...known.selection }) === canonicalize({ ...selection }) &&
    known.batch === batch &&
    known.perMinute === perMinute;
  if (!same) throw new DomainError('REDRIVE_EXISTS', 'there is another job under this name');
  return seenAs(known);
}

function started({ job, selection, sum, batch, perMinute }: RedriveAsked, does: OperatorDoes): Operation {
  const { upTo, messages, bytes } = sum;
  return actOf(does, 'redrive-started', {
    job,
    selection: { ...selection },
    upTo,
    messages,
    bytes,
    batch,
    perMinute,
  });
}

/** The job as the act wants it; without an event where it is so already. Throws `REDRIVE_UNKNOWN`, `REDRIVE_OVER`, `INVALID`, `CONTENDED`. */
export async function steerRedrive(
  services: NodeServices,
  store: TroubleStore,
  { job, act }: { readonly job: Uuid; readonly act: RedriveAct },
  does: OperatorDoes,
): Promise<RedriveSeen> {
  return recordNoted(
    services,
    async () => {
      const now = await getRedrive(store, job);
      if (!changesRedrive(now.state, act)) return { done: now };
      const { by, reason } = does;
      return {
        act: actOf(does, act, { job }),
        note: (event) => store.noteAct({ about: aboutRedrive(job), act, by, reason }, event),
      };
    },
    () => getRedrive(store, job),
  );
}

/** An operator's act as an event of the node, its reason and note with it. */
export const actOf = (
  does: Omit<OperatorDoes, 'agency'> & Pick<Operation, 'agency'>,
  type: string,
  data: JsonObject,
): Operation => ({
  agency: does.agency,
  actor: { authtype: 'user', authid: does.by },
  correlationId: does.correlationId,
  facts: [{ type, data: { ...data, reason: does.reason, ...(does.note === undefined ? {} : { note: does.note }) } }],
});
