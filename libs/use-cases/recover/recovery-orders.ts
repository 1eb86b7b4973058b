/**
 * What operators ordered for the life that is begun, and whether its recovery is completed: read from the log itself, on
 * from where this life begins. So an order is an event like every act, is in force when the ledger holds it, for every
 * process of the node, and outlives them all. Proved by `recover.int.spec.ts`.
 */
import {
  splitType,
  type AgencyCode,
  type Hash,
  type Instant,
  type NodeId,
  type SealedMessage,
  type Uuid,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { LaterLife } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { recordNoted } from '../record-operation/record-noted.ts';
import { actOf, type OperatorDoes } from '../redrive-quarantined/redrive-job.ts';

const PAGE = 2000;

/** As far as the directory of an old or empty database knows the caller's agency; else the node itself. */
export interface RecoveryOrder extends Omit<OperatorDoes, 'agency'> {
  readonly agency: AgencyCode | NodeId;
  /** Peers that are not waited for. */
  readonly without: readonly NodeId[];
}
/** The last one there is. */
export interface RecoveryOrdered {
  readonly without: ReadonlySet<NodeId>;
  readonly event: { readonly id: string; readonly hash: Hash };
  readonly at: Instant;
  readonly agency: AgencyCode | NodeId;
  readonly correlationId: Uuid;
}

/** Of each process; a life guard is made once for each. */
const known = new WeakMap<NodeServices['life'], RecoveryOrders>();

export function ordersOf(services: NodeServices): RecoveryOrders {
  const orders = known.get(services.life) ?? new RecoveryOrders(services);
  known.set(services.life, orders);
  return orders;
}

export class RecoveryOrders {
  private readonly services: NodeServices;
  private life = 0;
  private readUpTo = -1;
  private ordered: RecoveryOrdered | undefined;
  private completed = false;

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** On record when it resolves. The same order again is the one there is. Throws `INVALID`, `CONTENDED`. */
  async order({ without, ...does }: RecoveryOrder): Promise<void> {
    const wanted = [...new Set(without)].toSorted();
    await recordNoted<undefined>(
      this.services,
      async () => {
        const { life, kept } = await this.readOn();
        if (this.ordered && [...this.ordered.without].toSorted().join() === wanted.join()) return { done: undefined };
        return { act: actOf(does, 'recovery-ordered', { life, kept, without: wanted }), note: async () => undefined };
      },
      async () => undefined,
    );
  }

  /** Undefined: the life was begun, and who began it has no answer yet and calls again. */
  async find(): Promise<RecoveryOrdered | undefined> {
    await this.readOn();
    return this.ordered;
  }

  /** Once, however many processes say it. */
  async complete(): Promise<void> {
    await recordNoted<undefined>(
      this.services,
      async () => {
        const { life, kept } = await this.readOn();
        const { ordered } = this;
        if (this.completed || !ordered) return { done: undefined };
        const { size } = await this.services.store.logSize();
        const act = {
          agency: ordered.agency,
          actor: { authtype: 'system', authid: 'recovery' },
          correlationId: ordered.correlationId,
          cause: ordered.event,
          facts: [{ type: 'recovery-completed', data: { life, kept, fetched: size - kept } }],
        } as const;
        return { act, note: async () => undefined };
      },
      async () => undefined,
    );
  }

  private async readOn(): Promise<LaterLife> {
    const { store } = this.services;
    const last = (await store.laterLives()).at(-1);
    if (!last) throw new Error('no later life is begun');
    if (last.life !== this.life) {
      [this.life, this.readUpTo, this.ordered, this.completed] = [last.life, last.kept - 1, undefined, false];
    }
    for (;;) {
      const page = await store.readLog(this.readUpTo, PAGE);
      const end = page.at(-1);
      if (!end) return last;
      // Whoever else reads on meanwhile may have come further.
      const fresh = page.filter(({ logIndex }) => logIndex > this.readUpTo);
      for (const stored of fresh) if (stored.class === 'event') this.read(openStored(stored));
      this.readUpTo = Math.max(this.readUpTo, end.logIndex);
    }
  }

  private read({ message, hash }: SealedMessage): void {
    const type = splitType(message.type);
    if (type?.kind !== 'operation' || message.data['life'] !== this.life) return;
    if (type.name === 'recovery-completed') this.completed = true;
    if (type.name !== 'recovery-ordered') return;
    this.ordered = {
      without: new Set(message.data['without'] as readonly NodeId[]),
      event: { id: message.id, hash },
      at: message.recordedtime as Instant,
      agency: message.subject.split('/')[2] as AgencyCode | NodeId,
      correlationId: message.correlationid as Uuid,
    };
  }
}
