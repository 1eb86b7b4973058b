/**
 * Commands and looks of one dossier (HTTP contract `/v1`). A command for a dossier in another hand may be answered 202: its
 * outcome is then asked for at `/v1/commands/{hash}` until it is there.
 */
import type { CommandView, DossierView } from '#libs/http-api';
import type { NodeAnswer, NodeClient } from './node-client.ts';
import { textOf } from './node-client.ts';
import type { Pace } from './pace.ts';
import type { PlannedDossier, PlannedStep } from './plan.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
  readonly status: number;
  readonly detail: string;
}
/** `ms`: from its first sending until it was decided, at whatever node. */
export type Outcome = Decided & { readonly ms: number };

type Decided = { readonly kind: 'accepted'; readonly events: number } | Refused;

const WAIT_S = 10;
const FIRST_LOOK_MS = 40;
const LONGEST_LOOK_MS = 500;

export class DossierClient {
  private readonly client: NodeClient;
  private readonly pace: Pace;
  private readonly seed: string;

  constructor(client: NodeClient, pace: Pace, seed: string) {
    this.client = client;
    this.pace = pace;
    this.seed = seed;
  }

  /** Sent until answered; the key is made of seed, dossier and step, so that a second run acts no second time. */
  async command(dossier: PlannedDossier, step: PlannedStep): Promise<Outcome> {
    const { agency, role, at: occurredAt, data } = step;
    const { id, receivingAgency } = dossier;
    const files = step.command === 'file-dossier';
    const answer = await this.client.ask({
      method: 'POST',
      path: files ? '/v1/dossiers' : `/v1/dossiers/${receivingAgency}/${id}/${step.command}`,
      agency,
      role,
      headers: {
        'idempotency-key': `${this.keyPrefix()}.${id}.${step.key}`,
        'lt-correlation-id': id,
        ...(agency === step.writer ? {} : { prefer: `wait=${WAIT_S}` }),
      },
      body: JSON.stringify(files ? { id, receivingAgency, occurredAt, data } : { occurredAt, data }),
    });
    const outcome = answer.status === 202 ? await this.outcome(answer, step) : outcomeOf(answer);
    return { ...outcome, ms: performance.now() - answer.sentAt };
  }

  /** Keys are visible ASCII; a seed need not be. */
  private keyPrefix(): string {
    return `load-${Buffer.from(this.seed).toString('base64url').slice(0, 32)}`;
  }

  private async outcome(sent: NodeAnswer, { agency, role }: PlannedStep): Promise<Decided> {
    const { command } = sent.body as Partial<CommandView>;
    const end = performance.now() + this.client.patienceMs;
    for (let wait = FIRST_LOOK_MS; performance.now() < end; wait = Math.min(wait * 2, LONGEST_LOOK_MS)) {
      const headers = { prefer: `wait=${WAIT_S}` };
      const answer = await this.client.ask({ method: 'GET', path: `/v1/commands/${command}`, agency, role, headers });
      if (answer.status !== 200 || answer.body['status'] !== 'pending') return outcomeOf(answer);
      await this.pace.rest(wait);
    }
    return { kind: 'refused', code: 'NOT_ANSWERED', status: 202, detail: `command ${command} has no outcome` };
  }

  /**
   * Looks at the dossier at the node of the agency until that node knows its first `place` events: what was forwarded has
   * arrived and is accepted. False: it has not come within patience.
   */
  async arrival(
    { id, receivingAgency }: PlannedDossier,
    { agency, role }: PlannedStep,
    place: number,
  ): Promise<boolean> {
    const end = performance.now() + this.client.patienceMs;
    const path = `/v1/dossiers/${receivingAgency}/${id}`;
    for (let wait = FIRST_LOOK_MS; performance.now() < end; wait = Math.min(wait * 1.5, LONGEST_LOOK_MS)) {
      const answer = await this.client.ask({ method: 'GET', path, agency, role });
      if (answer.status === 200 && placeOf(answer) >= place) return true;
      await this.pace.rest(wait);
    }
    return false;
  }
}

const placeOf = ({ body }: NodeAnswer): number => (body as Partial<DossierView>).head?.place ?? 0;

/** A refusal comes as a problem document, or as the outcome of a command that was sent on. */
function outcomeOf({ status, body }: NodeAnswer): Decided {
  const view = body as Partial<CommandView>;
  if (status < 300 && view.status === 'accepted') return { kind: 'accepted', events: view.events?.length ?? 0 };
  const code = view.code ?? `HTTP_${status}`;
  return { kind: 'refused', code, status, detail: view.message?.en ?? textOf(body) };
}
